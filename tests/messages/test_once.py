"""One message a person and change, whatever is killed, merged, pressed or retried: a state machine over real parts."""

import contextlib
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from plugin.crm.merging import merge
from plugin.deliveries.store import lane
from plugin.errors import Problem
from plugin.mail import unsubscribing
from plugin.messages import actions, outcomes, stepping
from plugin.messages.store import message, recipient
from plugin.people import actions as people
from plugin.people.store import person
from tests.messages.room import ANNA, Room, opened, until_owed
from tests.support.smtp import SmtpServer

NAMES = ("Cilla", "Dora", "Eva", "Frid")
KILLED = ("before", "between", "after")


class Killed(BaseException):
    """kill -9: nothing is caught, nothing is written down any more."""


class Once(RuleBasedStateMachine):
    room: Room

    @initialize(steps=st.sampled_from((0, 2, 2, 2)))
    def customers(self, steps: int) -> None:
        """Mostly at the moment at which mails are about to leave."""
        self.room.server.mails.clear()
        suffix = str(self.room.world.one(sa.select(sa.func.count()).select_from(person)))
        self.theme = f"theme{suffix}"
        self.who = [self.room.customer(f"{name}{suffix}", theme=self.theme) for name in NAMES]
        self.change = self.room.change(theme=self.theme)
        self.joined: list[tuple[set[str], int]] = []
        if steps:
            self.press_send()
            self.work(steps)

    @rule()
    def press_send(self) -> None:
        with contextlib.suppress(Problem):
            self.room.send(self.change)

    @rule(verb=st.sampled_from(("pause", "resume", "stop")))
    def press(self, verb: str) -> None:
        getattr(actions, verb)(self.room.services, ANNA, self.change)

    @rule(steps=st.integers(1, 4))
    def work(self, steps: int) -> None:
        ledger = self.room.ledger()
        for _ in range(steps):
            self.room.step(ledger)

    @rule(where=st.sampled_from(KILLED))
    def killed(self, where: str) -> None:
        """In the middle of a delivery; half a minute later another worker comes."""
        kill(self.room, where)
        with self.room.services.database.write() as connection:
            stepping.ensure(connection, self.room.world.clock.now())

    @rule(where=st.sampled_from(KILLED), steps=st.integers(1, 3))
    def killed_and_gone_on(self, where: str, steps: int) -> None:
        self.killed(where)
        self.work(steps)

    @rule(seconds=st.sampled_from((3, 11, 40)))
    def later(self, seconds: int) -> None:
        self.room.later(seconds=seconds)

    @rule(one=st.integers(0, 3), other=st.integers(0, 3))
    def become_one(self, one: int, other: int) -> None:
        loser, winner = self.who[one], self.who[other]
        now = self.room.world.clock.now()
        with self.room.services.database.write() as connection:
            contact = people.survivor(connection, winner).contact
            if people.survivor(connection, loser).contact != contact:
                merge(connection, loser, contact, now, now)
                self._one_person(connection, loser)
        self.room.world.write(person.update().values(seen_at=now + timedelta(days=1)))

    @rule(one=st.integers(0, 3))
    def unsubscribe(self, one: int) -> None:
        with self.room.services.database.write() as connection:
            unsubscribing.unsubscribe(connection, self.who[one], self.room.world.clock.now())

    @rule(one=st.integers(0, 3))
    def answers_again(self, one: int) -> None:
        with self.room.services.database.read() as connection:
            her = people.survivor(connection, self.who[one]).id
        self.room.answered(her, "Still slow", theme=self.theme)

    @invariant()
    def nobody_has_two(self) -> None:
        """Two contacts may both have had theirs before they became one, and none after."""
        if not hasattr(self, "who"):
            return
        got = [mail.to[0] for mail in self.room.server.mails]
        assert len(got) == len(set(got)), got
        for addresses, before in self.joined:
            assert sum(to in addresses for to in got) <= max(1, before), (addresses, got)

    @invariant()
    def what_is_said_is_true(self) -> None:
        if not hasattr(self, "who"):
            return
        rows = self.room.world.rows(sa.select(recipient).where(recipient.c.change == self.change))
        assert len({row["person"] for row in rows}) == len(rows)
        told = [row for row in rows if row["state"] == "told"]
        assert len(told) <= len(self.room.server.mails)
        assert all(row["mailed_at"] for row in told)

    def teardown(self) -> None:
        """Everybody was told, is unsure, or has a reason, and nobody is left."""
        if not hasattr(self, "who"):
            return
        actions.resume(self.room.services, ANNA, self.change)
        free = {"owner": None, "lease_until": None, "not_before": None}
        self.room.world.write(lane.update().values(**free))
        with self.room.services.database.write() as connection:
            stepping.ensure(connection, self.room.world.clock.now())
        self.room.settle(4)
        self.nobody_has_two()
        state = self.room.world.one(
            sa.select(message.c.state).where(message.c.change == self.change)
        )
        assert state in (None, "draft", "done", "stopped")
        left = sa.select(recipient).where(
            recipient.c.change == self.change, recipient.c.state == "due"
        )
        assert self.room.world.rows(left) == []

    def _one_person(self, connection: Any, who: str) -> None:
        mine = person.c.id.in_(people.identities(connection, who))
        addresses = set(connection.scalars(sa.select(person.c.email).where(mine)))
        got = sum(mail.to[0] in addresses for mail in self.room.server.mails)
        self.joined.append((addresses, got))


def kill(room: Room, where: str) -> None:
    """kill -9 in the middle of the next delivery; half a minute later its lane is free."""
    office, mailed = room.office, outcomes.mailed_as_read
    assert office is not None
    send = office.send

    def dying(*given: Any) -> Any:
        if where == "between":
            send(*given)
        raise Killed

    def unwritten(*given: Any) -> bool:
        mailed(*given)
        raise Killed

    try:
        if where == "after":
            outcomes.mailed_as_read = unwritten
        else:
            office.send = dying  # type: ignore[method-assign]
        room.step(room.ledger())
    except Killed:
        pass
    finally:
        vars(office).pop("send", None)
        outcomes.mailed_as_read = mailed
    room.world.write(lane.update().values(owner=None, lease_until=None, not_before=None))


@pytest.mark.parametrize(("where", "mails"), [("before", 0), ("between", 1), ("after", 1)])
def test_killed_while_a_mail_is_handed_over_it_is_unsure_and_not_sent_again(
    room: Room, where: str, mails: int
) -> None:
    room.customer("Cilla")
    change_id = room.change()
    room.send(change_id)
    until_owed(room)
    kill(room, where)
    room.settle()
    assert len(room.server.mails) == mails
    assert room.became(change_id) == {"Cilla": "unsure"}
    assert room.draft(change_id).state == "done"


@pytest.fixture
def machine(database_url: str, smtp_server: SmtpServer) -> Any:
    with opened(database_url, smtp_server) as room:
        yield type("OnceHere", (Once,), {"room": room})


def test_nobody_is_told_twice_and_nobody_is_forgotten(machine: Any) -> None:
    chosen = settings(
        max_examples=10,
        phases=(Phase.generate,),
        stateful_step_count=15,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=chosen)
