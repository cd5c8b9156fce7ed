"""Which rows are sent next: urgency, order of one subject, and what stands in the way."""

from datetime import timedelta

from sqlalchemy import update

from plugin.deliveries.actions import void
from plugin.deliveries.sending import Batch
from plugin.deliveries.store import delivery
from plugin.deliveries.verdicts import Later
from tests.deliveries.ledgers import Bench


def test_nothing_owed_is_nothing_taken(one: Bench) -> None:
    assert one.take() is None


def test_what_is_not_due_waits(one: Bench) -> None:
    one.owe("a", due_at=one.time.now + timedelta(seconds=2))
    assert not one.serve()
    one.time.pass_by(2)
    assert one.serve()
    assert one.handler.keys == [["a"]]


def test_a_kind_nobody_handles_waits_for_a_worker_that_does(one: Bench) -> None:
    one.owe("a", kind="tomorrow")
    assert one.take() is None
    assert one.row("a").state == "queued"


def test_the_oldest_due_go_first_up_to_the_limit(one: Bench) -> None:
    one.handler.most = 2
    one.owe("late", due_at=one.time.now - timedelta(seconds=1))
    one.owe("early", "second", due_at=one.time.now - timedelta(seconds=5))
    one.serve_all()
    assert one.handler.keys == [["early", "second"], ["late"]]


def test_a_batch_holds_a_subject_once_and_its_rows_in_order(one: Bench) -> None:
    one.owe("a1", "a2", "a3", subject="a")
    one.owe("b1", subject="b")
    one.serve_all()
    assert [sorted(keys) for keys in one.handler.keys] == [["a1", "b1"], ["a2"], ["a3"]]


def test_the_urgent_kind_goes_first_whatever_its_age(two: Bench) -> None:
    two.owe("n1", "n2", kind="note", due_at=two.time.now - timedelta(hours=1))
    two.owe("t", kind="task")
    assert (claim := two.take()) is not None
    assert [row.key for row in claim.rows] == ["t"]


def test_a_stream_of_urgent_effects_does_not_keep_the_others_waiting(two: Bench) -> None:
    two.owe("n", kind="note")
    two.owe("t1", kind="task")
    claim = two.take()
    two.owe("t2", kind="task")  # while the first is being sent
    sent = []
    while claim is not None:
        sent.append([row.key for row in claim.rows])
        assert Batch(two.ledger, claim, two.pace, two.stop).send()
        claim = two.ledger.claim(claim.lease, after=claim.rows[0].kind)
    assert sent == [["t1"], ["n"], ["t2"]]


def test_urgency_never_overtakes_an_older_effect_of_the_same_subject(two: Bench) -> None:
    two.owe("n", kind="note", subject="s")
    two.owe("t", kind="task", subject="s")
    two.serve_all()
    assert two.handlers["note"].keys == [["n"]]
    assert two.handlers["task"].keys == [["t"]]
    assert two.row("t").started_at is not None


def test_a_row_waiting_for_its_next_try_holds_back_its_subject(one: Bench) -> None:
    one.handler.says = lambda rows: [Later(seconds=60) for _ in rows]
    one.owe("a1", subject="a")
    one.serve()
    one.owe("a2", subject="a")
    one.owe("b1", subject="b")
    assert (claim := one.take()) is not None
    assert [row.key for row in claim.rows] == ["b1"]


def test_a_postponed_row_does_not_hold_back_what_is_due(one: Bench) -> None:
    one.owe("a1", topic="t", subject="a")
    one.owe("a2", subject="a")
    one.owe("a1", topic="t", subject="a", due_at=one.time.now + timedelta(seconds=2))
    assert one.serve()
    assert one.handler.keys == [["a2"]]


def test_a_settled_row_does_not_hold_back_its_subject(one: Bench) -> None:
    one.owe("a1", "a2", "a3", subject="a")
    one.run(
        lambda c: c.execute(update(delivery).where(delivery.c.key == "a1").values(state="parked"))
    )
    one.run(void, ["a2"], "gone", one.time.now)
    one.serve()
    assert one.handler.keys == [["a3"]]


def test_the_same_subject_on_another_lane_is_another_subject(one: Bench) -> None:
    one.owe("a", subject="s", due_at=one.time.now)
    one.owe("b", subject="s", lane="two")
    assert one.take("me") is not None
    assert one.take("you") is not None


def test_a_begun_row_is_marked_before_it_is_sent(one: Bench) -> None:
    one.owe("a")
    claim = one.take()
    assert claim is not None
    assert (claim.rows[0].in_doubt, claim.rows[0].attempts) == (False, 0)
    row = one.row("a")
    assert (row.in_doubt, row.attempts, row.started_at) == (True, 1, one.time.now)
