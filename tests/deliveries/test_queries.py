"""What pages, commands and the readiness check are told."""

import time
from datetime import timedelta

from sqlalchemy import update

from plugin.clock import Clock
from plugin.deliveries import queries
from plugin.deliveries.actions import ensure_lane, owe, park_lane
from plugin.deliveries.beats import Heart
from plugin.deliveries.leases import database_time
from plugin.deliveries.ledger import Ledger
from plugin.deliveries.queries import Filter
from plugin.deliveries.store import worker
from plugin.deliveries.verdicts import Later, Parked, Wait
from tests.deliveries.ledgers import Bench, owed


def keys(one: Bench, wanted: Filter, **given: object) -> list[str]:
    return [row.key for row in one.run(lambda c: queries.page(c, wanted, **given))]


def test_pages_go_from_new_to_old_and_none_is_seen_twice(one: Bench) -> None:
    one.owe(*(f"k{n}" for n in range(5)))
    first = one.run(lambda c: queries.page(c, Filter(), limit=3))
    rest = one.run(lambda c: queries.page(c, Filter(), before=first[-1].id, limit=3))
    assert [row.key for row in [*first, *rest]] == ["k4", "k3", "k2", "k1", "k0"]


def test_deliveries_are_found_by_state_lane_and_subject(one: Bench) -> None:
    one.handler.says = lambda rows: [Parked("no")]
    one.owe("a")
    one.serve()
    one.owe("b", lane="two", subject="s")
    assert keys(one, Filter(state="parked")) == ["a"]
    assert keys(one, Filter(state="queued")) == ["b"]
    assert keys(one, Filter(lanes=["two"])) == ["b"]
    assert keys(one, Filter(lanes=["one"], subject="s")) == []
    assert keys(one, Filter(subject="s")) == ["b"]
    assert keys(one, Filter(state="delivered")) == []


def test_sending_is_what_a_held_lane_has_begun(one: Bench) -> None:
    one.owe("a")
    real = Ledger(one.database, one.handlers, Clock())
    claim = real.take("me")
    one.owe("b")
    assert claim is not None
    assert (keys(one, Filter(state="sending")), keys(one, Filter(state="queued"))) == (["a"], ["b"])
    assert one.run(queries.one, claim.rows[0].id).state == "sending"
    real.stand_still(claim.lease, Wait("timeout", in_doubt=True), claim.rows, [])
    assert keys(one, Filter(state="sending")) == []
    assert keys(one, Filter(state="queued")) == ["b", "a"]


def test_what_a_killed_worker_had_begun_is_queued_again(one: Bench) -> None:
    one.owe("a")
    ledger = Ledger(one.database, one.handlers, Clock(), lease=timedelta(milliseconds=1))
    assert ledger.take("killed") is not None
    time.sleep(0.02)
    assert keys(one, Filter(state="sending")) == []
    assert keys(one, Filter(state="queued")) == ["a"]


def test_a_row_waiting_for_its_next_try_is_not_being_sent(one: Bench) -> None:
    ledger = Ledger(one.database, one.handlers, Clock())
    one.owe("a")
    first = ledger.take("me")
    assert first is not None
    ledger.settle(first.lease, [(first.rows[0], Later(600, in_doubt=True))])
    one.owe("b")
    assert ledger.claim(first.lease) is not None
    assert keys(one, Filter(state="sending")) == ["b"]


def test_numbers_by_lane_and_state(one: Bench) -> None:
    one.owe("a", "b")
    one.owe("c", lane="two")
    assert one.run(queries.counts) == {"one": {"queued": 2}, "two": {"queued": 1}}
    assert (one.run(queries.count, "queued"), one.run(queries.count, "parked")) == (3, 0)


def test_lanes_tell_their_backlog_and_why_they_stand_still(one: Bench) -> None:
    one.owe("a", "b")
    one.owe("c", lane="two")
    one.run(park_lane, "two", "needs_reconnect")
    one.run(ensure_lane, "three", 4)
    first, third, second = one.run(queries.lanes)
    assert (first.id, first.waiting, first.due_since) == ("one", 2, one.time.now)
    assert (second.parked_reason, second.waiting) == ("needs_reconnect", 1)
    assert (third.id, third.waiting, third.due_since, third.rate) == ("three", 0, None, 4.0)


def test_the_backlog_is_as_old_as_its_oldest_due_row_that_may_go(one: Bench) -> None:
    assert one.run(queries.backlog_age) is None
    now = one.run(database_time)
    one.run(ensure_lane, "one", 1)
    one.run(owe, [owed("a", lane="one", kind="note", due_at=now + timedelta(hours=1))], now)
    assert one.run(queries.backlog_age) is None
    one.run(owe, [owed("b", lane="one", kind="note", due_at=now - timedelta(hours=1))], now)
    age = one.run(queries.backlog_age)
    assert timedelta(hours=1) <= age < timedelta(hours=1, minutes=1)
    one.run(park_lane, "one", "needs_reconnect")
    assert one.run(queries.backlog_age) is None


def test_a_worker_shows_that_it_is_alive_until_it_leaves(one: Bench) -> None:
    assert one.run(queries.newest_beat_age) is None
    heart = Heart(one.database, "w")
    heart.beat()
    assert timedelta(0) <= one.run(queries.newest_beat_age) < timedelta(seconds=10)
    assert list(one.run(queries.beat_ages)) == ["w"]
    heart.stop()
    assert one.run(queries.newest_beat_age) is None


def test_workers_that_were_killed_are_forgotten_after_an_hour(one: Bench) -> None:
    Heart(one.database, "killed").beat()
    old = one.run(database_time) - timedelta(minutes=61)
    one.run(lambda c: c.execute(update(worker).values(beat_at=old)))
    Heart(one.database, "alive").beat()
    assert list(one.run(queries.beat_ages)) == ["alive"]
