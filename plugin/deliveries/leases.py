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
from plugin.ready import Ready

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
    now: datetime = _NOW.one_or_none(connection, {}).now
    return now


_NOW = Ready(sa.select(sa.type_coerce(now_ms(), Timestamp).label("now")))
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
_TAKE = (
    lane.update()
    .where(lane.c.id == sa.bindparam("free"))
    .values(epoch=lane.c.epoch + 1)
    .returning(*_HELD)
)
_RELEASE = lane.update().where(
    lane.c.id == sa.bindparam("mine"),
    lane.c.owner == sa.bindparam("holder"),
    lane.c.epoch == sa.bindparam("held"),
)
_KEEP = _RELEASE.returning(*_HELD)


class Queue:
    """Free lanes with something to send, of one of *kinds*; the one that was served longest ago first."""

    def __init__(self, kinds: Sequence[str]) -> None:
        self._waiting, self._taking = _questions(tuple(kinds))

    def anything(self, connection: Connection, now: datetime) -> bool:
        return self._waiting.one_or_none(connection, {"now": now}) is not None

    def first(self, connection: Connection, now: datetime) -> str | None:
        """Locked against other takers until the transaction ends."""
        found = self._taking.one_or_none(connection, {"now": now})
        return None if found is None else str(found.id)


@lru_cache(100)
def _questions(kinds: tuple[str, ...]) -> tuple[Ready, Ready]:
    """Which lane is next, and the same with its lock: for many kinds it takes a while to word them."""
    waiting = (
        sa.select(lane.c.id)
        .where(_FREE, ready(lane.c.id, kinds, _now))
        .order_by(lane.c.served_at.asc().nulls_first(), lane.c.id)
        .limit(1)
    )
    return Ready(waiting), Ready(waiting.with_for_update(of=lane, skip_locked=True))


def take(
    connection: Connection, queue: Queue, owner: str, now: datetime, length: timedelta = LEASE
) -> Lease | None:
    """Leases the first lane of the queue."""
    found = queue.first(connection, now)
    if found is None:
        return None
    values = {"owner": owner, "lease_until": now + length, "served_at": now}
    taken = connection.execute(_TAKE, {"free": found} | values).one()
    return _lease(taken, now, length)


def keep(connection: Connection, lease: Lease, now: datetime, **values: Any) -> Lease | None:
    """Renews the lease and writes *values* to its lane; ``None`` when somebody else has it by now."""
    times = {"lease_until": now + lease.length, "served_at": now}
    kept = connection.execute(_KEEP, _mine(lease) | times | values).one_or_none()
    return None if kept is None else _lease(kept, now, lease.length)


def release(connection: Connection, lease: Lease, now: datetime, **values: Any) -> bool:
    """Gives the lane back; ``False`` when somebody else has it by now."""
    free: dict[str, Any] = {"owner": None, "lease_until": None, "served_at": now}
    return connection.execute(_RELEASE, _mine(lease) | free | values).rowcount > 0


def _mine(lease: Lease) -> dict[str, Any]:
    return {"mine": lease.lane, "holder": lease.owner, "held": lease.epoch}


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
