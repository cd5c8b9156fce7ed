"""Anything in any order, on a clock of the test's own: never two holders, order per subject, no row lost,
a settled row never changes, one unbegun effect per topic."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from plugin.deliveries.actions import ensure_lane, owe, replay, void
from plugin.deliveries.ledger import Claim
from plugin.deliveries.rules import Broke
from plugin.deliveries.store import delivery, lane
from plugin.deliveries.verdicts import Delivered, Later, Parked, Unsure, Void, Wait
from tests.deliveries.ledgers import Bench, bench, owed

LANES, SUBJECTS, KINDS = ("one", "two"), ("s", "t", "u"), ("task", "note")
OWNERS = ("ann", "bob", "cat")
SETTLED = ("delivered", "parked", "unsure", "void")
VERDICTS = st.sampled_from(
    [
        Delivered("proof"),
        Parked("no"),
        Later(),
        Later(3, in_doubt=True),
        Void("gone"),
        Unsure("?"),
        Broke("here.py:1"),
    ]
)
REFUSALS = st.sampled_from(
    [Wait("outage"), Wait("429", 5, slow=True), Wait("reset", in_doubt=True)]
)


class Machine(RuleBasedStateMachine):
    one: Bench
    claims = Bundle("claims")

    @initialize()
    def begin(self) -> None:
        with self.one.database.write() as connection:
            connection.execute(delivery.delete())
            connection.execute(lane.delete())
            for lane_id in LANES:
                ensure_lane(connection, lane_id, 100)
        self.owed: set[str] = set()
        self.settled: dict[str, dict[str, Any]] = {}
        self.epochs: dict[str, int] = dict.fromkeys(LANES, 0)

    @rule(
        lane_id=st.sampled_from(LANES),
        subject=st.sampled_from(SUBJECTS),
        kind=st.sampled_from(KINDS),
        topic=st.sampled_from(["", "x", "y"]),
        delay=st.sampled_from([0, 0, 2]),
    )
    def owe(self, lane_id: str, subject: str, kind: str, topic: str, delay: int) -> None:
        """An effect with a topic of its own, or one that shares its topic with others of the subject."""
        key = f"k{len(self.owed)}"
        full = f"{lane_id}{subject}{topic}" if topic else key
        unbegun = {
            r.topic for r in self.rows().values() if r.state == "queued" and not r.started_at
        }
        due_at = self.one.time.now + timedelta(seconds=delay)
        new = owed(key, lane=lane_id, subject=subject, kind=kind, topic=full, due_at=due_at)
        self.one.run(owe, [new], self.one.time.now)
        if full in unbegun:
            topics = [r for r in self.rows().values() if r.topic == full and not r.started_at]
            assert due_at in [row.due_at for row in topics]
        else:
            self.owed.add(key)

    @rule(topic=st.sampled_from(["x", "y"]), subject=st.sampled_from(SUBJECTS))
    def take_back(self, topic: str, subject: str) -> None:
        self.one.run(void, [f"one{subject}{topic}"], "revised", self.one.time.now)

    @rule(seconds=st.sampled_from([1, 3, 10, 31]))
    def time_passes(self, seconds: int) -> None:
        self.one.time.pass_by(seconds)

    @rule(target=claims, owner=st.sampled_from(OWNERS))
    def take(self, owner: str) -> Claim | None:
        before, held = self.rows(), self.held()
        claim = self.one.ledger.take(owner)
        if claim is None:
            free = set(LANES) - held - self.standing()
            assert not [r for r in before.values() if r.lane in free and self.may_go(r, before)]
            return None
        assert claim.lease.lane not in held
        assert claim.lease.epoch > self.epochs[claim.lease.lane]
        self.epochs[claim.lease.lane] = claim.lease.epoch
        self.check_batch(claim, before)
        return claim

    @rule(claim=claims)
    def settle_or_lose(self, claim: Claim | None) -> None:
        """Deliveries of a claim whose lease was lost are recorded by nobody."""
        if claim is None or self.is_mine(claim):
            return
        before = self.rows()
        assert not self.one.ledger.settle(claim.lease, [(r, Delivered("late")) for r in claim.rows])
        assert self.rows() == before

    @rule(
        target=claims, claim=consumes(claims), verdicts=st.lists(VERDICTS, min_size=3, max_size=3)
    )
    def settle_and_go_on(self, claim: Claim | None, verdicts: list[Any]) -> Claim | None:
        if claim is None:
            return None
        mine = self.is_mine(claim)
        judged = list(zip(claim.rows, verdicts, strict=False))
        assert self.one.ledger.settle(claim.lease, judged) is mine
        if not mine:
            return None
        before = self.rows()
        following = self.one.ledger.claim(claim.lease)
        if following is not None:
            self.check_batch(following, before)
        return following

    @rule(claim=consumes(claims), refusal=REFUSALS)
    def stand_still(self, claim: Claim | None, refusal: Wait) -> None:
        if claim is not None:
            mine = self.is_mine(claim)
            sent, unsent = claim.rows[:1], claim.rows[1:]
            assert self.one.ledger.stand_still(claim.lease, refusal, sent, unsent) is mine

    @rule(claim=consumes(claims))
    def give_back(self, claim: Claim | None) -> None:
        if claim is not None:
            mine = self.is_mine(claim)
            assert self.one.ledger.give_back(claim.lease, claim.rows) is mine

    @rule(claim=consumes(claims))
    def crash(self, claim: Claim | None) -> None:
        """The holder is gone with whatever it knew."""

    @rule(key=st.integers(0, 30))
    def replay(self, key: int) -> None:
        row = self.rows().get(f"k{key}")
        if row is None:
            return
        (done,) = self.one.run(replay, [row.id], self.one.time.now)
        assert done.done is (row.state in ("parked", "unsure") and row.replayed_at is None)
        if done.done:
            self.settled.pop(row.key, None)

    @invariant()
    def no_row_is_lost(self) -> None:
        assert set(self.rows()) == self.owed

    @invariant()
    def a_settled_row_never_changes(self) -> None:
        rows = {row.key: dict(row._mapping) for row in self.rows().values()}
        for key, before in self.settled.items():
            assert rows[key] == before
        self.settled = {key: row for key, row in rows.items() if row["state"] in SETTLED}

    @invariant()
    def a_topic_is_owed_once_as_long_as_nobody_has_begun(self) -> None:
        topics = [r.topic for r in self.rows().values() if r.state == "queued" and not r.started_at]
        assert len(topics) == len(set(topics))

    def check_batch(self, claim: Claim, before: dict[str, Any]) -> None:
        mine = [row for row in before.values() if row.lane == claim.lease.lane]
        ready = [row for row in mine if self.may_go(row, before)]
        kind = next(kind for kind in KINDS if any(row.kind == kind for row in ready))
        fitting = sorted((r for r in ready if r.kind == kind), key=lambda r: (r.due_at, r.id))
        assert [row.id for row in claim.rows] == [row.id for row in fitting][:3]
        assert [row.in_doubt for row in claim.rows] == [before[r.key].in_doubt for r in claim.rows]

    def may_go(self, row: Any, rows: dict[str, Any]) -> bool:
        """The model's own words for: due, and the oldest of its subject that is due or was begun."""
        now = self.one.time.now
        before = [
            other
            for other in rows.values()
            if (other.lane, other.subject, other.state) == (row.lane, row.subject, "queued")
            and other.id < row.id
            and (other.started_at is not None or other.due_at <= now)
        ]
        return row.state == "queued" and row.due_at <= now and not before

    def rows(self) -> dict[str, Any]:
        return self.one.rows()

    def held(self) -> set[str]:
        now = self.one.time.now
        return {row.id for row in self.lanes() if row.owner and row.lease_until > now}

    def standing(self) -> set[str]:
        now = self.one.time.now
        return {row.id for row in self.lanes() if row.not_before and row.not_before > now}

    def is_mine(self, claim: Claim) -> bool:
        row = next(row for row in self.lanes() if row.id == claim.lease.lane)
        return (row.owner, row.epoch) == (claim.lease.owner, claim.lease.epoch)

    def lanes(self) -> list[Any]:
        with self.one.database.read() as connection:
            return list(connection.execute(sa.select(lane)))


@pytest.fixture
def machine(database_url: str) -> Iterator[type[Machine]]:
    with bench(database_url, *KINDS) as made:
        for handler in made.handlers.values():
            handler.most = 3
        yield type("Machine", (Machine,), {"one": made})


def test_the_ledger_keeps_its_promises_whatever_happens(machine: type[Machine]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
