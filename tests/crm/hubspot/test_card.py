"""The card's data and its two actions."""

from datetime import timedelta

import sqlalchemy as sa

from connectors.sandbox.hubspot import HubSpotSandbox
from plugin.asking.store import ask
from plugin.deliveries.store import delivery
from plugin.followups.store import followup
from plugin.people.store import person
from tests.crm.hubspot.calls import REP, Calls, code
from tests.support.surveys import HUB

EMPTY = {"answers": [], "follow_ups": [], "more": False, "last_asked_at": None, "next_ask_at": None,
         "ask_refusal": None}  # fmt: skip
DONE = {"cause": "slow_reply", "outcome": "solved"}


def card(calls: Calls, contact: str = "101", **more) -> dict:
    answer = calls.get("/hubspot/card", contact=contact, **more)
    assert answer.status_code == 200, answer.text
    return answer.json


def answered(
    calls: Calls, *scores: int, contact: str = "101", key: str = "support", comment: str = ""
) -> None:
    """One answer each, an hour apart."""
    for score in scores:
        token = calls.world.ask(contact, key=key)
        assert calls.world.answer(token, score=score, comment=comment).status_code == 201
        calls.world.clock.ahead += timedelta(hours=1)


def test_nobody_we_know(calls: Calls):
    assert card(calls) == EMPTY | {
        "contact": "101",
        "touchpoints": [
            {"key": "support", "name": "Support", "kind": "transactional"},
            {"key": "yearly", "name": "Yearly", "kind": "relational"},
        ],
    }


def test_what_is_no_record_id(calls: Calls):
    for contact in ("", "x", "1/../2", "1 ", "-1", "1" * 21, "١"):
        assert code(calls.get("/hubspot/card", contact=contact)) == "422 field_invalid"


def test_answers_with_what_was_said_before_of_the_same_kind(stored: Calls):
    answered(stored, 9, 3)
    answered(stored, 8, key="yearly")
    answered(stored, 7, comment="<b>&</b> \u202eשלום")
    found = card(stored)

    assert [(a["score"], a["before"], a["kind"]) for a in found["answers"]] == [
        (7, 3, "transactional"),
        (8, None, "relational"),
        (3, 9, "transactional"),
        (9, None, "transactional"),
    ]
    assert found["answers"][0]["comment"] == "<b>&</b> \u202eשלום"
    assert found["answers"][0]["touchpoint"] == "Support"
    assert found["answers"][0]["answered_at"].endswith("Z")
    assert [f["state"] for f in found["follow_ups"]] == ["open"]


def test_the_newest_twenty(calls: Calls):
    answered(calls, *[10, 0] * 10, 9)
    found = card(calls)

    assert found["more"]
    assert len(found["answers"]) == 20
    assert (found["answers"][0]["score"], found["answers"][-1]["before"]) == (9, 10)


def test_a_merged_contact_shows_the_survivors(stored: Calls):
    answered(stored, 4)
    answered(stored, 9, contact="102")
    survivor = sa.select(person.c.id).where(person.c.contact == "102").scalar_subquery()
    stored.world.write(person.update().where(person.c.contact == "101").values(survivor=survivor))

    for contact in ("101", "102"):
        assert [a["score"] for a in card(stored, contact)["answers"]] == [9, 4]


def test_a_contact_of_another_account_is_nobody(calls: Calls):
    calls.another("4712")
    answered(calls, 3)

    assert card(calls, portalId="4712")["answers"] == []
    followup_id = card(calls)["follow_ups"][0]["id"]
    sent = {"contact": "101", "follow_up": followup_id, **DONE}
    assert code(calls.post("/hubspot/card/handled", sent, portalId="4712")) == "404 not_found"
    assert code(calls.post("/hubspot/card/handled", sent | {"contact": "102"})) == "404 not_found"
    assert calls.world.one(sa.select(followup.c.state)) == "open"


def test_looking_changes_nothing(calls: Calls):
    answered(calls, 3)
    before = calls.world.rows(sa.select(delivery)), calls.world.rows(sa.select(person))
    card(calls)

    assert (calls.world.rows(sa.select(delivery)), calls.world.rows(sa.select(person))) == before


def test_why_nobody_is_left_to_ask(calls: Calls):
    calls.world.person(gone_at=calls.world.clock.now(), ask_refusal="unsubscribed")
    assert card(calls)["ask_refusal"] == "gone"
    calls.world.person("102", ask_refusal="unsubscribed")
    assert card(calls, "102")["ask_refusal"] == "unsubscribed"


