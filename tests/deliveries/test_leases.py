"""Lanes: one holder at a time, and whoever lost one records nothing."""

import threading

import pytest

from plugin.deliveries.actions import park_lane, resume_lane
from plugin.deliveries.verdicts import Delivered, ParkLane, Wait
from tests.deliveries.ledgers import Bench


def test_a_held_lane_is_not_taken_by_another(one: Bench) -> None:
    one.owe("a", "b")
    assert one.take("me") is not None
    assert one.take("you") is None


def test_a_lease_that_ended_is_free_and_its_rows_are_in_doubt(one: Bench) -> None:
    one.owe("a")
    one.take("killed")
    one.time.pass_by(29.9)
    assert one.take("you") is None
    one.time.pass_by(0.1)
    taken = one.take("you")
    assert taken is not None
    assert (taken.rows[0].key, taken.rows[0].in_doubt, taken.rows[0].attempts) == ("a", True, 1)


def test_whoever_lost_the_lease_records_nothing(one: Bench) -> None:
    one.owe("a")
    mine = one.take("me")
    one.time.pass_by(31)
    yours = one.take("you")
    assert mine is not None
    assert yours is not None
    assert not one.ledger.settle(mine.lease, [(mine.rows[0], Delivered("mine"))])
    assert not one.ledger.stand_still(mine.lease, Wait("outage"), mine.rows, [])
    assert not one.ledger.give_back(mine.lease, mine.rows)
    assert one.ledger.claim(mine.lease) is None
    assert one.ledger.renew(mine.lease) is None
    assert one.lane().owner == "you"
    assert one.row("a").in_doubt
    assert one.ledger.settle(yours.lease, [(yours.rows[0], Delivered("yours"))])
    assert one.row("a").proof == "yours"


def test_the_same_worker_is_fenced_off_from_its_own_earlier_lease(one: Bench) -> None:
    one.owe("a")
    before = one.take("me")
    one.time.pass_by(31)
    after = one.take("me")
    assert before is not None
    assert after is not None
    assert not one.ledger.settle(before.lease, [(before.rows[0], Delivered("old"))])


def test_an_ended_lease_nobody_else_took_still_settles(one: Bench) -> None:
    one.owe("a")
    claim = one.take("me")
    one.time.pass_by(60)
    assert claim is not None
    assert one.ledger.settle(claim.lease, [(claim.rows[0], Delivered("late"))])


def test_every_step_renews_the_lease(one: Bench) -> None:
    one.owe("a")
    claim = one.take("me")
    assert claim is not None
    for _ in range(3):
        one.time.pass_by(20)
        assert one.ledger.renew(claim.lease) is not None
        assert one.take("you") is None


def test_the_lane_that_waited_longest_is_next(one: Bench) -> None:
    for lane in ("a", "b", "c"):
        one.owe(f"{lane}1", f"{lane}2", lane=lane)
    one.handler.most = 1
    taken = []
    for _ in range(6):
        one.time.pass_by(1)
        claim = one.take()
        assert claim is not None
        taken.append(claim.lease.lane)
        one.ledger.settle(claim.lease, [(claim.rows[0], Delivered())])
        one.ledger.give_back(claim.lease)
    assert taken == ["a", "b", "c", "a", "b", "c"]


def test_a_parked_lane_stands_still_until_it_is_resumed(one: Bench) -> None:
    one.owe("a")
    one.run(park_lane, "one", "needs_reconnect")
    assert one.take() is None
    assert one.lane().epoch == 0, "nobody even touches it"
    one.run(resume_lane, "one")
    assert one.take() is not None


def test_parking_stops_a_worker_after_the_call_in_hand(one: Bench) -> None:
    one.handler.most = 1
    one.owe("a", "b")
    claim = one.take()
    one.run(park_lane, "one", "disconnected")
    assert claim is not None
    assert one.ledger.settle(claim.lease, [(claim.rows[0], Delivered())])
    assert one.ledger.claim(claim.lease) is None
    assert (one.lane().owner, one.row("b").attempts) == (None, 0)


def test_resuming_forgets_the_wait(one: Bench) -> None:
    one.owe("a")
    claim = one.take()
    assert claim is not None
    one.ledger.stand_still(claim.lease, Wait("outage", 600), claim.rows, [])
    one.run(resume_lane, "one")
    assert one.take() is not None


def test_a_call_with_the_old_grant_cannot_park_a_resumed_lane(one: Bench) -> None:
    one.owe("a")
    claim = one.take()
    assert claim is not None
    one.run(resume_lane, "one")
    assert one.ledger.stand_still(claim.lease, ParkLane("needs_reconnect"), claim.rows, [])
    assert one.lane().parked_reason is None
    again = one.take()
    assert again is not None
    one.ledger.stand_still(again.lease, ParkLane("needs_reconnect"), again.rows, [])
    assert one.lane().parked_reason == "needs_reconnect"


@pytest.mark.parametrize("lanes", [1, 3])
def test_many_who_want_it_at_once_get_different_lanes(one: Bench, lanes: int) -> None:
    for number in range(lanes):
        one.owe(f"k{number}", lane=f"lane{number}")
    taken: list[str] = []
    start = threading.Barrier(6)

    def take(owner: str) -> None:
        start.wait()
        if (claim := one.take(owner)) is not None:
            taken.append(claim.lease.lane)

    threads = [threading.Thread(target=take, args=(f"w{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken))
    assert 1 <= len(taken) <= lanes
