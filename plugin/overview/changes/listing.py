"""The changes of the register with what other rooms know of them: who asked, who was told, what things are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.changes import reading
from plugin.changes.rules import STATES, Change
from plugin.messages.reading import told
from plugin.strict import storable
from plugin.themes import known
from plugin.touchpoints import reading as touchpoints


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter; what is empty does not narrow."""

    state: str = ""
    theme: str = ""
    touchpoint: str = ""

    @property
    def narrows(self) -> bool:
        return self != Wanted()


@dataclass(frozen=True, slots=True)
class Listed:
    """One change with the names of its themes and touchpoints, how many people asked for it, and how many of them and
    of others were told."""

    change: Change
    themes: Sequence[tuple[str, str]]
    touchpoints: Sequence[tuple[str, str]]
    asked: int
    told: int


@dataclass(frozen=True, slots=True)
class Names:
    themes: Mapping[str, str]
    touchpoints: Mapping[str, str]


def wanted_from(given: Mapping[str, str]) -> Wanted:
    """The filter in an address; what cannot be meant does not narrow."""
    state = given.get("state", "")
    named = {name: given.get(name, "") for name in ("theme", "touchpoint")}
    return Wanted(
        state if state in STATES else "",
        **{name: value if storable(value) else "" for name, value in named.items()},
    )


def names(connection: Connection) -> Names:
    return Names(
        {one.key: one.name for one in known.every(connection)},
        {one.key: one.name for one in touchpoints.listed(connection)},
    )


def page(connection: Connection, wanted: Wanted, *, before: str, limit: int) -> list[Listed]:
    """The newest first; *before* is the id of the last one already seen."""
    found = reading.every(
        connection,
        states=[wanted.state] if wanted.state else (),
        theme=wanted.theme,
        touchpoint=wanted.touchpoint,
        before=before if storable(before) else "",
        limit=limit,
    )
    return listed(connection, found)


def listed(connection: Connection, changes: Sequence[Change]) -> list[Listed]:
    called = names(connection)
    return [
        Listed(
            one,
            _named(one.themes, called.themes),
            _named(one.touchpoints, called.touchpoints),
            reading.asked_count(connection, one),
            _told(connection, one),
        )
        for one in changes
    ]


def _named(keys: Sequence[str], called: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(key, called.get(key, key)) for key in keys]


def _told(connection: Connection, one: Change) -> int:
    query = sa.select(sa.func.count()).select_from(told(one.id).subquery())
    return connection.scalar(query) or 0
