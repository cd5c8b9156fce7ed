"""Asks, answers, declines, unsubscribes, merges and follow-ups in any order, on any of three workers: no limit is
broken, and a refusal has the one reason that a plain list of what happened gives it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from plugin.answers.actions import Post
from plugin.answers.receipts import Receipt
from plugin.answers.rules import Submission
from plugin.app import create_app
from plugin.asking.actions import Wish, decide, declined
from plugin.asking.rules import NotAsked
from plugin.asking.store import frequency
from plugin.clock import Clock
from plugin.crm.merging import merge
from plugin.db import metadata
from plugin.followups.actions import task_seen
from plugin.followups.rules import TaskSeen
from plugin.followups.store import followup
from plugin.people.rules import ContactName, FoundContact
from plugin.people.store import person
from plugin.services import Services
from plugin.wiring import build_services
from tests.support.surveys import HUB, World
from tests.support.surveys import settings as chosen

COMPANIES = {"101": "a", "102": "a", "103": "a", "104": "b"}
KINDS = {"support": "transactional", "yearly": "relational"}
CAP, CAP_DAYS = 2, 20
DAY = timedelta(days=1)
CONTACTS, TOUCHPOINTS = st.sampled_from(sorted(COMPANIES)), st.sampled_from(sorted(KINDS))
WORKERS = st.integers(0, 2)
AFTER = st.sampled_from([0, 0, 1, 19, 20, 29, 30, 59, 89, 90])
THEN = st.sampled_from(["", "", "", "9", "9", "9", "decline", "decline", "2"])


def emptied() -> list[sa.Table]:
    """All that is about people, what refers to something before that."""
    names = {"person", "company", "delivery"}
    for table in metadata.sorted_tables:
        if any(key.column.table.name in names for key in table.foreign_keys):
            names.add(table.name)
    return [table for table in reversed(metadata.sorted_tables) if table.name in names]


class Still(Clock):
    """Moves only when it is told to."""

    at = datetime(2026, 11, 20, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


class Everybody:
    """The CRM: each contact, or the one it was merged into, and her company."""

    merged: ClassVar[dict[str, str]] = {}

    def find(self, installation: str, name: ContactName) -> list[FoundContact]:
        contact = now_is(str(name.id))
        return [FoundContact(contact, company=COMPANIES[contact])]


def now_is(contact: str) -> str:
    while contact in Everybody.merged:
        contact = Everybody.merged[contact]
    return contact


@dataclass
class Given:
    """An ask as the list remembers it."""

    id: str
    at: datetime
    touchpoint: str
    state: str = "open"
    heard: bool = False


@dataclass
class Her:
    """Everything that ever happened to one person."""

    asks: list[Given] = field(default_factory=list)
    answers: list[datetime] = field(default_factory=list)
    declines: list[datetime] = field(default_factory=list)
    unsubscribed: bool = False
    owed: set[str] = field(default_factory=set)  # asks whose follow-up is open
    handled: set[str] = field(default_factory=set)


class Machine(RuleBasedStateMachine):
    workers: list[Services]
    apps: list[Flask]
    clock: Still

    @initialize()
    def begin(self) -> None:
        with self.workers[0].database.write() as connection:
            for table in emptied():
                connection.execute(table.delete())
        self.people = {contact: Her() for contact in COMPANIES}
        Everybody.merged.clear()
        self.companies: dict[str, list[datetime]] = {"a": [], "b": []}

    @rule(wishes=st.lists(st.tuples(CONTACTS, TOUCHPOINTS, WORKERS, AFTER, THEN), min_size=1))
    def ask(self, wishes: list[tuple[str, str, int, int, str]]) -> None:
        """Each after some days; and the customer reacts at once, or not."""
        for contact, key, worker, after, then in wishes:
            self.clock.at += after * DAY
            self.decide(contact, key, worker)
            if then == "decline":
                self.decline(contact, worker, 0)
            elif then:
                self.answer(contact, int(then), worker, 0)

    def decide(self, contact: str, key: str, worker: int) -> None:
        top, now = now_is(contact), self.clock.now()
        opened, expected = self.open_ask(top, key), self.reason(top, key)
        decision = decide(self.workers[worker], Wish(HUB, ContactName(id=contact), key))
        if isinstance(decision, NotAsked):
            assert decision.reason == expected
            assert decision.next_eligible_at is None or decision.next_eligible_at > now
            return
        assert expected is None, f"asked, although {expected}"
        assert decision.contact == top
        if opened is not None:
            assert decision.ask == opened.id
        else:
            self.people[top].asks.append(Given(decision.ask, now, key))
            self.companies[COMPANIES[top]].append(now)

    @rule(contact=CONTACTS, score=st.sampled_from([2, 9]), worker=WORKERS, pick=st.integers(0, 9))
    def answer(self, contact: str, score: int, worker: int, pick: int) -> None:
        top = now_is(contact)
        her, given = self.people[top], self.some_open(top, pick)
        if given is None:
            return
        door = self.apps[worker].extensions["gensvar.answers"]
        assert isinstance(door.recorder.submit(Post(given.id, Submission("", score))), Receipt)
        given.state, now = "answered", self.clock.now()
        her.answers.append(now)
        self.heard(her)
        if score == 2:
            her.owed.add(given.id)

    @rule(contact=CONTACTS, worker=WORKERS, pick=st.integers(0, 9))
    def decline(self, contact: str, worker: int, pick: int) -> None:
        top = now_is(contact)
        given = self.some_open(top, pick)
        if given is None:
            return
        with self.workers[worker].database.write() as connection:
            declined(connection, given.id, self.clock)
        given.state = "declined"
        self.people[top].declines.append(self.clock.now())
        self.heard(self.people[top])

    @rule(contact=CONTACTS, worker=WORKERS, closed=st.booleans())
    def task(self, contact: str, worker: int, closed: bool) -> None:
        """Its task is completed in the CRM, or opened again."""
        her = self.people[now_is(contact)]
        chosen = sorted(her.owed if closed else her.handled)
        if not chosen:
            return
        with self.workers[worker].database.write() as connection:
            seen = TaskSeen(self.task_of(connection, chosen[0]), self.clock.now(), closed=closed)
            task_seen(connection, HUB, seen, self.clock.now())
        (her.owed if closed else her.handled).remove(chosen[0])
        (her.handled if closed else her.owed).add(chosen[0])
        self.clock.at += timedelta(minutes=1)

    @rule(contact=st.sampled_from(["103", "104"]), worker=WORKERS)
    def unsubscribe(self, contact: str, worker: int) -> None:
        top = now_is(contact)
        if self.known(top) is None:
            return
        with self.workers[worker].database.write() as connection:
            connection.execute(
                person.update()
                .where(person.c.contact == top)
                .values(unsubscribed_at=self.clock.now())
            )
        self.people[top].unsubscribed = True

    @rule(contact=CONTACTS, into=CONTACTS, worker=WORKERS)
    def merge(self, contact: str, into: str, worker: int) -> None:
        loser, winner = now_is(contact), now_is(into)
        merged = self.known(loser)
        if loser == winner or merged is None:
            return
        with self.workers[worker].database.write() as connection:
            merge(connection, merged, winner, self.clock.now(), self.clock.now())
        Everybody.merged[loser] = winner
        self.join(self.people[winner], self.people.pop(loser))
        self.clock.at += timedelta(minutes=1)

    @invariant()
    def what_stands_on_a_person_is_what_happened(self) -> None:
        with self.workers[0].database.read() as connection:
            rows = {row.contact: row for row in connection.execute(sa.select(person))}
        for contact, her in self.people.items():
            if contact in rows:
                row = rows[contact]
                assert row.follow_up_open == bool(her.owed)
                assert row.last_answered_at == max(her.answers, default=None)
                assert row.last_declined_at == max(her.declines, default=None)

    # what a plain list of everything that happened says

    def reason(self, top: str, key: str) -> str | None:
        her, now, days = self.people[top], self.clock.now(), {"answers": 90, "declines": 30}
        opened = self.open_ask(top, key)
        since = datetime.min.replace(tzinfo=UTC) if opened is None else opened.at
        if her.unsubscribed:
            return "unsubscribed"
        if her.owed:
            return "follow_up_open"
        for name, wait in days.items():
            if any(at > since and now < at + wait * DAY for at in getattr(her, name)):
                return {"answers": "answered_recently", "declines": "declined_recently"}[name]
        if opened is not None:
            return None
        if any(not given.heard and now < given.at + 30 * DAY for given in her.asks):
            return "asked_recently"
        lately = [at for at in self.companies[COMPANIES[top]] if now < at + CAP_DAYS * DAY]
        return "company_cap" if len(lately) >= CAP else None

    def heard(self, her: Her) -> None:
        for given in her.asks:
            given.heard = True

    def open_ask(self, top: str, key: str) -> Given | None:
        for given in self.people[top].asks:
            alive = self.clock.now() < given.at + 60 * DAY
            if given.touchpoint == key and given.state == "open" and alive:
                return given
        return None

    def some_open(self, top: str, pick: int) -> Given | None:
        found = [one for key in sorted(KINDS) if (one := self.open_ask(top, key))]
        return found[pick % len(found)] if found else None

    def join(self, kept: Her, gone: Her) -> None:
        """Of two open asks of one touchpoint the newer stays."""
        kept.asks = sorted(kept.asks + gone.asks, key=lambda given: (given.at, given.id))
        for key in KINDS:
            opened = [g for g in kept.asks if g.touchpoint == key and g.state == "open"]
            for older in opened[:-1]:
                older.state = "expired"
        kept.answers += gone.answers
        kept.declines += gone.declines
        kept.unsubscribed |= gone.unsubscribed
        kept.owed |= gone.owed
        kept.handled |= gone.handled

    def known(self, contact: str) -> str | None:
        with self.workers[0].database.read() as connection:
            found = connection.scalar(sa.select(person.c.id).where(person.c.contact == contact))
        return None if found is None else str(found)

    def task_of(self, connection: Any, ask_id: str) -> str:
        """The task of the ask's follow-up, as if it had been made in the CRM."""
        from plugin.answers.store import answer

        made = sa.select(answer.c.id).where(answer.c.ask == ask_id).scalar_subquery()
        connection.execute(
            followup.update().where(followup.c.answer == made).values(task=f"task-{ask_id}")
        )
        return f"task-{ask_id}"


def test_no_order_of_events_breaks_a_limit(survey_world: World, database_url: str) -> None:
    clock = Still()
    Machine.clock = clock
    Machine.workers = [build_services(chosen(database_url), clock) for _ in range(3)]
    for worker in Machine.workers:
        worker.directory = Everybody()
    Machine.apps = [create_app(worker) for worker in Machine.workers]
    with survey_world.shared.database.write() as connection:
        connection.execute(frequency.update().values(company_most=CAP, company_days=CAP_DAYS))
    checked = settings(
        max_examples=20,
        stateful_step_count=25,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking would take minutes
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    try:
        run_state_machine_as_test(Machine, settings=checked)
    finally:
        for worker in Machine.workers:
            worker.database.close()
