"""Refused asks, as pages show them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.asking.store import refused_ask
from plugin.db import Timestamp, milliseconds
from plugin.people.store import person
from plugin.touchpoints.store import touchpoint

_ORDER = (refused_ask.c.refused_at, refused_ask.c.person, refused_ask.c.touchpoint)


def refused(
    connection: Connection, *, waiting: bool, after: str = "", limit: int = 50
) -> Sequence[Row[Any]]:
    """The newest first, after the row that ``cursor`` named; *waiting*: only those that are put off."""
    query = (
        sa.select(
            refused_ask,
            person.c.name.label("person_name"),
            person.c.contact,
            touchpoint.c.name.label("touchpoint_name"),
        )
        .join(person, person.c.id == refused_ask.c.person)
        .join(touchpoint, touchpoint.c.key == refused_ask.c.touchpoint)
        .order_by(*(column.desc() for column in _ORDER))
        .limit(limit)
    )
    if waiting:
        query = query.where(refused_ask.c.again_at.is_not(None))
    place = _place(after)
    if place is not None:
        query = query.where(sa.tuple_(*_ORDER) < sa.tuple_(*place))
    return connection.execute(query).all()


def waiting(connection: Connection) -> int:
    """How many asks are put off."""
    put_off = refused_ask.c.again_at.is_not(None)
    return connection.scalar(sa.select(sa.func.count()).where(put_off)) or 0


def cursor(row: Row[Any]) -> str:
    return f"{milliseconds(row.refused_at)}~{row.person}~{row.touchpoint}"


def _place(after: str) -> tuple[sa.ColumnElement[Any], ...] | None:
    at, _, rest = after.partition("~")
    who, _, key = rest.partition("~")
    if not (at.isascii() and at.isdigit() and len(at) < 15 and key):
        return None
    moment = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(at))
    return sa.literal(moment, Timestamp), sa.literal(who), sa.literal(key)