class TestSendASurveyNow:
    WISH = {"contact": "101", "touchpoint": "support"}  # noqa: RUF012

    def test_twice_is_the_same_ask_with_a_link_that_works(self, stored: Calls):
        stored.world.person()
        first, second = (stored.post("/hubspot/card/ask", self.WISH).json for _ in "ab")

        assert first["asked"] is True
        assert first["ask_id"] == second["ask_id"]
        assert stored.world.one(sa.select(sa.func.count()).select_from(ask)) == 1
        path = first["url"].removeprefix(stored.base)
        assert stored.world.client.get(path).status_code == 200
        assert stored.world.rows(sa.select(ask.c.channel)) == [{"channel": "link"}]

    def test_why_not(self, calls: Calls):
        calls.world.person(unsubscribed_at=calls.world.clock.now())

        assert calls.post("/hubspot/card/ask", self.WISH).json == {
            "asked": False,
            "reason": "unsubscribed",
            "next_eligible_at": None,
        }

    def test_a_wish_that_cannot_be_read(self, calls: Calls):
        for wish, answer in (
            ({"contact": "101", "touchpoint": "other"}, "404 not_found"),
            ({"contact": "101", "touchpoint": ""}, "404 not_found"),
            ({"contact": "x", "touchpoint": "support"}, "422 field_invalid"),
            ({"contact": 101, "touchpoint": "support"}, "400 body_malformed"),
            ({"contact": "101", "touchpoint": "a\0"}, "400 body_malformed"),
            (self.WISH | {"portalId": "4712"}, "400 body_malformed"),
            ([], "400 body_malformed"),
            ("x" * 17_000, "413 body_too_large"),
        ):
            assert code(calls.post("/hubspot/card/ask", wish)) == answer

    def test_a_contact_that_the_crm_does_not_have(self, live: Calls):
        assert code(live.post("/hubspot/card/ask", self.WISH)) == "404 not_found"
        assert live.world.rows(sa.select(person)) == []

    def test_the_crm_is_asked_when_we_do_not_know_the_contact(
        self, live: Calls, hub: HubSpotSandbox
    ):
        made = hub.add_contact("ebba@customer.example", firstname="Ebba")
        answer = live.post("/hubspot/card/ask", self.WISH | {"contact": made.id})

        assert answer.json["asked"] is True

    def test_a_crm_that_does_not_answer(self, live: Calls, hub: HubSpotSandbox):
        hub.fail("GET /crm/objects", status=503)

        assert code(live.post("/hubspot/card/ask", self.WISH)) == "502 crm_unavailable"


class TestMarkHandled:
    def test_twice_the_same_answer(self, stored: Calls):
        answered(stored, 3)
        sent = {"contact": "101", "follow_up": card(stored)["follow_ups"][0]["id"], **DONE}
        first, second = (stored.post("/hubspot/card/handled", sent) for _ in "ab")

        assert first.status_code == second.status_code == 200
        assert first.json == second.json
        assert first.json["follow_up"]["state"] == "closed"
        assert first.json["follow_up"]["closed_by"] == REP
        assert first.json["follow_up"] == card(stored)["follow_ups"][0]

    def test_a_cause_or_outcome_that_is_none(self, calls: Calls):
        answered(calls, 3)
        sent = {"contact": "101", "follow_up": card(calls)["follow_ups"][0]["id"], **DONE}
        wrong = ({"cause": "weather"}, {"outcome": ""}, {"cause": None})
        refused = [code(calls.post("/hubspot/card/handled", sent | one)) for one in wrong]

        assert refused == ["422 field_invalid", "422 field_invalid", "400 body_malformed"]
        assert card(calls)["follow_ups"][0]["state"] == "open"

    def test_a_follow_up_of_somebody_else(self, calls: Calls):
        answered(calls, 3)
        answered(calls, 3, contact="102")
        other = card(calls, "102")["follow_ups"][0]["id"]
        sent = {"contact": "101", "follow_up": other, **DONE}

        assert code(calls.post("/hubspot/card/handled", sent)) == "404 not_found"


def test_the_settings_page(calls: Calls):
    found = calls.get("/hubspot/settings").json

    assert (found["account"], found["state"], found["backlog"]) == ("Acme", "connected", 0)
    assert found["admin_url"] == f"{calls.base}/admin/installations/{HUB}"
    granted = {scope["name"] for scope in found["scopes"] if scope["granted"]}
    assert granted == {"oauth"}
    assert {scope["required"] for scope in found["scopes"]} == {True, False}
