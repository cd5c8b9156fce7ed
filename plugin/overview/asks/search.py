"""The asks, newest first; those nobody reacted to; and what they came to in numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.answers.store import answer, counted
from plugin.asking.states import ANSWERED, DELIVERED, OPENED, REACHED, REACTED, STANDS, state
from plugin.asking.store import ask
from plugin.asking.testing import is_test
from plugin.figures.rules import ResponseRate
from plugin.overview.asks.wanted import Wanted, place
from plugin.people.store import person
from plugin.touchpoints.store import touchpoint

_SHOWN = (
    ask.c.id,
    ask.c.created_at.label("at"),
    *(
        ask.c[name]
        for name in (
            "installation", "person", "touchpoint", "channel", "locale", "trigger", "expires_at", "mailed_at",
            "bounced_at", "reminders", "reminded_at", "shown_at", "declined_at", "answered_at",
        )
    ),
    *(person.c[name] for name in ("contact", "email", "company_name", "gone_at", "erased_at")),
    person.c.name.label("person_name"),
    touchpoint.c.name.label("touchpoint_name"),
    touchpoint.c.kind,
    answer.c.id.label("answer"),
    answer.c.score,
    answer.c.comment,
)  # fmt: skip
_JOINED = (
    ask.join(person, person.c.id == ask.c.person)
    .join(touchpoint, touchpoint.c.key == ask.c.touchpoint)
    .outerjoin(answer, sa.and_(answer.c.ask == ask.c.id, counted))
)
_newer = ask.alias("newer")
# Reached, or at least handed over, without a reaction; what was asked once more about the same stands for it.
SILENT = sa.and_(
    STANDS,
    ~REACTED,
    sa.or_(DELIVERED, ask.c.channel == "link", ask.c.shown_at.is_not(None)),
    ask.c.bounced_at.is_(None),
    ~sa.exists().where(
        _newer.c.person == ask.c.person,
        _newer.c.touchpoint == ask.c.touchpoint,
        _newer.c.created_at > ask.c.created_at,
    ),
)


@dataclass(frozen=True, slots=True)
class Counts:
    """What the asks of one channel came to, tests left out. *reached* is what ``rate`` is a share of."""

    channel: str
    asked: int = 0
    delivered: int = 0
    opened: int = 0
    answered: int = 0
    declined: int = 0
    bounced: int = 0
    reached: int = 0

    @property
    def rate(self) -> int | None:
        """Answers in whole per cent of those reached; ``None`` where nobody was."""
        percent = ResponseRate(self.answered, self.reached).percent
        return None if percent is None else round(percent)


def page(
    connection: Connection,
    wanted: Wanted,
    now: datetime,
    *,
    after: str = "",
    limit: int,
    silent: bool = False,
) -> list[Row[Any]]:
    """The newest first, after the row that ``cursor`` named; *silent*: only those nobody reacted to."""
    query = _found(connection, now).where(*_conditions(wanted, now, silent=silent))
    seen = place(after)
    if seen is not None:
        query = query.where(sa.tuple_(ask.c.created_at, ask.c.id) < sa.tuple_(*seen))
    newest = query.order_by(ask.c.created_at.desc(), ask.c.id.desc()).limit(limit)
    return list(connection.execute(newest))


def one(connection: Connection, ask_id: str, now: datetime) -> Row[Any] | None:
    return connection.execute(_found(connection, now).where(ask.c.id == ask_id)).one_or_none()


def any_at_all(connection: Connection) -> bool:
    return bool(connection.scalar(sa.select(sa.exists(sa.select(ask.c.id)))))


def counts(connection: Connection, wanted: Wanted, now: datetime) -> tuple[list[Counts], int]:
    """By channel, the one most used first; and how many tests were left out."""
    standing = [STANDS, *_conditions(wanted.for_counts, now, silent=False)]
    tallies = {
        "delivered": DELIVERED, "opened": OPENED, "reached": REACHED, "answered": ANSWERED,
        "declined": ask.c.state == "declined", "bounced": ask.c.bounced_at.is_not(None),
    }  # fmt: skip
    number = sa.func.count()
    tallied = [number.filter(condition).label(name) for name, condition in tallies.items()]
    rows = connection.execute(
        sa.select(ask.c.channel, number.label("asked"), *tallied)
        .select_from(ask.join(person, person.c.id == ask.c.person))
        .where(~is_test(connection), *standing)
        .group_by(ask.c.channel)
        .order_by(number.desc(), ask.c.channel)
    )
    found = [Counts(**row._mapping) for row in rows]
    everybody = connection.scalar(sa.select(number).select_from(ask).where(*standing)) or 0
    return found, everybody - sum(one.asked for one in found)


def total(counted: Sequence[Counts]) -> Counts:
    """All channels together."""
    names = [field.name for field in fields(Counts) if field.name != "channel"]
    return Counts("", *(sum(getattr(one, name) for one in counted) for name in names))


def silent_by_touchpoint(
    connection: Connection, wanted: Wanted, now: datetime
) -> Mapping[str, int]:
    """How many have not reacted, by the touchpoint's key, tests left out."""
    rows = connection.execute(
        sa.select(ask.c.touchpoint, sa.func.count().label("how_many"))
        .select_from(ask.join(person, person.c.id == ask.c.person))
        .where(~is_test(connection), *_conditions(wanted.for_counts, now, silent=True))
        .group_by(ask.c.touchpoint)
    )
    return {row.touchpoint: row.how_many for row in rows}


def _found(connection: Connection, now: datetime) -> sa.Select[Any]:
    columns = (*_SHOWN, state(now).label("state"), is_test(connection).label("test"))
    return sa.select(*columns).select_from(_JOINED)


def _conditions(wanted: Wanted, now: datetime, *, silent: bool) -> list[sa.ColumnElement[bool]]:
    found = wanted.conditions(ask, "created_at")
    if wanted.state:
        found.append(state(now) == wanted.state)
    return [*found, SILENT] if silent else found
