"""Leases of lanes: one holder at a time, told apart by owner and epoch, timed by the database's clock alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.db import Timestamp, now_ms
from plugin.deliveries.batches import ready
from plugin.deliveries.store import lane

LEASE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Lease:
    """A lane in somebody's hands for *length* from each step on. *rate* is in calls a second, halved while
    the lane is slow."""

    lane: str
    owner: str
    epoch: int
    length: timedelta
    rate: float
    resumed: int
    parked: bool


def database_time(connection: Connection) -> datetime:
    """The one clock that several hosts share."""
    now: datetime = connection.execute(_NOW).scalar_one()
    return now


_NOW = sa.select(sa.type_coerce(now_ms(), Timestamp))
_now = sa.bindparam("now", type_=Timestamp)
_FREE = sa.and_(
    sa.or_(lane.c.owner.is_(None), lane.c.lease_until <= _now),
    lane.c.parked_reason.is_(None),
    sa.or_(lane.c.not_before.is_(None), lane.c.not_before <= _now),
)
_HELD = (
    lane.c.id,
    lane.c.owner,
    lane.c.epoch,
    lane.c.rate,
    lane.c.slow_until,
    lane.c.resumed,
    lane.c.parked_reason,
)


class Queue:
    """Free lanes with something to send, of one of *kinds*; the one that was served longest ago first."""

    def __init__(self, kinds: Sequence[str]) -> None:
        self._waiting, self._taking = _questions(tuple(kinds))

    def anything(self, connection: Connection, now: datetime) -> bool:
        return connection.execute(self._waiting, {"now": now}).first() is not None

    def first(self, connection: Connection, now: datetime) -> str | None:
        """Locked against other takers until the transaction ends."""
        found: str | None = connection.scalar(self._taking, {"now": now})
        return found


@lru_cache(100)
def _questions(kinds: tuple[str, ...]) -> tuple[sa.Select[Any], sa.Select[Any]]:
    """Which lane is next, and the same with its lock: for many kinds it takes a while to word them."""
    waiting = (
        sa.select(lane.c.id)
        .where(_FREE, ready(lane.c.id, kinds, _now))
        .order_by(lane.c.served_at.asc().nulls_first(), lane.c.id)
        .limit(1)
    )
    return waiting, waiting.with_for_update(of=lane, skip_locked=True)


def take(
    connection: Connection, queue: Queue, owner: str, now: datetime, length: timedelta = LEASE
) -> Lease | None:
    """Leases the first lane of the queue."""
    found = queue.first(connection, now)
    if found is None:
        return None
    taken = connection.execute(
        lane.update()
        .where(lane.c.id == found)
        .values(owner=owner, epoch=lane.c.epoch + 1, lease_until=now + length, served_at=now)
        .returning(*_HELD)
    ).one()
    return _lease(taken, now, length)


def keep(connection: Connection, lease: Lease, now: datetime, **values: Any) -> Lease | None:
    """Renews the lease and writes *values* to its lane; ``None`` when somebody else has it by now."""
    times = {"lease_until": now + lease.length, "served_at": now}
    kept = connection.execute(
        lane.update().where(*_mine(lease)).values(times | values).returning(*_HELD)
    ).one_or_none()
    return None if kept is None else _lease(kept, now, lease.length)


def release(connection: Connection, lease: Lease, now: datetime, **values: Any) -> bool:
    """Gives the lane back; ``False`` when somebody else has it by now."""
    free: dict[str, Any] = {"owner": None, "lease_until": None, "served_at": now}
    return connection.execute(lane.update().where(*_mine(lease)).values(free | values)).rowcount > 0


def _mine(lease: Lease) -> tuple[sa.ColumnElement[bool], ...]:
    return lane.c.id == lease.lane, lane.c.owner == lease.owner, lane.c.epoch == lease.epoch


def _lease(row: sa.Row[Any], now: datetime, length: timedelta) -> Lease:
    slow = row.slow_until is not None and row.slow_until > now
    return Lease(
        lane=row.id,
        owner=row.owner,
        epoch=row.epoch,
        length=length,
        rate=row.rate / 2 if slow else row.rate,
        resumed=row.resumed,
        parked=row.parked_reason is not None,
    )
