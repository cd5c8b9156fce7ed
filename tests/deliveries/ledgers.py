"""A ledger to play with: a clock that a test moves, handlers that say what a test wants said."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.clock import Clock
from plugin.db import Database
from plugin.deliveries.actions import Owed, ensure_lane, owe
from plugin.deliveries.ledger import Claim, Ledger
from plugin.deliveries.pace import Pace
from plugin.deliveries.sending import Batch
from plugin.deliveries.store import delivery, lane
from plugin.deliveries.verdicts import Delivered, Delivery, Lane, Verdict

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

Says = Callable[[Sequence[Delivery]], Sequence[Verdict]]


class SetTime:
    """The database's clock in a test's hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self, connection: Connection) -> datetime:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Scripted:
    """A handler that notes its calls and answers with *says*."""

    says: Says = lambda rows: [Delivered(f"crm-{row.key}") for row in rows]
    most: int = 100
    calls: list[list[Delivery]] = field(default_factory=list)
    extra: int = 0

    def limit(self, lane: str) -> int:
        return self.most

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        self.calls.append(list(rows))
        lane.calls += self.extra
        return self.says(rows)

    @property
    def keys(self) -> list[list[str]]:
        return [[row.key for row in call] for call in self.calls]


class Bench:
    """A database with lanes, handlers by kind, and a ledger over it."""

    def __init__(self, url: str, *kinds: str, rate: float = 1e6, scale: float = 1.0) -> None:
        self.database = Database(url)
        self.time = SetTime()
        self.handlers = {kind: Scripted() for kind in kinds or ("note",)}
        self.ledger = Ledger(
            self.database, self.handlers, Clock(scale), now=self.time, spread=lambda: 1.0
        )
        self.stop = threading.Event()
        self.pace = Pace(Clock().monotonic)
        self.rate = rate

    @property
    def handler(self) -> Scripted:
        return next(iter(self.handlers.values()))

    def owe(self, *keys: str, **changed: Any) -> None:
        given = {"lane": "one", "kind": next(iter(self.handlers)), "due_at": self.time.now}
        with self.database.write() as connection:
            ensure_lane(connection, changed.get("lane", "one"), self.rate)
            owe(connection, [owed(key, **given | changed) for key in keys], self.time.now)

    def take(self, owner: str = "me") -> Claim | None:
        return self.ledger.take(owner)

    def serve(self) -> bool:
        """Takes a lane and sends one batch; whether there was one."""
        claim = self.take()
        if claim is None:
            return False
        if Batch(self.ledger, claim, self.pace, self.stop).send():
            self.ledger.give_back(claim.lease)
        return True

    def serve_all(self) -> None:
        while self.serve():
            pass

    def rows(self) -> dict[str, sa.Row[Any]]:
        with self.database.read() as connection:
            found = connection.execute(sa.select(delivery).order_by(delivery.c.id))
            return {row.key: row for row in found}

    def row(self, key: str) -> sa.Row[Any]:
        return self.rows()[key]

    def lane(self, lane_id: str = "one") -> sa.Row[Any]:
        with self.database.read() as connection:
            return connection.execute(sa.select(lane).where(lane.c.id == lane_id)).one()

    def states(self) -> dict[str, str]:
        return {key: row.state for key, row in self.rows().items()}

    def run(self, action: Callable[..., Any], *given: Any) -> Any:
        with self.database.write() as connection:
            return action(connection, *given)


def owed(key: str, **given: Any) -> Owed:
    plain = {"topic": key, "subject": key, "payload": {}}
    return Owed(key=key, **plain | given)


@contextmanager
def bench(url: str, *kinds: str, **given: Any) -> Iterator[Bench]:
    made = Bench(url, *kinds, **given)
    try:
        yield made
    finally:
        made.database.close()
