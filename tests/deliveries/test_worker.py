"""The worker as a program runs it: awake at once, patient with a bad CRM and with a bad database."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from plugin.clock import Clock
from plugin.db import Database
from plugin.deliveries import queries
from plugin.deliveries.leases import database_time
from plugin.deliveries.store import delivery
from plugin.deliveries.timers import Schedule
from plugin.deliveries.verdicts import Delivered, Delivery, Verdict, Wait
from plugin.deliveries.worker import Worker
from tests.deliveries.ledgers import Bench, bench


@contextmanager
def working(one: Bench, **given: object) -> Iterator[threading.Event]:
    stop, wake = threading.Event(), threading.Event()
    worker = Worker(one.database, one.handlers, wake=wake, **given)
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    try:
        yield wake
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


def until(reached: Callable[[], bool], within: float = 20) -> float:
    began = time.monotonic()
    while not reached():
        assert time.monotonic() - began < within
        time.sleep(0.005)
    return time.monotonic() - began


def done(one: Bench, number: int) -> Callable[[], bool]:
    return lambda: list(one.states().values()).count("delivered") == number


@pytest.fixture(autouse=True)
def now(one: Bench) -> None:
    one.time.now = one.run(database_time)


def test_what_is_owed_is_sent_and_the_worker_leaves_no_trace(one: Bench) -> None:
    with working(one, schedules=()) as wake:
        one.owe("a")
        wake.set()
        until(done(one, 1))
        assert one.run(queries.newest_beat_age) is not None
    assert (one.lane().owner, one.run(queries.newest_beat_age)) == (None, None)


def test_several_threads_serve_several_lanes_at_once(one: Bench) -> None:
    meet = threading.Barrier(3, timeout=15)

    def handle(rows: Sequence[Delivery]) -> Sequence[Verdict]:
        meet.wait()
        return [Delivered() for _ in rows]

    one.handler.says = handle
    for n in range(3):
        one.owe(f"k{n}", lane=f"lane{n}")
    with working(one, workers=3):
        until(done(one, 3))


def test_a_storm_of_refusals_delivers_everything_once_in_the_end(one: Bench) -> None:
    """Every second call is refused for a while; nobody's tries are used up."""
    refused = 0

    def handle(rows: Sequence[Delivery]) -> Sequence[Verdict]:
        nonlocal refused
        if len(one.handler.calls) % 2 and refused < 30:
            refused += 1
            raise Wait("rate_limited", 0.005, slow=True) if refused % 2 else Wait("reset")
        return [Delivered() for _ in rows]

    one.handler.says, one.handler.most = handle, 5
    one.owe(*(f"k{n}" for n in range(200)))
    with working(one, clock=Clock(1000)):
        until(done(one, 200))
    assert refused == 30
    assert {row.attempts for row in one.rows().values() if row.kind == "note"} == {1}
    sent = [key for call in one.handler.keys for key in call]
    assert len(set(sent)) == 200


def test_the_rate_is_kept(one: Bench) -> None:
    one.rate, one.handler.most = 20, 1
    one.owe(*(f"k{n}" for n in range(10)))
    with working(one):
        assert until(done(one, 10)) >= 9 / 20


def test_a_database_in_trouble_stops_nobody(one: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither before sending nor between the other side's commit and our record of it."""
    broken = threading.Event()
    write, read = Database.write, Database.read

    @contextmanager
    def trouble(self: Database, opened: Callable[[Database], object]) -> Iterator[Connection]:
        if broken.is_set() and threading.current_thread() is not threading.main_thread():
            raise OperationalError("select", {}, Exception("gone"))
        with opened(self) as connection:
            yield connection

    def handle(rows: Sequence[Delivery]) -> Sequence[Verdict]:
        broken.set()
        return [Delivered("1") for _ in rows]

    monkeypatch.setattr(Database, "write", lambda self: trouble(self, write))
    monkeypatch.setattr(Database, "read", lambda self: trouble(self, read))
    one.handler.says = handle
    one.owe("a")
    # Where the lane could not be given back, whoever takes it next waits out the lease.
    with working(one, lease=timedelta(seconds=3)):
        until(broken.is_set)
        time.sleep(0.3)
        broken.clear()
        until(done(one, 1))
        assert one.handler.keys == [["a"]]
        broken.set()
        time.sleep(0.6)
        broken.clear()
        one.handler.says = lambda rows: [Delivered("2") for _ in rows]
        one.owe("b")
        until(done(one, 2))
    assert one.handler.keys == [["a"], ["b"]]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_connections_cut_by_the_server_are_made_again(one: Bench) -> None:
    with working(one):
        until(lambda: one.run(queries.newest_beat_age) is not None)
        cut = sa.text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        one.run(lambda c: c.execute(cut))
        # Somebody else owes and looks: whoever takes a broken connection within seconds fails once.
        with bench(one.database.url.render_as_string(hide_password=False)) as other:
            other.owe("a")
            until(done(other, 1))


def test_schedules_fire_without_anybody_planning_them(one: Bench) -> None:
    fired = threading.Event()

    def work(connection: Connection, now: object) -> bool:
        fired.set()
        return False

    with working(one, schedules=(Schedule("tick", timedelta(milliseconds=50), work),)):
        assert fired.wait(10)


def test_an_idle_worker_writes_nothing(one: Bench) -> None:
    one.owe("later", due_at=one.time.now + timedelta(hours=1))
    before = one.lane().epoch, one.lane().served_at
    with working(one, schedules=()):
        time.sleep(1)
    assert (one.lane().epoch, one.lane().served_at) == before
    assert one.run(lambda c: c.scalar(sa.select(sa.func.sum(delivery.c.attempts)))) == 0
