"""What pages, commands and the readiness check want to know of the ledger."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.db import Timestamp, now_ms
from plugin.deliveries.leases import database_time
from plugin.deliveries.store import delivery, in_state, lane, queued, worker

STATES = ("queued", "sending", "delivered", "parked", "unsure", "void")

JUST_NOW = timedelta(minutes=1)

_NOW = sa.type_coerce(sa.select(now_ms()).scalar_subquery(), Timestamp)
# Begun and not settled, on a lane that is in somebody's hands, and not waiting for its next try.
_SENDING = sa.and_(
    queued,
    delivery.c.in_doubt,
    delivery.c.due_at <= _NOW,
    lane.c.lease_until > _NOW,
)
_STATE = sa.case((_SENDING, "sending"), else_=delivery.c.state).label("state")
# Timers of our own, and what a CRM told us, are no effects that anybody is owed; but what is set apart needs a person.
TIMERS = ("clock:", "poll:", "reconcile:", "watch:", "keep:", "bounces:")
_OWED = sa.or_(
    sa.and_(*(~delivery.c.lane.startswith(prefix) for prefix in (*TIMERS, "inbox:"))),
    delivery.c.state.in_(("parked", "unsure")),
)
_SHOWN = [column for column in delivery.c if column.name != "state"]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which deliveries: in one of ``STATES``, on one of these lanes, of one subject; ``None`` is all."""

    state: str | None = None
    lanes: Sequence[str] | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class LaneNow:
    """A lane's health: *waiting* queued rows, the oldest due since *due_since*."""

    id: str
    rate: float
    parked_reason: str | None
    wait_reason: str | None
    not_before: datetime | None
    succeeded_at: datetime | None
    fails: int
    waiting: int
    due_since: datetime | None


def page(
    connection: Connection, wanted: Filter, *, before: str | None = None, limit: int = 50
) -> list[Row[Any]]:
    """Deliveries, newest first, older than the id *before*; every column of the table, ``state`` being one of
    ``STATES``. The last row's id is the next page's *before*."""
    found = sa.select(*_SHOWN, _STATE).join(lane, lane.c.id == delivery.c.lane)
    if before is not None:
        found = found.where(delivery.c.id < before)
    found = found.where(*_conditions(wanted)).order_by(delivery.c.id.desc()).limit(limit)
    return list(connection.execute(found))


def one(connection: Connection, delivery_id: str) -> Row[Any] | None:
    """One delivery, as on a page."""
    found: sa.Select[Any] = sa.select(*_SHOWN, _STATE).join(lane, lane.c.id == delivery.c.lane)
    return connection.execute(found.where(delivery.c.id == delivery_id)).one_or_none()


def _conditions(wanted: Filter) -> list[Any]:
    conditions: list[Any] = [] if wanted.lanes is not None else [_OWED]
    if wanted.state is not None:
        stored = "queued" if wanted.state == "sending" else wanted.state
        conditions.append(in_state(stored))
    if wanted.state in ("queued", "sending"):
        conditions.append(wanted.state == _STATE)
    if wanted.lanes is not None:
        conditions.append(delivery.c.lane.in_(list(wanted.lanes)))
    if wanted.subject is not None:
        conditions.append(delivery.c.subject == wanted.subject)
    return conditions


def count(connection: Connection, state: str) -> int:
    """How many deliveries are in that state of the table, our own timers left out."""
    counted = sa.select(sa.func.count()).where(in_state(state), _OWED)
    return int(connection.execute(counted).scalar_one())


def counts(
    connection: Connection, states: Iterable[str] = ("queued", "parked", "unsure")
) -> dict[str, dict[str, int]]:
    """Numbers by lane and state of the table. Of settled states there are many: ask for them only when needed."""
    rows = connection.execute(
        sa.select(delivery.c.lane, delivery.c.state, sa.func.count())
        .where(sa.or_(sa.false(), *map(in_state, states)))
        .group_by(delivery.c.lane, delivery.c.state)
    )
    found: dict[str, dict[str, int]] = {}
    for lane_id, state, number in rows:
        found.setdefault(lane_id, {})[state] = number
    return found


def lanes(connection: Connection) -> list[LaneNow]:
    """Every lane with its backlog."""
    backlog = (
        sa.select(
            delivery.c.lane,
            sa.func.count().label("waiting"),
            sa.func.min(delivery.c.due_at).label("due_since"),
        )
        .where(queued)
        .group_by(delivery.c.lane)
        .subquery()
    )
    columns = [lane.c[name] for name in LaneNow.__slots__ if name in lane.c]
    rows = connection.execute(
        sa.select(
            *columns,
            sa.func.coalesce(backlog.c.waiting, 0).label("waiting"),
            sa.type_coerce(backlog.c.due_since, Timestamp).label("due_since"),
        )
        .outerjoin(backlog, backlog.c.lane == lane.c.id)
        .order_by(lane.c.id)
    )
    return [LaneNow(**row._mapping) for row in rows]


def backlog_age(connection: Connection) -> timedelta | None:
    """How long the oldest delivery has been due on a lane that is not parked; ``None`` when none is due."""
    oldest = connection.scalar(
        sa.select(sa.func.min(delivery.c.due_at))
        .join(lane, lane.c.id == delivery.c.lane)
        .where(queued, lane.c.parked_reason.is_(None))
    )
    now = database_time(connection)
    return None if oldest is None or oldest > now else now - oldest


def newest_beat_age(connection: Connection) -> timedelta | None:
    """Since any worker gave a sign of life; ``None`` when there is none. One from the future was left by a worker that
    is gone, before the clock was set back: whoever is alive has given another since."""
    now = database_time(connection)
    given = worker.c.beat_at < now + JUST_NOW
    newest = connection.scalar(sa.select(sa.func.max(worker.c.beat_at)).where(given))
    return None if newest is None else max(now - newest, timedelta(0))


def beat_ages(connection: Connection) -> dict[str, timedelta]:
    """Every worker thread's age of its last sign of life."""
    now = database_time(connection)
    rows = connection.execute(sa.select(worker.c.id, worker.c.beat_at))
    return {worker_id: now - beat for worker_id, beat in rows}
