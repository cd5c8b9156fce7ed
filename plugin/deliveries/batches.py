"""Which rows of a lane are sent next."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.db import Timestamp
from plugin.deliveries.store import delivery
from plugin.deliveries.verdicts import Delivery
from plugin.ready import Ready

_QUEUED: sa.ColumnElement[str] = sa.literal_column("'queued'")


def _first_of_subject(row: sa.FromClause, now: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """No older row of the subject stands before it: one that is due, or begun and waiting for its next try.
    One that was only postponed does not. Asked row by row, on purpose: a join would read the whole queue."""
    other = delivery.alias("other")
    oldest = (
        sa.select(other.c.id)
        .where(
            other.c.lane == row.c.lane,
            other.c.subject == row.c.subject,
            other.c.state == _QUEUED,
            sa.or_(other.c.started_at.is_not(None), other.c.due_at <= now),
        )
        .order_by(other.c.id)
        .limit(1)
    )
    return row.c.id == oldest.scalar_subquery()


def _next(
    row: sa.FromClause,
    lane: sa.ColumnElement[str],
    kind: sa.ColumnElement[str],
    now: sa.ColumnElement[Any],
) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        row.c.lane == lane,
        row.c.kind == kind,
        row.c.state == _QUEUED,
        row.c.due_at <= now,
        _first_of_subject(row, now),
    )


def ready(
    lane: sa.ColumnElement[str], kinds: Sequence[str], now: sa.ColumnElement[Any]
) -> sa.ColumnElement[bool]:
    """Whether the lane has a row to send, of one of *kinds*; kind by kind, in the order of the index."""
    return sa.or_(sa.false(), *(_some(lane, kind, now) for kind in kinds))


def _some(
    lane: sa.ColumnElement[str], kind: str, now: sa.ColumnElement[Any]
) -> sa.ColumnElement[bool]:
    row = delivery.alias("due")
    first = (
        sa.select(row.c.id)
        .where(*_next(row, lane, sa.literal(kind), now))
        .order_by(row.c.due_at, row.c.id)
        .limit(1)
    )
    return first.scalar_subquery().is_not(None)


@lru_cache(1000)
def _whose_turn(kinds: tuple[str, ...]) -> Ready:
    """The first of *kinds* that has a row to send: one question, however many kinds there are."""
    lane, now = sa.bindparam("lane", type_=sa.Text), sa.bindparam("now", type_=Timestamp)
    first = sa.case(*((_some(lane, kind, now), sa.literal(kind)) for kind in kinds))
    return Ready(sa.select(first.label("kind")))


_ROW = delivery.alias("due")
_BATCH = Ready(
    sa.select(
        _ROW.c.id,
        _ROW.c.lane,
        _ROW.c.kind,
        _ROW.c.key,
        _ROW.c.topic,
        _ROW.c.subject,
        _ROW.c.payload,
        _ROW.c.attempts,
        _ROW.c.fails,
        _ROW.c.in_doubt,
    )
    .where(
        *_next(
            _ROW,
            sa.bindparam("lane", type_=sa.Text),
            sa.bindparam("kind", type_=sa.Text),
            sa.bindparam("now", type_=Timestamp),
        )
    )
    .order_by(_ROW.c.due_at, _ROW.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
    # A row that a web transaction is postponing just now is not waited for: it comes later.
    .with_for_update(of=_ROW, skip_locked=True)
)
_BEGIN = (
    delivery.update()
    .where(delivery.c.id.in_(sa.bindparam("ids", expanding=True)))
    .values(
        started_at=sa.func.coalesce(delivery.c.started_at, sa.bindparam("now", type_=Timestamp)),
        attempts=delivery.c.attempts + 1,
        in_doubt=True,
    )
)


def claim(
    connection: Connection,
    lane: str,
    now: datetime,
    kinds: Sequence[str],
    limit: Callable[[str], int],
) -> list[Delivery]:
    """Begins the next batch: rows of the first of *kinds* that has any to send, oldest first, each of
    another subject. The caller holds the lane."""
    left = tuple(kinds)
    while left:
        kind = _whose_turn(left).one_or_none(connection, {"lane": lane, "now": now}).kind
        if kind is None:
            break
        wanted = {"lane": lane, "now": now, "kind": kind, "most": limit(kind)}
        rows = _BATCH.all(connection, wanted)
        if rows:
            connection.execute(_BEGIN, {"ids": [row.id for row in rows], "now": now})
            return [Delivery(**row._asdict()) for row in rows]
        left = left[left.index(kind) + 1 :]  # somebody else is writing to those rows just now
    return []
