"""How often people are asked, through the doors of hosts and customers: refusals, their dates, what a CRM is told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from plugin.asking.store import ask, frequency, refused_ask
from plugin.deliveries.store import delivery
from plugin.followups.store import followup
from plugin.people.rules import FoundContact
from plugin.people.store import company, person
from tests.asking.test_api import key_of, post
from tests.asking.test_decide import ANNA, shelf
from tests.support.surveys import World

DAY = timedelta(days=1)


class Host:
    """A host's server, and the customer in front of its page."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.key = key_of(world)

    def ask(self, touchpoint: str = "support", **more: Any) -> dict[str, Any]:
        wanted = {"contact": "101", "touchpoint": touchpoint, **more}
        reply = post(self.world, self.key, wanted)
        assert reply.status_code == 200, reply.json
        return dict(reply.json)

    def asked(self, touchpoint: str = "support", **more: Any) -> str:
        return str(self.ask(touchpoint, **more)["token"])

    def refused(self, touchpoint: str = "support", **more: Any) -> tuple[str, datetime | None]:
        said = self.ask(touchpoint, **more)
        assert said["asked"] is False, said
        at = said["next_eligible_at"]
        return said["reason"], datetime.fromisoformat(at) if at else None

    def decline(self, token: str) -> None:
        reply = self.world.client.post(
            "/api/v1/asks/events", data={"token": token, "event": "declined"}
        )
        assert reply.status_code == 204

    def person(self) -> dict[str, Any]:
        return self.world.rows(sa.select(person).where(person.c.contact == "101"))[0]


@pytest.fixture
def host(survey_world: World) -> Host:
    shelf(survey_world, ANNA)
    return Host(survey_world)


def near(at: datetime | None, wanted: datetime) -> bool:
    return at is not None and abs(at - wanted) < timedelta(seconds=10)


def test_after_an_answer_she_is_left_alone_everywhere_and_the_contact_says_until_when(
    host: Host,
) -> None:
    token, now = host.asked(), host.world.clock.now()
    host.world.answer(token, score=9)
    assert near(host.person()["next_ask_at"], now + 90 * DAY), "before anybody asks again"
    assert host.person()["ask_refusal"] is None
    for touchpoint, channel in (("support", "widget"), ("yearly", "link"), ("support", "email")):
        reason, at = host.refused(touchpoint, channel=channel)
        assert reason == "answered_recently"
        assert near(at, now + 90 * DAY)
    assert host.person()["ask_refusal"] == "answered_recently"
    host.world.clock.ahead += 90 * DAY
    assert host.ask()["asked"] is True
    assert host.person()["ask_refusal"] is None


def test_after_a_decline_and_after_silence_it_is_thirty_days(host: Host) -> None:
    token, now = host.asked(), host.world.clock.now()
    assert near(host.person()["next_ask_at"], now + 30 * DAY)
    assert host.refused("yearly")[0] == "asked_recently"
    host.world.clock.ahead += DAY / 2
    host.decline(token)
    assert near(host.person()["next_ask_at"], now + 30.5 * DAY)
    for touchpoint in ("support", "yearly"):
        reason, at = host.refused(touchpoint)
        assert reason == "declined_recently"
        assert near(at, now + 30.5 * DAY)
    host.world.clock.ahead += 30 * DAY
    assert host.ask("yearly")["asked"] is True


def test_a_reload_is_not_refused_by_its_own_ask_and_counts_once(host: Host) -> None:
    shelf(host.world, FoundContact("101", company="c1", email="a@b.c"))
    host.world.write(frequency.update().values(company_most=1))
    first, second = host.ask(), host.ask(channel="link")
    assert first["ask_id"] == second["ask_id"]
    assert len(host.world.one(sa.select(company.c.asked))) == 1


def test_a_decline_reaches_the_contact_in_the_crm(host: Host) -> None:
    token = host.asked()
    host.world.write(delivery.update().values(state="delivered", started_at=host.world.clock.now()))
    host.decline(token)
    host.decline(token)
    waiting = sa.select(delivery.c.kind).where(delivery.c.state == "queued")
    assert [row["kind"] for row in host.world.rows(waiting)] == ["contact"]


def test_an_unhappy_customer_is_not_asked_while_a_reply_is_owed(host: Host) -> None:
    host.world.answer(host.asked(), score=2)
    assert host.person()["follow_up_open"] is True
    assert host.refused() == ("follow_up_open", None)
    assert near(host.person()["next_ask_at"], host.world.clock.now() + 90 * DAY)
    host.world.clock.ahead += 100 * DAY
    assert host.refused() == ("follow_up_open", None)
    _close(host.world)
    assert host.person()["ask_refusal"] is None
    assert host.ask()["asked"] is True


