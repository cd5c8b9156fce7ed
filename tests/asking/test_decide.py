"""Who is asked, and the one reason why not; asks are the same for a reload."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import sqlalchemy as sa

from plugin.asking.actions import Wish, decide
from plugin.asking.rules import Asked, NotAsked
from plugin.asking.store import ask
from plugin.deliveries.store import delivery
from plugin.errors import Problem
from plugin.people import actions as people
from plugin.people.rules import ContactName, FoundContact
from plugin.people.store import person
from plugin.touchpoints.store import touchpoint
from tests.support.surveys import HUB, World

ANNA = FoundContact("101", "Anna Åberg", "anna@example.com", locale="sv", opted_out=False)


@dataclass
class Shelf:
    """A directory with what a CRM would find; counts how often it is asked."""

    found: list[FoundContact] = field(default_factory=list)
    trouble: Problem | None = None
    looks: int = 0

    def find(self, installation: str, name: ContactName) -> list[FoundContact]:
        self.looks += 1
        if self.trouble is not None:
            raise self.trouble
        return self.found

    def known(
        self, installation: str, contacts: Sequence[str]
    ) -> Mapping[str, FoundContact | None]:
        self.looks += 1
        if self.trouble is not None:
            raise self.trouble
        there = {one.contact: one for one in self.found}
        return {contact: there.get(contact) for contact in contacts}


def wish(**changed: object) -> Wish:
    given: dict[str, object] = {
        "installation": HUB,
        "contact": ContactName(id="101"),
        "touchpoint": "support",
    }
    return Wish(**(given | changed))  # type: ignore[arg-type]


def shelf(world: World, *found: FoundContact) -> Shelf:
    world.shared.directory = Shelf(list(found))
    return world.shared.directory


def refused(world: World, wanted: Wish) -> str:
    with pytest.raises(Problem) as problem:
        decide(world.shared, wanted)
    return problem.value.code


def test_nobody_is_asked_about_an_unknown_touchpoint(survey_world: World) -> None:
    shelf(survey_world, ANNA)
    assert refused(survey_world, wish(touchpoint="nowhere")) == "not_found"


def test_an_unknown_contact_is_not_found_and_not_created(survey_world: World) -> None:
    shelf(survey_world)
    assert refused(survey_world, wish()) == "not_found"
    assert survey_world.rows(sa.select(person)) == []


def test_several_contacts_are_ambiguous(survey_world: World) -> None:
    shelf(survey_world, ANNA, FoundContact("102"))
    assert (
        refused(survey_world, wish(contact=ContactName(field="email", value="a@b.c")))
        == "contact_ambiguous"
    )


def test_a_crm_that_does_not_answer_is_said_unless_the_contact_is_known(
    survey_world: World,
) -> None:
    held = shelf(survey_world, ANNA)
    held.trouble = Problem("crm_unavailable")
    assert refused(survey_world, wish()) == "crm_unavailable"
    held.trouble = None
    assert isinstance(decide(survey_world.shared, wish()), Asked)
    survey_world.clock.ahead += timedelta(minutes=11)
    held.trouble = Problem("needs_reconnect")
    assert isinstance(decide(survey_world.shared, wish()), Asked)


@pytest.mark.parametrize(
    ("values", "channel", "reason"),
    [
        ({"erased_at": "now", "gone_at": "now"}, "widget", "erased"),
        ({"unsubscribed_at": "now"}, "widget", "unsubscribed"),
        ({"opted_out": True}, "email", "opted_out"),
        ({"opted_out": None}, "email", "opted_out"),
        ({"opted_out": False, "email": ""}, "email", "no_address"),
    ],
)
def test_a_refusal_has_the_first_reason_that_holds(
    survey_world: World, values: dict[str, object], channel: str, reason: str
) -> None:
    shelf(survey_world, ANNA)
    now = survey_world.clock.now()
    survey_world.person(**{k: now if v == "now" else v for k, v in values.items()})
    assert decide(survey_world.shared, wish(channel=channel)) == NotAsked(reason)
    assert survey_world.one(sa.select(person.c.ask_refusal)) == reason
    told = survey_world.one(sa.select(delivery.c.kind))
    assert told == (None if reason == "erased" else "contact")


def test_an_opt_out_of_mail_does_not_stop_the_widget(survey_world: World) -> None:
    shelf(survey_world, FoundContact("101", email="a@b.c", opted_out=True))
    assert isinstance(decide(survey_world.shared, wish()), Asked)
    assert decide(survey_world.shared, wish(channel="email")) == NotAsked("opted_out")


def test_a_deleted_contact_is_gone(survey_world: World) -> None:
    held = shelf(survey_world, ANNA)
    decide(survey_world.shared, wish())
    held.found = []
    survey_world.clock.ahead += timedelta(minutes=11)
    assert decide(survey_world.shared, wish()) == NotAsked("gone")


def test_a_contact_that_is_gone_is_owed_nothing(survey_world: World) -> None:
    shelf(survey_world, ANNA)
    survey_world.person(gone_at=survey_world.clock.now())
    assert decide(survey_world.shared, wish()) == NotAsked("gone")
    assert survey_world.one(sa.select(sa.func.count()).select_from(delivery)) == 0


def test_the_same_refusal_twice_is_told_once(survey_world: World) -> None:
    """A page that is loaded again and again costs the CRM no calls."""
    shelf(survey_world, ANNA)
    survey_world.person(unsubscribed_at=survey_world.clock.now())
    for _ in range(2):
        assert decide(survey_world.shared, wish()) == NotAsked("unsubscribed")
        with survey_world.shared.database.write() as connection:
            connection.execute(delivery.update().values(state="delivered"))
    assert survey_world.one(sa.select(sa.func.count()).select_from(delivery)) == 1


def test_a_reload_is_the_same_ask(survey_world: World) -> None:
    held = shelf(survey_world, ANNA)
    first, second = (decide(survey_world.shared, wish()) for _ in range(2))
    assert isinstance(first, Asked)
    assert isinstance(second, Asked)
    assert first.ask == second.ask
    assert held.looks == 1
    assert first.locale == "sv"
    assert len(survey_world.rows(sa.select(ask))) == 1


def test_an_answered_declined_or_expired_ask_is_not_open(survey_world: World) -> None:
    """Half a year later each of them leaves room for a new one."""
    shelf(survey_world, ANNA)
    asked = {decide(survey_world.shared, wish()).ask}  # type: ignore[union-attr]
    for state in ("answered", "declined", "open"):
        survey_world.write(ask.update().where(ask.c.state == "open").values(state=state))
        survey_world.clock.ahead += timedelta(days=180)
        asked.add(decide(survey_world.shared, wish()).ask)  # type: ignore[union-attr]
    assert len(asked) == 4


def test_a_widget_s_token_lives_a_day_and_a_link_sixty(survey_world: World) -> None:
    now = survey_world.clock.now()
    for contact, channel, days in (("101", "widget", 1), ("102", "link", 60)):
        shelf(survey_world, FoundContact(contact))
        asked = decide(survey_world.shared, wish(contact=ContactName(id=contact), channel=channel))
        assert isinstance(asked, Asked)
        assert (
            timedelta()
            <= asked.token_expires_at - now - timedelta(days=days)
            < timedelta(seconds=5)
        )


def test_a_link_lives_no_longer_than_its_touchpoint_s_window(survey_world: World) -> None:
    shelf(survey_world, ANNA)
    survey_world.write(touchpoint.update().values(window_days=14, delay_hours=24))
    now = survey_world.clock.now()
    asked = decide(survey_world.shared, wish(channel="link", occurred_at=now - timedelta(days=3)))
    assert isinstance(asked, Asked)
    assert asked.token_expires_at == now + timedelta(days=12)


def test_a_channel_the_touchpoint_does_not_use_is_named(survey_world: World) -> None:
    shelf(survey_world, ANNA)
    survey_world.write(touchpoint.update().values(channels=["widget", "link"]))
    assert refused(survey_world, wish(channel="email")) == "field_invalid"
    assert isinstance(decide(survey_world.shared, wish(channel="link")), Asked)


def test_a_merged_contact_is_asked_as_its_survivor(survey_world: World) -> None:
    shelf(survey_world, ANNA)
    merged = survey_world.person()
    with survey_world.shared.database.write() as connection:
        people.merge(connection, merged, "900", survey_world.clock.now())
    asked = decide(survey_world.shared, wish())
    assert isinstance(asked, Asked)
    assert asked.contact == "900"


def test_an_ask_shows_on_the_contact_once(survey_world: World) -> None:
    shelf(survey_world, ANNA)
    for key in ("support", "yearly", "support"):
        decide(survey_world.shared, wish(touchpoint=key))
    assert [row["kind"] for row in survey_world.rows(sa.select(delivery))] == ["contact"]


def test_however_many_are_asked_over_one_connection(survey_world: World) -> None:
    for number in range(15):
        contact = str(200 + number)
        shelf(survey_world, FoundContact(contact))
        asked = decide(survey_world.shared, wish(contact=ContactName(id=contact)))
        assert isinstance(asked, Asked)
