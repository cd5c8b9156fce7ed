"""All segments there are: the ready ones, then the company's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.segments import ready as given
from plugin.segments.store import segment


@dataclass(frozen=True, slots=True)
class Segment:
    """*rule* is data that ``parsing.parse`` reads. *shown* is false for a ready one that is hidden, and for one of
    the company's that is archived; both can still be evaluated."""

    key: str
    name: str
    rule: Mapping[str, Any]
    ready: bool = False
    shown: bool = True


def every(connection: Connection, *, put_away: bool = False) -> list[Segment]:
    """The ready ones in their order, then the company's by name; with *put_away* also those not shown."""
    rows = {row.key: row for row in connection.execute(_BY_NAME)}
    own = [
        Segment(row.key, row.name, row.rule, shown=row.archived_at is None) for row in rows.values()
    ]
    ready = [
        Segment(key, name, rule, ready=True, shown=key not in rows)
        for key, (name, rule) in given.ready(given.settings(connection)).items()
    ]
    keys = {one.key for one in ready}
    found = ready + [one for one in own if one.key not in keys]
    return [one for one in found if one.shown or put_away]


_BY_NAME = sa.select(segment).order_by(sa.func.lower(segment.c.name), segment.c.key)


def one(connection: Connection, key: str) -> Segment | None:
    """Also one that is not shown."""
    return next((found for found in every(connection, put_away=True) if found.key == key), None)
