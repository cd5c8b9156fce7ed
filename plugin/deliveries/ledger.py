"""The worker's side of the ledger: every step is one transaction, guarded by the lease."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection

from plugin.clock import Clock
from plugin.db import Database
from plugin.deliveries import batches, leases, settling
from plugin.deliveries.leases import LEASE, Lease, Queue, database_time
from plugin.deliveries.planning import by_index
from plugin.deliveries.rules import SLOW_FOR, Waits, turns
from plugin.deliveries.settling import Judged
from plugin.deliveries.store import lane
from plugin.deliveries.verdicts import (
    Delivered,
    Delivery,
    Handler,
    ParkLane,
    Refusal,
    Wait,
)

_RANDOM = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class Claim:
    """A held lane and the rows to send, begun but not yet sent."""

    lease: Lease
    rows: Sequence[Delivery]


class Ledger:
    """Take a lane, claim batches, settle them, give the lane back. The order of *handlers* is the order of
    urgency: a lane is begun with the most urgent kind, and then the kinds take turns, so that a stream of one
    never keeps the others waiting. *now* tells the database's time."""

    def __init__(
        self,
        database: Database,
        handlers: Mapping[str, Handler],
        clock: Clock,
        *,
        lease: timedelta = LEASE,
        now: Callable[[Connection], datetime] = database_time,
        spread: Callable[[], float] = _RANDOM.random,
    ) -> None:
        self.database = database
        self.handlers = handlers
        self.waits = Waits(clock.scaled, spread)
        self._kinds = list(handlers)
        self._queue = Queue(self._kinds)
        self._lease = lease
        self._now = now

    def take(self, owner: str) -> Claim | None:
        """A lane and its first batch; looks before it writes, so that an idle worker disturbs nobody."""
        with self.database.read() as connection:
            by_index(connection)
            if not self._queue.anything(connection, self._now(connection)):
                return None
        with self.database.write() as connection:
            by_index(connection)
            now = self._now(connection)
            lease = leases.take(connection, self._queue, owner, now, self._lease)
            return None if lease is None else self._claim(connection, lease, now)

    def claim(self, lease: Lease, after: str = "") -> Claim | None:
        """The next batch, with a renewed lease; ``None`` when nothing is left (the lane is given back)
        or the lease is lost. The kind *after* was served just now and is the last to have its turn."""
        with self.database.write() as connection:
            by_index(connection)
            now = self._now(connection)
            kept = leases.keep(connection, lease, now)
            return None if kept is None else self._claim(connection, kept, now, after)

    def renew(self, lease: Lease) -> Lease | None:
        """``None``: the lease is lost."""
        with self.database.write() as connection:
            return leases.keep(connection, lease, self._now(connection))

    def settle(self, lease: Lease, judged: Sequence[Judged], *, well: bool = True) -> bool:
        """Writes verdicts down; ``False``, and nothing written, when the lease is lost. *well*: the lane works."""
        with self.database.write() as connection:
            now = self._now(connection)
            if leases.keep(connection, lease, now, **_health(judged, now) if well else {}) is None:
                return False
            settling.write(connection, judged, now, self.waits)
        return True

    def stand_still(
        self, lease: Lease, refusal: Refusal, sent: Sequence[Delivery], unsent: Sequence[Delivery]
    ) -> bool:
        """The whole lane waits or is parked, and is given back."""
        with self.database.write() as connection:
            now = self._now(connection)
            values = self._standing(connection, lease, refusal, now)
            if not leases.release(connection, lease, now, **values):
                return False
            known = [(row, refusal.known[row.id]) for row in sent if row.id in refusal.known]
            settling.write(connection, known, now, self.waits)
            rest = [row for row in sent if row.id not in refusal.known]
            settling.leave(connection, rest, in_doubt=refusal.in_doubt)
            settling.leave(connection, unsent, in_doubt=False)
            if refusal.effect is not None:
                settling.run(connection, refusal.effect)
        return True

    def give_back(
        self, lease: Lease, unsent: Sequence[Delivery] = (), pause: float | None = None
    ) -> bool:
        """Frees the lane, for somebody to take after *pause* seconds."""
        with self.database.write() as connection:
            now = self._now(connection)
            values = {} if pause is None else {"not_before": now + timedelta(seconds=pause)}
            if not leases.release(connection, lease, now, **values):
                return False
            settling.leave(connection, unsent, in_doubt=False)
        return True

    def _claim(
        self, connection: Connection, lease: Lease, now: datetime, after: str = ""
    ) -> Claim | None:
        if not lease.parked:
            kinds = turns(self._kinds, after)
            rows = batches.claim(connection, lease.lane, now, kinds, self._limit(lease.lane))
            if rows:
                return Claim(lease, rows)
        leases.release(connection, lease, now)
        return None

    def _limit(self, lane_id: str) -> Callable[[str], int]:
        return lambda kind: max(1, self.handlers[kind].limit(lane_id))

    def _standing(
        self, connection: Connection, lease: Lease, refusal: Refusal, now: datetime
    ) -> dict[str, Any]:
        current = connection.execute(
            lane.select().where(lane.c.id == lease.lane).with_for_update()
        ).one()
        if isinstance(refusal, ParkLane):
            stale = current.resumed != lease.resumed
            return {} if stale else {"parked_reason": refusal.reason}
        values: dict[str, Any] = {"wait_reason": refusal.reason}
        if isinstance(refusal, Wait) and refusal.slow:
            values["slow_until"] = now + self.waits.scaled(SLOW_FOR)
        if isinstance(refusal, Wait) and refusal.seconds is not None:
            return values | {"not_before": now + self.waits.asked(refusal.seconds)}
        fails = current.fails + 1
        return values | {"fails": fails, "not_before": now + self.waits.after(fails)}


def _health(judged: Sequence[Judged], now: datetime) -> dict[str, Any]:
    works: dict[str, Any] = {"fails": 0, "not_before": None, "wait_reason": None}
    if any(isinstance(verdict, Delivered) for _, verdict in judged):
        works["succeeded_at"] = now
    return works
