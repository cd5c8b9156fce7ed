"""Whatever happens to contacts in the CRM: heard in any order, and more than once, it ends in the same state."""

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Connection

from connectors.changes import ContactEvent, Happened
from plugin.answers.store import answer, erased_answer
from plugin.asking.store import ask
from plugin.crm.happenings import happened
from plugin.deliveries.store import delivery
from plugin.people.store import person
from tests.support.surveys import HUB, World

CONTACTS = [str(number) for number in range(5)]
SOME_TIME = datetime(2026, 11, 1, tzinfo=UTC)  # each event gets its minute when it is told


@dataclass
class Crm:
    """The truth: who is whom, who lies in the bin, who is erased, and what was told of it."""

    into: dict[str, str] = field(default_factory=dict)
    binned: set[str] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)
    told: list[ContactEvent] = field(default_factory=list)

    def living(self) -> list[str]:
        return [c for c in CONTACTS if c not in self.into and c not in self.erased]

    def now(self, contact: str) -> str:
        while contact in self.into:
            contact = self.into[contact]
        return contact

    def tell(self, what: Happened, contact: str, into: str = "") -> None:
        self.told.append(ContactEvent(what, contact, SOME_TIME, into))

    def merge(self, one: str, other: str) -> None:
        if one != other and not {one, other} & self.binned:
            self.into[one] = other
            self.tell(Happened.MERGED, one, other)

    def bin(self, contact: str) -> None:
        if contact not in self.binned:
            self.binned.add(contact)
            self.tell(Happened.DELETED, contact)

    def restore(self, contact: str) -> None:
        if contact in self.binned:
            self.binned.remove(contact)
            self.tell(Happened.RESTORED, contact)

    def erase(self, named: str) -> None:
        """By any id the person was ever known under."""
        self.erased.add(self.now(named))
        self.tell(Happened.ERASED, named)


@st.composite
def histories(draw: st.DrawFn) -> Crm:
    crm = Crm()
    for _ in range(draw(st.integers(1, 9))):
        here = crm.living()
        if not here:
            break
        verb = draw(st.sampled_from([crm.merge, crm.merge, crm.bin, crm.restore, crm.erase]))
        if verb == crm.erase:
            here = [c for c in CONTACTS if crm.now(c) not in crm.erased]
        names = [draw(st.sampled_from(here)) for _ in range(2 if verb == crm.merge else 1)]
        verb(*names)
    return crm


@pytest.fixture
def five(survey_world: World) -> World:
    """Everybody is asked at both touchpoints; all but one of the links are open, and some were answered."""
    for number, contact in enumerate(CONTACTS):
        asked = survey_world.ask(contact)
        survey_world.ask(contact, key="yearly")
        if number % 2:
            assert survey_world.answer(asked, score=number).status_code == 201
    survey_world.write(delivery.delete())
    return survey_world


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(crm=histories(), seed=st.integers(0, 2**32))
def test_the_same_end(five: World, crm: Crm, seed: int) -> None:
    start = five.clock.now() - timedelta(days=1)
    told = [replace(one, at=start + timedelta(minutes=n)) for n, one in enumerate(crm.told)]
    order = random.Random(seed)
    heard = told + [one for one in told if order.random() < 0.4]
    order.shuffle(heard)
    with five.shared.database.write() as connection:
        scene = connection.begin_nested()
        for event in heard:
            happened(connection, five.clock, HUB, event)
        _is_as_in(crm, connection)
        scene.rollback()


def _is_as_in(crm: Crm, connection: Connection) -> None:
    people = {row.contact: row for row in connection.execute(sa.select(person))}
    by_id = {row.id: row.contact for row in people.values()}
    assert {c: by_id.get(row.survivor, c) for c, row in people.items()} == {
        c: crm.now(c) for c in CONTACTS
    }
    gone = {c for c in CONTACTS if crm.now(c) in crm.erased}
    assert {c for c, row in people.items() if row.erased_at} == gone
    standing = set(crm.living())
    assert {c for c in standing if people[c].gone_at} == crm.binned & standing
    _answers_are_as_in(crm, gone, connection, by_id)
    _questions_are_as_in(crm, standing, connection, by_id)


def _answers_are_as_in(
    crm: Crm, gone: set[str], connection: Connection, by_id: dict[str, str]
) -> None:
    answered = [c for n, c in enumerate(CONTACTS) if n % 2]
    kept = Counter((by_id[row.person], row.score) for row in connection.execute(sa.select(answer)))
    assert kept == Counter((crm.now(c), int(c)) for c in answered if c not in gone)
    counted = {row.score: row.how_many for row in connection.execute(sa.select(erased_answer))}
    assert counted == {int(c): 1 for c in answered if c in gone}


def _questions_are_as_in(
    crm: Crm, standing: set[str], connection: Connection, by_id: dict[str, str]
) -> None:
    """One open question a touchpoint for each who is left, and whatever became another leads to it."""
    asks = {row.id: row for row in connection.execute(sa.select(ask))}
    still = Counter((by_id[a.person], a.touchpoint) for a in asks.values() if a.state == "open")
    assert set(still.values()) <= {1}
    assert {c for c, key in still if key == "yearly"} == standing
    for one in asks.values():
        assert one.became is None or asks[one.became].person == one.person
        assert one.became is None or asks[one.became].became is None
