"""The workflow action: once per callback, and a workflow never stops because somebody cannot be asked."""

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import sqlalchemy as sa

from connectors.sandbox.hubspot import HubSpotSandbox
from plugin.asking.store import ask
from plugin.crm.store import installation, survey_request
from plugin.people.store import person
from tests.crm.hubspot.calls import Calls, code

ACTION = "/hubspot/actions/ask"


def order(callback: Any = "ap-1", contact: Any = 101, portal: Any = 4711, **fields: Any) -> dict:
    return {
        "callbackId": callback,
        "origin": {"portalId": portal, "actionDefinitionId": 77, "actionDefinitionVersion": 1},
        "context": {"source": "WORKFLOWS", "workflowId": 11},
        "object": {"objectId": contact, "objectType": "CONTACT", "properties": {"email": "a@b.c"}},
        "inputFields": {"touchpoint": "support", **fields},
        "fields": {"touchpoint": "support"},
    }


def told(calls: Calls, document: dict, **more: Any) -> dict:
    answer = calls.act(document, **more)
    assert answer.status_code == 200, answer.text
    return answer.json["outputFields"]


def not_asked(reason: str) -> dict:
    return {
        "gensvar_ask_id": "",
        "gensvar_link": "",
        "gensvar_reason": reason,
        "hs_execution_state": "FAIL_CONTINUE",
    }


def test_the_same_callback_twice_is_one_decision(stored: Calls):
    stored.world.person()
    first = told(stored, order())
    stored.world.write(ask.update().values(state="answered"))
    second = told(stored, order())

    assert first["hs_execution_state"] == second["hs_execution_state"] == "SUCCESS"
    assert first["gensvar_ask_id"] == second["gensvar_ask_id"]
    assert stored.world.one(sa.select(sa.func.count()).select_from(ask)) == 1
    assert told(stored, order("ap-2"))["gensvar_ask_id"] != first["gensvar_ask_id"]
    path = first["gensvar_link"].removeprefix(stored.base)
    assert stored.world.client.get(path).status_code == 200


def test_a_refusal_stands_too(stored: Calls):
    stored.world.person(unsubscribed_at=stored.world.clock.now())
    assert told(stored, order()) == not_asked("unsubscribed")
    stored.world.write(person.update().values(unsubscribed_at=None))

    assert told(stored, order()) == not_asked("unsubscribed")
    assert told(stored, order("ap-2"))["hs_execution_state"] == "SUCCESS"


def test_at_the_same_moment(stored: Calls):
    stored.world.person()
    together, found = Barrier(4), []

    def call() -> None:
        together.wait()
        found.append(told(stored, order())["gensvar_ask_id"])

    threads = [Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 4
    assert len(set(found)) == 1
    assert stored.world.one(sa.select(sa.func.count()).select_from(survey_request)) == 1


def test_the_same_callback_of_another_account_is_another(calls: Calls):
    calls.another("4712")
    calls.world.person()
    first = told(calls, order())
    calls.world.write(
        person.insert().values(
            id="p", installation="hubspot:4712", contact="101", seen_at=calls.world.clock.now()
        )
    )

    assert told(calls, order(portal=4712))["gensvar_ask_id"] != first["gensvar_ask_id"]


def test_who_or_what_is_not_there(calls: Calls):
    calls.world.person()
    for wish, reason in (
        (order(touchpoint="other"), "not_found"),
        (order(touchpoint=None), "not_found"),
        (order(touchpoint=7), "not_found"),
        (order(touchpoint="a\0"), "not_found"),
        (order(contact="x"), "field_invalid"),
        (order(contact=None), "field_invalid"),
        (order(channel="widget"), "field_invalid"),
        (order(portal=4712), "not_connected"),
        (order(portal=True), "not_connected"),
    ):
        assert told(calls, wish) == not_asked(reason)
    assert told(calls, order(channel="email")) == not_asked("opted_out")
    assert told(calls, order("ap-3", contact="101", channel=""))["hs_execution_state"] == "SUCCESS"


def test_what_cannot_be_read(calls: Calls):
    for body in (b"", b"[]", b"{", b'{"callbackId":1,"callbackId":2}'):
        answer = calls.send("POST", ACTION, body)
        assert code(answer) == "400 body_malformed"
    for callback in (None, "", 7, "x" * 201, "a\0"):
        assert code(calls.post(ACTION, order(callback))) == "400 body_malformed"
    assert code(calls.send("POST", ACTION, b" " * 132_000)) == "413 body_too_large"


def test_a_contact_the_crm_does_not_have_and_one_it_has(live: Calls, hub: HubSpotSandbox):
    portal = int(live.portal)
    assert told(live, order(contact=999, portal=portal)) == not_asked("not_found")
    made = hub.add_contact("ebba@customer.example", hs_email_optout="true")
    wish = order("ap-2", contact=int(made.id), portal=portal)

    assert told(live, wish)["hs_execution_state"] == "SUCCESS"
    wish = order("ap-3", contact=int(made.id), portal=portal, channel="email")
    assert told(live, wish) == not_asked("opted_out")


def test_only_what_is_truly_down_is_tried_again_by_hubspot(live: Calls, hub: HubSpotSandbox):
    portal = int(live.portal)
    hub.fail("GET /crm/objects", status=503)
    wish = order(contact=int(hub.add_contact("e@customer.example").id), portal=portal)
    assert code(live.act(wish)) == "502 crm_unavailable"

    assert told(live, wish)["hs_execution_state"] == "SUCCESS"
    live.world.write(installation.update().values(state="needs_reconnect"))
    assert code(live.act(order("ap-9", contact=999, portal=portal))) == "502 crm_unavailable"


def test_version_3_is_preferred(calls: Calls):
    late = replace(calls, late=timedelta(minutes=6).total_seconds())

    assert code(late.post(ACTION, order())) == "401 timestamp_skew"
