"""What the ledger costs with 100,000 rows due and 400,000 done.

    python -m bench.ledger [--due N] [--done N] [--kinds sqlite postgresql]

Taking a lane with a batch, settling it, an idle look, and how fast a worker drains the ledger, each also as a
ratio measured in the same run: to the same step with few rows due, and to a bare loop that only commits batches.
"""

import argparse
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import sqlalchemy as sa

from bench.support.databases import KINDS, fresh
from bench.support.figures import median, say, spread
from plugin.clock import Clock
from plugin.db import Database
from plugin.deliveries import queries
from plugin.deliveries.actions import Owed, ensure_lane, owe
from plugin.deliveries.ledger import Claim, Ledger
from plugin.deliveries.store import delivery
from plugin.deliveries.verdicts import Delivered, Delivery, Lane, Verdict
from plugin.deliveries.worker import Worker

LANES = 4
URGENCY = ("task", "task_line", "contact", "answer")  # of which each person is owed these:
OWED = ("task", "contact", "answer")
ROUNDS = 30


class Instant:
    """The other side answers at once."""

    def limit(self, lane: str) -> int:
        return 100

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        return [Delivered("id") for _ in rows]


HANDLERS = {kind: Instant() for kind in URGENCY}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--due", type=int, default=100_000)
    parser.add_argument("--done", type=int, default=400_000)
    parser.add_argument("--kinds", nargs="+", default=KINDS, choices=KINDS)
    given = parser.parse_args()
    for kind in given.kinds:
        with fresh(kind) as url:
            database = Database(url)
            measure(kind, database, given.due, given.done)
            database.close()


def measure(kind: str, database: Database, due: int, done: int) -> None:
    ledger = Ledger(database, HANDLERS, Clock())
    fill(database, done, "done")
    with database.write() as connection:
        connection.execute(
            delivery.update().values(state="delivered", settled_at=datetime.now(UTC))
        )
    analyse(database)
    say(f"{kind}: an idle look", spread(timed(lambda: ledger.take("idle")), 2, " ms"))
    fill(database, 3_000, "few")
    few, _ = rounds(ledger)
    fill(database, due, "due")
    analyse(database)
    taking, settling = rounds(ledger)
    say(f"{kind}: take a lane with a batch of 100", spread(taking, 2, " ms"))
    say(f"{kind}: the same, to {due:,} due from 3,000", f"x {median(taking) / median(few):.2f}")
    say(f"{kind}: settle 100 rows and give the lane back", spread(settling, 2, " ms"))
    rate, bare = drained(database), bare_rate(database)
    say(f"{kind}: drained by one worker", f"{rate:,.0f} rows/s")
    say(f"{kind}: of a bare loop that only commits batches", f"{rate / bare:.0%}")


def fill(database: Database, number: int, name: str) -> None:
    """People in turn on the lanes, each owed a task, her contact and her answer."""
    now = datetime.now(UTC)
    rows = owed(number, name, now)
    for _ in range(0, number, 5_000):
        with database.write() as connection:
            for n in range(LANES):
                ensure_lane(connection, f"lane{n}", 1e9)
            owe(connection, [row for row, _ in zip(rows, range(5_000), strict=False)], now)


def owed(number: int, name: str, now: datetime) -> Iterator[Owed]:
    for n in range(number):
        person, kind = n // len(OWED), OWED[n % len(OWED)]
        subject = f"{name}{person}"
        key = f"{kind}:{subject}"
        yield Owed(f"lane{person % LANES}", kind, key, key, subject, {"person": subject}, now)


def analyse(database: Database) -> None:
    """What PostgreSQL does by itself after a while."""
    if not database.embedded:
        with database.engine.connect().execution_options(
            isolation_level="AUTOCOMMIT"
        ) as connection:
            connection.execute(sa.text("VACUUM ANALYZE"))


def timed(step: Callable[[], object]) -> list[float]:
    """Milliseconds."""
    spent = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        step()
        spent.append((time.perf_counter() - began) * 1000)
    return spent


def rounds(ledger: Ledger) -> tuple[list[float], list[float]]:
    claims: list[Claim] = []

    def take() -> None:
        claim = ledger.take("bench")
        assert claim is not None
        claims.append(claim)

    def settle() -> None:
        claim = claims.pop()
        ledger.settle(claim.lease, [(row, Delivered("id")) for row in claim.rows])
        ledger.give_back(claim.lease)

    taking, settling = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        take()
        taken = time.perf_counter()
        settle()
        taking.append((taken - began) * 1000)
        settling.append((time.perf_counter() - taken) * 1000)
    return taking, settling


def drained(database: Database, seconds: float = 3.0) -> float:
    """Rows a second, for some seconds of work."""
    before, began, stop = delivered(database), time.perf_counter(), threading.Event()
    threading.Timer(seconds, stop.set).start()
    Worker(database, HANDLERS, schedules=()).run(stop)
    return (delivered(database) - before) / (time.perf_counter() - began)


def delivered(database: Database) -> int:
    with database.read() as connection:
        return queries.count(connection, "delivered")


def bare_rate(database: Database) -> float:
    """The least that any queue in this database must do: one update of 100 rows, one commit."""
    with database.read() as connection:
        waiting = sa.select(delivery.c.id).where(delivery.c.state == "queued").limit(20_000)
        ids = list(connection.scalars(waiting))
    began = time.perf_counter()
    for first in range(0, len(ids), 100):
        with database.write() as connection:
            chosen = delivery.c.id.in_(ids[first : first + 100])
            connection.execute(delivery.update().where(chosen).values(state="delivered"))
    return len(ids) / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
