"""What things are called on pages: touchpoints, themes, fields, lists and segments, by their keys."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.segments import known
from plugin.segments.store import attribute, followed_list
from plugin.themes import known as themes
from plugin.touchpoints.store import touchpoint


@dataclass(frozen=True, slots=True)
class Field:
    """A CRM field that is kept in step, in one account or several; *kind* is text, number or date."""

    name: str
    label: str
    kind: str
    was_read: bool = True
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class FollowedList:
    """A list of one account whose members are kept in step."""

    installation: str
    name: str
    label: str
    was_read: bool = True
    trouble: str = ""


Key = TypeVar("Key")
Named = TypeVar("Named", Field, FollowedList)


@dataclass(frozen=True, slots=True)
class Names:
    """By key. A list's key is its account and its id; one whose account is not named goes by its id alone."""

    touchpoints: Mapping[str, str]
    themes: Mapping[str, str]
    segments: Mapping[str, str]
    fields: Mapping[str, Field]
    lists: Mapping[tuple[str, str], FollowedList]
    put_away: frozenset[str] = frozenset()  # segments that are hidden or archived

    def list_label(self, installation: str, name: str) -> str:
        found = self.followed(installation, name)
        return found.label if found else name

    def followed(self, installation: str, name: str) -> FollowedList | None:
        fitting = (one for one in self.lists.values() if one.name == name)
        return next(
            (one for one in fitting if installation in ("", one.installation)),
            None,
        )


def names(connection: Connection) -> Names:
    segments = known.every(connection, put_away=True)
    return Names(
        touchpoints=_touchpoints(connection),
        themes={one.key: one.name for one in themes.every(connection)},
        segments={one.key: one.name for one in segments},
        fields=_fields(connection),
        lists=_lists(connection),
        put_away=frozenset(one.key for one in segments if not one.shown),
    )


def _touchpoints(connection: Connection) -> Mapping[str, str]:
    query = sa.select(touchpoint.c.key, touchpoint.c.name).order_by(
        sa.func.lower(touchpoint.c.name)
    )
    return {row.key: row.name for row in connection.execute(query)}


def _fields(connection: Connection) -> Mapping[str, Field]:
    rows = connection.execute(sa.select(attribute).order_by(attribute.c.label, attribute.c.field))
    found: dict[str, Field] = {}
    for row in rows:
        read = row.read_at is not None
        found.setdefault(row.field, Field(row.field, row.label, row.kind, read, row.trouble))
    return _told_apart(found, lambda field: field.name)


def _lists(connection: Connection) -> Mapping[tuple[str, str], FollowedList]:
    rows = connection.execute(sa.select(followed_list).order_by(followed_list.c.label))
    found = {
        (row.installation, row.list): FollowedList(
            row.installation, row.list, row.label, row.read_at is not None, row.trouble
        )
        for row in rows
    }
    return _told_apart(found, lambda one: f"{one.installation}, {one.name}")


def _told_apart(found: Mapping[Key, Named], own: Callable[[Named], str]) -> dict[Key, Named]:
    """With what the CRM itself calls it behind a label that several have, as when both CRMs know a "Plan"."""
    often = Counter(one.label for one in found.values())
    return {
        key: replace(one, label=f"{one.label} ({own(one)})") if often[one.label] > 1 else one
        for key, one in found.items()
    }
