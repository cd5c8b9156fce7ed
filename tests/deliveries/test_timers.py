"""Schedules: planned by everybody, fired once per period; and the pruning that uses them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import update
from sqlalchemy.engine import Connection

from plugin.clock import Clock
from plugin.deliveries.leases import database_time
from plugin.deliveries.ledger import Ledger
from plugin.deliveries.pruning import PRUNING, prune
from plugin.deliveries.sending import Batch
from plugin.deliveries.store import delivery
from plugin.deliveries.timers import CLOCK, Schedule, Timer, plan
from tests.deliveries.ledgers import Bench

HOUR = timedelta(hours=1)


class Work:
    def __init__(self, *more: bool) -> None:
        self.more = list(more)
        self.fired: list[datetime] = []

    def __call__(self, connection: Connection, now: datetime) -> bool:
        self.fired.append(now)
        return self.more.pop(0) if self.more else False


def queued(one: Bench) -> list[sa.Row[Any]]:
    return [row for row in one.rows().values() if row.state == "queued"]


def fire(one: Bench, schedule: Schedule) -> bool:
    """Serves the clock lane by the real clock, with the timer's row made due."""
    ledger = Ledger(one.database, {schedule.kind: Timer(schedule)}, Clock())
    claim = ledger.take("me")
    if claim is None:
        return False
    assert Batch(ledger, claim, one.pace, one.stop).send()
    ledger.give_back(claim.lease)
    return True


def make_due(one: Bench) -> None:
    one.run(lambda c: c.execute(update(delivery).values(due_at=database_time(c) - HOUR)))


def test_the_next_period_begins_after_now() -> None:
    schedule = Schedule("t", HOUR, Work())
    assert schedule.after(datetime(2026, 11, 21, 12, 0, tzinfo=UTC)).hour == 13
    assert schedule.after(datetime(2026, 11, 21, 12, 59, tzinfo=UTC)).hour == 13


def test_planning_again_adds_nothing_and_leaves_what_is_overdue(one: Bench) -> None:
    schedule = Schedule("t", HOUR, Work())
    for _ in range(3):
        one.run(plan, [schedule])
    (row,) = queued(one)
    assert (row.lane, row.kind) == (CLOCK, "t")
    assert row.due_at > one.run(database_time)
    make_due(one)
    one.run(plan, [schedule])
    assert [r.due_at < one.run(database_time) for r in queued(one)] == [True]


def test_a_firing_plans_the_next_one(one: Bench) -> None:
    work = Work()
    schedule = Schedule("t", HOUR, work)
    one.run(plan, [schedule])
    assert not fire(one, schedule)
    make_due(one)
    assert fire(one, schedule)
    assert not fire(one, schedule)
    assert len(work.fired) == 1
    assert [row.due_at > work.fired[0] for row in queued(one)] == [True]


def test_more_work_fires_again_at_once(one: Bench) -> None:
    work = Work(True, True)
    schedule = Schedule("t", HOUR, work)
    one.run(plan, [schedule])
    make_due(one)
    while fire(one, schedule):
        pass
    assert len(work.fired) == 3


def test_work_that_fails_writes_nothing_and_comes_again(one: Bench) -> None:
    def fail(connection: Connection, now: datetime) -> bool:
        connection.execute(delivery.delete())
        raise ValueError

    schedule = Schedule("t", HOUR, fail)
    one.run(plan, [schedule])
    make_due(one)
    fire(one, schedule)
    (row,) = queued(one)
    assert row.fails == 1


def settled(one: Bench, key: str, state: str, days: int) -> None:
    one.owe(key)
    at = one.time.now - timedelta(days=days)
    changed = update(delivery).where(delivery.c.key == key).values(state=state, settled_at=at)
    one.run(lambda c: c.execute(changed))


def test_what_was_done_is_forgotten_after_ninety_days(one: Bench) -> None:
    for state in ("delivered", "void", "parked", "unsure"):
        settled(one, f"{state}-old", state, 91)
        settled(one, f"{state}-new", state, 89)
    one.owe("queued")
    assert not one.run(prune, one.time.now)
    gone = {"delivered-old", "void-old"}
    everything = {
        f"{s}-{a}" for s in ("delivered", "void", "parked", "unsure") for a in ("old", "new")
    }
    assert set(one.rows()) == everything - gone | {"queued"}


def test_what_a_crm_told_us_is_forgotten_after_three_days(one: Bench) -> None:
    for state in ("delivered", "parked"):
        settled(one, f"{state}-old", state, 4)
        settled(one, f"{state}-new", state, 2)
    one.run(lambda c: c.execute(update(delivery).values(kind="event")))
    assert not one.run(prune, one.time.now)
    assert set(one.rows()) == {"delivered-new", "parked-old", "parked-new"}


def test_much_is_pruned_in_portions(one: Bench) -> None:
    for n in range(5):
        settled(one, f"k{n}", "delivered", 91)
    portions = [one.run(prune, one.time.now, 2) for _ in range(3)]
    assert portions == [True, True, False]
    assert one.rows() == {}


def test_pruning_is_a_schedule(one: Bench) -> None:
    settled(one, "k", "delivered", 10_000)
    one.run(plan, [PRUNING])
    make_due(one)
    fire(one, PRUNING)
    assert "k" not in one.rows()
    assert len(queued(one)) == 1