def _close(world: World) -> None:
    from plugin.followups.actions import handled
    from plugin.followups.rules import Choices

    choices = Choices({"price": "Price"}, {"kept": "Kept"})
    open_ones = sa.select(followup.c.id).where(followup.c.state == "open")
    with world.shared.database.write() as connection:
        for one in connection.scalars(open_ones).all():
            handled(
                connection, one, choices,
                cause="price", outcome="kept", by="Bo", now=world.clock.now(),
            )  # fmt: skip


def test_an_answer_that_turns_good_before_anybody_acted_owes_nothing_any_more(host: Host) -> None:
    token = host.asked()
    host.world.answer(token, score=2)
    host.world.answer(token, score=9)
    assert host.person()["follow_up_open"] is False
    host.world.answer(token, score=3)
    assert host.person()["follow_up_open"] is True


def test_a_company_s_cap_holds_over_its_people_and_touchpoints(host: Host) -> None:
    host.world.write(frequency.update().values(company_most=2, company_days=10))
    began = host.world.clock.now()
    for contact in ("101", "102", "103"):
        shelf(host.world, FoundContact(contact, company="c1"))
        said = host.ask("yearly" if contact == "102" else "support", contact=contact)
        host.world.clock.ahead += DAY
    assert said["asked"] is False
    assert said["reason"] == "company_cap"
    assert near(datetime.fromisoformat(said["next_eligible_at"]), began + 10 * DAY)
    shelf(host.world, FoundContact("104", company="c2"))
    assert host.ask(contact="104")["asked"] is True
    host.world.clock.ahead += 8 * DAY
    shelf(host.world, FoundContact("103", company="c1"))
    assert host.ask(contact="103")["asked"] is True


def test_what_it_is_about_may_be_too_long_ago(host: Host) -> None:
    from plugin.touchpoints.store import touchpoint

    host.world.write(touchpoint.update().values(window_days=14))
    now = host.world.clock.now()
    late = {"occurred_at": (now - 15 * DAY).isoformat()}
    assert host.refused(context=late) == ("outside_window", None)
    assert host.person()["next_ask_at"] is None
    ended = {"occurred_at": (now - 13 * DAY).isoformat().replace("+00:00", "Z")}
    assert host.ask(context=ended)["asked"] is True
    ends = host.world.one(sa.select(ask.c.expires_at))
    assert near(ends, now + DAY)


@pytest.mark.parametrize(
    "when", ["yesterday", 5, None, "2026-11-20T09:30:00", "", "9999-12-31T23:59:59Z"]
)
def test_a_time_that_cannot_be_read_is_refused_by_name(host: Host, when: Any) -> None:
    body = {"contact": "101", "touchpoint": "support", "context": {"occurred_at": when}}
    reply = post(host.world, host.key, body)
    assert (reply.status_code, list(reply.json["fields"])) == (422, ["context"])


def test_a_new_address_is_worth_a_try_after_one_that_bounced(host: Host) -> None:
    host.world.person(email="old@b.c", opted_out=False, bounced_at=host.world.clock.now())
    assert host.refused(channel="email") == ("bounced", None)
    host.world.clock.ahead += timedelta(minutes=11)
    assert host.ask(channel="email")["asked"] is True


def test_the_refusal_is_kept_once_per_touchpoint_and_gone_when_she_is_asked(host: Host) -> None:
    host.world.person(unsubscribed_at=host.world.clock.now())
    for touchpoint in ("support", "yearly", "support", "yearly"):
        host.refused(touchpoint)
    kept = host.world.rows(sa.select(refused_ask.c.touchpoint, refused_ask.c.reason))
    assert sorted(row["touchpoint"] for row in kept) == ["support", "yearly"]
    assert {row["reason"] for row in kept} == {"unsubscribed"}
    owed = host.world.one(sa.select(sa.func.count()).select_from(delivery))
    assert owed == 1, "two touchpoints on one page do not tell the CRM again and again"
    host.world.write(person.update().values(unsubscribed_at=None))
    host.ask("yearly")
    assert [row["touchpoint"] for row in host.world.rows(sa.select(refused_ask))] == ["support"]


def test_the_contact_s_time_zone_comes_from_the_crm(host: Host) -> None:
    shelf(host.world, FoundContact("101", email="a@b.c", opted_out=False, time_zone="Asia/Tokyo"))
    zone_hour = datetime.now(UTC).hour
    host.world.write(
        frequency.update().values(
            quiet_from=(zone_hour + 9) % 24, quiet_until=(zone_hour + 11) % 24
        )
    )
    reason, at = host.refused(channel="email")
    assert reason == "quiet_hours"
    assert at is not None
    assert timedelta() < at - host.world.clock.now() <= timedelta(hours=2)
    assert host.ask()["asked"] is True
