"""What a handler may say, and what becomes of row and lane."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.deliveries.store import lane
from plugin.deliveries.verdicts import (
    Delivered,
    Delivery,
    Halve,
    Later,
    NotYet,
    Parked,
    ParkLane,
    Unsure,
    Verdict,
    Void,
    Wait,
)
from tests.deliveries.ledgers import START, Bench


def says(*verdicts: Verdict):
    return lambda rows: list(verdicts)


def raises(error: Exception):
    def handle(rows: Sequence[Delivery]) -> Sequence[Verdict]:
        raise error

    return handle


def refusing(*poisoned: str, error: Exception):
    def handle(rows: Sequence[Delivery]) -> Sequence[Verdict]:
        if any(row.key in poisoned for row in rows):
            raise error
        return [Delivered("ok") for _ in rows]

    return handle


def after_a_try(one: Bench, handle, key: str = "a") -> sa.Row:
    one.owe(key)
    one.handler.says = handle
    assert one.serve()
    return one.row(key)


def test_delivered_keeps_the_proof(one: Bench) -> None:
    row = after_a_try(one, says(Delivered("003A")))
    assert (row.state, row.proof, row.settled_at, row.in_doubt) == (
        "delivered",
        "003A",
        START,
        False,
    )
    assert one.lane().succeeded_at == START


def test_parked_says_why_after_one_try(one: Bench) -> None:
    row = after_a_try(one, says(Parked("contact_gone", "The contact was deleted.")))
    assert (row.state, row.error, row.error_detail) == (
        "parked",
        "contact_gone",
        "The contact was deleted.",
    )
    assert (row.attempts, row.in_doubt) == (1, False)


def test_void_is_owed_no_more(one: Bench) -> None:
    assert after_a_try(one, says(Void("no_detractor"))).state == "void"


def test_not_yet_waits_for_its_time_and_uses_up_nothing(one: Bench) -> None:
    until = START + timedelta(hours=9)
    for _ in range(10):
        row = after_a_try(one, says(NotYet(until, "quiet_hours")))
        assert (row.state, row.due_at, row.error) == ("queued", until, "quiet_hours")
        assert (row.fails, row.in_doubt) == (0, False)
        assert not one.serve()
        one.time.now, until = until, until + timedelta(hours=1)


def test_unsure_is_listed_and_not_sent_again(one: Bench) -> None:
    row = after_a_try(one, says(Unsure("The connection broke after the letter was handed over.")))
    assert (row.state, row.in_doubt) == ("unsure", True)
    one.time.pass_by(10**6)
    assert not one.serve()


def test_each_row_of_a_batch_is_settled_alone(one: Bench) -> None:
    one.handler.says = says(Delivered("1"), Parked("no"), Later(), Void("gone"))
    one.owe("a", "b", "c", "d")
    one.serve()
    assert one.states() == {"a": "delivered", "b": "parked", "c": "queued", "d": "void"}


def test_later_waits_longer_each_time_and_is_parked_after_eight(one: Bench) -> None:
    one.handler.says = lambda rows: [Later(detail="locked") for _ in rows]
    one.owe("a")
    waits = []
    while one.serve():
        row = one.row("a")
        waits.append((row.due_at - one.time.now).total_seconds())
        one.time.now = max(one.time.now, row.due_at)
    assert waits[:-1] == [1, 2, 4, 8, 16, 32, 64]
    row = one.row("a")
    assert (row.state, row.error, row.error_detail, row.attempts) == (
        "parked",
        "kept_failing",
        "locked",
        8,
    )


def test_later_may_name_the_time(one: Bench) -> None:
    row = after_a_try(one, says(Later(seconds=40)))
    assert row.due_at == START + timedelta(seconds=40)


@pytest.mark.parametrize("doubt", [False, True])
def test_doubt_is_what_the_handler_says(one: Bench, doubt: bool) -> None:
    assert after_a_try(one, says(Later(in_doubt=doubt))).in_doubt is doubt


def test_a_doubt_of_an_earlier_try_stays_until_it_is_settled(one: Bench) -> None:
    after_a_try(one, says(Later(seconds=1, in_doubt=True)))
    one.time.pass_by(1)
    one.handler.says = says(Later(seconds=1))
    one.serve()
    assert one.handler.calls[-1][0].in_doubt
    assert one.row("a").in_doubt


def test_an_outage_before_looking_takes_no_doubt_away(one: Bench) -> None:
    after_a_try(one, says(Later(seconds=0, in_doubt=True)))
    one.handler.says = raises(Wait("outage"))
    one.serve()
    assert one.row("a").in_doubt


def test_a_row_once_settled_is_not_settled_again(one: Bench) -> None:
    one.owe("a")
    claim = one.take()
    assert claim is not None
    one.ledger.settle(claim.lease, [(claim.rows[0], Delivered("first"))])
    one.ledger.settle(claim.lease, [(claim.rows[0], Parked("second"))])
    one.ledger.give_back(claim.lease, claim.rows)
    row = one.row("a")
    assert (row.state, row.proof, row.attempts, row.in_doubt) == ("delivered", "first", 1, False)


def test_an_outage_grows_to_a_quarter_of_an_hour_and_uses_up_nothing(one: Bench) -> None:
    one.handler.says = raises(Wait("unreachable"))
    one.owe("a", "b")
    waits = []
    for _ in range(40):
        assert one.serve()
        wait = one.lane().not_before - one.time.now
        waits.append(wait.total_seconds())
        one.time.now += wait
    assert waits[:11] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900]
    assert set(waits[11:]) == {900}
    assert {(r.state, r.attempts, r.fails, r.in_doubt) for r in one.rows().values()} == {
        ("queued", 0, 0, False)
    }
    one.handler.says = lambda rows: [Delivered() for _ in rows]
    one.serve()
    assert (one.lane().fails, one.lane().not_before, one.lane().wait_reason) == (0, None, None)


def test_a_waiting_lane_is_left_alone_until_its_time(one: Bench) -> None:
    after_a_try(one, raises(Wait("rate_limited", 30, slow=True)))
    assert one.lane().wait_reason == "rate_limited"
    one.time.pass_by(29)
    assert not one.serve()
    one.time.pass_by(1)
    assert one.serve()


def test_a_refused_rate_is_halved_for_a_minute(one: Bench) -> None:
    after_a_try(one, raises(Wait("rate_limited", 1, slow=True)))
    one.time.pass_by(2)
    claim = one.take()
    assert claim is not None
    assert claim.lease.rate == one.rate / 2
    one.time.pass_by(59)
    renewed = one.ledger.renew(claim.lease)
    assert renewed is not None
    assert renewed.rate == one.rate


def test_a_wait_can_leave_its_rows_in_doubt(one: Bench) -> None:
    row = after_a_try(one, raises(Wait("timeout", in_doubt=True)))
    assert (row.in_doubt, row.attempts, row.state) == (True, 0, "queued")


def test_what_was_decided_before_an_outage_is_kept(one: Bench) -> None:
    one.owe("a", "b")
    ids = {key: row.id for key, row in one.rows().items()}
    one.handler.says = raises(Wait("timeout", known={ids["a"]: Delivered("1")}, in_doubt=True))
    one.serve()
    assert one.states() == {"a": "delivered", "b": "queued"}
    assert one.row("b").in_doubt


def test_parking_the_lane_loses_nothing_and_runs_its_effect(one: Bench) -> None:
    def note(connection: Connection) -> None:
        connection.execute(lane.update().values(wait_reason="noted"))

    row = after_a_try(one, raises(ParkLane("needs_reconnect", effect=note)))
    assert (row.state, row.attempts, row.in_doubt) == ("queued", 0, False)
    assert (one.lane().parked_reason, one.lane().wait_reason) == ("needs_reconnect", "noted")
    one.time.pass_by(10**6)
    assert not one.serve()


def test_effects_are_written_with_the_verdict(one: Bench) -> None:
    def note(connection: Connection) -> None:
        connection.execute(lane.update().values(rate=7))

    after_a_try(one, says(Delivered("1", effect=note)))
    assert one.lane().rate == 7


def test_an_effect_that_fails_keeps_only_its_own_row(one: Bench) -> None:
    def write(connection: Connection) -> None:
        connection.execute(lane.update().values(fails=lane.c.fails + 100))

    def broken(connection: Connection) -> None:
        write(connection)
        connection.execute(sa.text("INSERT INTO nowhere VALUES (1)"))

    one.handler.says = says(
        Delivered("1", effect=write), Delivered("2", effect=broken), Delivered("3")
    )
    one.owe("a", "b", "c")
    one.serve()
    assert one.states() == {"a": "delivered", "b": "queued", "c": "delivered"}
    assert (one.row("b").in_doubt, one.row("b").fails) == (True, 1)
    assert one.lane().fails == 100


def test_a_refused_batch_is_halved_until_the_bad_rows_stand_alone(one: Bench) -> None:
    one.handler.says = refusing("k3", "k77", error=Halve("malformed", "Not a valid id."))
    one.owe(*(f"k{n}" for n in range(100)))
    one.serve()
    states = one.states()
    assert {key for key, state in states.items() if state == "parked"} == {"k3", "k77"}
    assert list(states.values()).count("delivered") == 98
    assert len(one.handler.calls) < 30
    assert (one.row("k3").error, one.row("k3").error_detail) == ("malformed", "Not a valid id.")


def test_a_batch_of_nothing_but_bad_rows_ends_too(one: Bench) -> None:
    one.handler.says = raises(Halve("malformed"))
    one.owe(*(f"k{n}" for n in range(64)))
    one.serve()
    assert set(one.states().values()) == {"parked"}
    assert len(one.handler.calls) == 127


def test_an_outage_while_halving_leaves_the_rest_untouched(one: Bench) -> None:
    answers = iter([Halve("bad"), Wait("outage")])
    one.handler.says = lambda rows: raises(next(answers))(rows)
    one.owe("a", "b", "c", "d")
    one.serve()
    assert {(r.state, r.attempts, r.in_doubt) for r in one.rows().values()} == {
        ("queued", 0, False)
    }


def test_a_row_that_breaks_our_code_is_set_apart_and_parked_after_five(one: Bench) -> None:
    one.handler.says = refusing("k5", error=KeyError("secret of a customer"))
    one.owe(*(f"k{n}" for n in range(16)))
    one.serve()
    assert list(one.states().values()).count("delivered") == 15
    assert (one.row("k5").fails, one.row("k5").in_doubt, one.lane().not_before) == (1, True, None)
    for _ in range(10):
        one.time.pass_by(1000)
        one.serve()
    row = one.row("k5")
    assert (row.state, row.error, row.attempts) == ("parked", "internal", 5)
    assert "secret" not in row.error_detail
    assert row.error_detail.startswith("test_verdicts.py")


def test_after_our_code_broke_over_a_batch_its_rows_are_looked_up_first(one: Bench) -> None:
    one.handler.says = refusing("a", error=KeyError())
    one.owe("a", "b")
    one.serve()
    assert [[row.in_doubt for row in call] for call in one.handler.calls] == [
        [False, False],
        [True],
        [True],
    ]


def test_code_that_breaks_over_everything_waits_like_an_outage(one: Bench) -> None:
    one.handler.says = raises(TypeError())
    one.owe(*(f"k{n}" for n in range(100)))
    one.serve()
    assert len(one.handler.calls) < 10
    assert one.lane().not_before > one.time.now
    assert set(one.states().values()) == {"queued"}
    assert [row.fails for row in one.rows().values()].count(0) == 98


@pytest.mark.parametrize("verdicts", [[], [Delivered()] * 3])
def test_a_wrong_number_of_verdicts_is_a_broken_handler(
    one: Bench, verdicts: list[Verdict]
) -> None:
    one.handler.says = says(*verdicts)
    one.owe("a", "b")
    one.serve()
    assert {(row.state, row.in_doubt) for row in one.rows().values()} == {("queued", True)}


def test_being_told_to_stop_leaves_what_was_not_sent_untouched(one: Bench) -> None:
    def handle(rows: Sequence[Delivery]) -> Sequence[Verdict]:
        one.stop.set()
        raise Halve("bad")

    after_a_try(one, handle)
    one.stop.clear()
    one.handler.says = handle
    one.owe("b", "c")
    one.serve()
    assert len(one.handler.calls) == 2
    assert {(one.row(k).attempts, one.row(k).in_doubt) for k in "bc"} == {(0, False)}
    assert one.lane().owner is None


def test_a_slow_lane_is_given_back_rather_than_held(one: Bench) -> None:
    one.rate = 0.1
    one.owe("a", "b")
    one.handler.most = 1
    assert one.serve()
    assert one.serve()
    assert one.handler.keys == [["a"]]
    assert one.row("b").attempts == 0
    assert 9 < (one.lane().not_before - one.time.now).total_seconds() <= 10


def test_further_requests_of_a_call_count_against_the_rate(one: Bench) -> None:
    one.rate = 10
    one.handler.extra = 29
    one.owe("a")
    one.serve()
    assert 2.5 < one.pace.wait("one") <= 3.0
