"""Who was not asked: the last refusal of each contact at each touchpoint."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.asking import frequency
from plugin.asking.store import refused_ask
from plugin.asking.testing import listed
from plugin.overview.asks.wanted import Wanted, place
from plugin.people.store import person
from plugin.touchpoints.store import touchpoint

# One text for a row's two keys, so that it has an ``id`` to order and go on by.
_ID = refused_ask.c.person + "~" + refused_ask.c.touchpoint


def page(connection: Connection, wanted: Wanted, *, after: str = "", limit: int) -> list[Row[Any]]:
    """The newest first, after the row that ``cursor`` named."""
    query = _found(connection).where(*_conditions(wanted))
    seen = place(after)
    if seen is not None:
        query = query.where(sa.tuple_(refused_ask.c.refused_at, _ID) < sa.tuple_(*seen))
    newest = query.order_by(refused_ask.c.refused_at.desc(), _ID.desc()).limit(limit)
    return list(connection.execute(newest))


def every(connection: Connection, wanted: Wanted, *, after: str, limit: int) -> list[Row[Any]]:
    """In an order that a refusal does not change, so that a long reading meets each row once; *after* is an ``id``."""
    query = _found(connection).where(*_conditions(wanted))
    keys = (refused_ask.c.person, refused_ask.c.touchpoint)
    if after:
        query = query.where(sa.tuple_(*keys) > sa.tuple_(*map(sa.literal, after.split("~", 1))))
    return list(connection.execute(query.order_by(*keys).limit(limit)))


def any_at_all(connection: Connection) -> bool:
    return bool(connection.scalar(sa.select(sa.exists(sa.select(refused_ask.c.person)))))


def _found(connection: Connection) -> sa.Select[Any]:
    shown = [column for column in refused_ask.c if column.name not in ("context", "locale")]
    return (
        sa.select(
            *shown,
            refused_ask.c.refused_at.label("at"),
            _ID.label("id"),
            *(
                person.c[name]
                for name in ("contact", "email", "company_name", "gone_at", "erased_at")
            ),
            person.c.name.label("person_name"),
            touchpoint.c.name.label("touchpoint_name"),
            listed(frequency.load(connection)).label("test"),
        )
        .join(person, person.c.id == refused_ask.c.person)
        .join(touchpoint, touchpoint.c.key == refused_ask.c.touchpoint)
    )


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found = wanted.conditions(refused_ask, "refused_at")
    if wanted.reason:
        found.append(refused_ask.c.reason == wanted.reason)
    if wanted.waiting:
        found.append(refused_ask.c.again_at.is_not(None))
    return found
