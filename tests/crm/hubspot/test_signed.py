"""Who may speak to us in HubSpot's name, at every address it calls."""

import json
from dataclasses import replace

import pytest

from plugin.crm.seals import sealed
from plugin.crm.store import installation
from plugin.crm.web.hubspot.door import Doorkeeper
from plugin.web import Limit
from tests.crm.hubspot.calls import SECRET, Calls, code
from tests.support.surveys import HUB

EVERY = [
    ("GET", "/hubspot/card", {"contact": "101"}, b""),
    ("GET", "/hubspot/settings", {}, b""),
    ("POST", "/hubspot/card/ask", {}, b'{"contact":"101","touchpoint":"support"}'),
    ("POST", "/hubspot/card/handled", {}, b'{"contact":"101","follow_up":"x"}'),
    ("POST", "/hubspot/actions/ask", {}, b'{"callbackId":"a","origin":{"portalId":4711}}'),
    ("POST", "/hubspot/webhooks", {}, b"[]"),
]
CARD = "/hubspot/card"


def everywhere(calls: Calls, **changed) -> set[str]:
    """The answers of all addresses; *changed* is what differs from an honest call."""
    how = {name: changed.pop(name) for name in ("secret", "late") if name in changed}
    return {
        code(replace(calls, **how).send(method, path, body, **asked, **changed))
        for method, path, asked, body in EVERY
    }


def test_without_a_signature(calls: Calls):
    for method, path, asked, body in EVERY:
        answer = calls.world.client.open(f"{path}?{calls.query(**asked)}", method=method, data=body)

        assert code(answer) == "401 signature_invalid"
        assert "Set-Cookie" not in answer.headers


def test_signed_with_another_secret(calls: Calls):
    assert everywhere(calls, secret="another") == {"401 signature_invalid"}


@pytest.mark.parametrize("late", [301, -31, -3600])
def test_signed_too_long_ago_or_in_the_future(calls: Calls, late: float):
    assert everywhere(calls, late=late) == {"401 timestamp_skew"}


def test_a_body_that_was_changed_on_its_way(calls: Calls):
    assert everywhere(calls, sent=b'{"contact":"102"}') == {"401 signature_invalid"}


def test_signed_for_another_address(calls: Calls):
    for method, path, asked, body in EVERY:
        signed = calls.signed(method, f"{path}?{calls.query(**asked)}", body)
        other = f"{path}?{calls.query(**asked, more='1')}"
        answer = calls.world.client.open(other, method=method, data=body, headers=signed)

        assert code(answer) == "401 signature_invalid"


def test_a_host_in_a_header_is_not_believed(calls: Calls):
    calls.headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}

    assert calls.get(CARD, contact="101").status_code == 200


def test_the_query_is_signed_as_it_was_sent(calls: Calls):
    """``%40`` is decoded before it is signed, ``%2B``, ``%20`` and a plus sign are not."""
    for sent in ("a%2Bb%40c.example", "a+b@c.example", "a%20b%3A%2F", "%C3%A5%27"):
        query = f"?contact=101&userEmail={sent}&portalId=4711&appId=42"
        assert calls.send("GET", CARD, query=query).status_code == 200


def test_a_parameter_that_stands_there_twice(calls: Calls):
    for twice in ("portalId=4712", "portalId=4711", "contact=102", "appId=42"):
        query = f"?{calls.query(contact='101')}&{twice}"

        assert code(calls.send("GET", CARD, query=query)) == "400 body_malformed"


def test_another_apps_request(calls: Calls):
    assert code(calls.get(CARD, contact="101", appId="43")) == "403 forbidden"
    assert calls.get(CARD, contact="101", appId=None).status_code == 200


def test_an_account_that_is_not_connected(calls: Calls):
    for portal in ("4712", "", None, "4711 ", "04711", "*", "4711\0"):
        assert code(calls.get(CARD, contact="101", portalId=portal)) == "404 not_found"


def test_an_account_that_was_disconnected(calls: Calls):
    calls.world.write(installation.update().values(state="disconnected"))

    assert code(calls.get(CARD, contact="101")) == "404 not_found"


def test_an_account_with_an_app_of_its_own_is_spoken_for_by_that_app_only(calls: Calls):
    own = sealed(calls.world.shared.sealer, "hubspot:4712", client_secret="its own")
    calls.another("4712", client_id="other", **own)

    assert code(calls.get(CARD, contact="1", portalId="4712")) == "401 signature_invalid"
    assert code(replace(calls, secret="its own").get(CARD, contact="1")) == "401 signature_invalid"
    theirs = replace(calls, secret="its own").get(CARD, contact="1", portalId="4712", appId="7")
    assert theirs.status_code == 200


def test_a_seal_that_does_not_open_lets_nobody_in(calls: Calls):
    calls.another("4712", client_id="other", sealed_client_secret="broken")

    for secret in ("", SECRET):
        answer = replace(calls, secret=secret).get(CARD, contact="1", portalId="4712")
        assert code(answer) == "401 signature_invalid"


def test_no_secret_in_the_settings_is_no_secret_at_all(calls: Calls):
    calls.world.shared.settings = replace(calls.world.shared.settings, hubspot_client_secret="")

    for path in ("/hubspot/card", "/hubspot/webhooks"):
        answer = replace(calls, secret="").send("POST" if "hooks" in path else "GET", path, b"")
        assert code(answer) == "401 signature_invalid"


def test_the_older_signature_holds_for_the_workflow_action_alone(calls: Calls):
    order = {"callbackId": "c", "origin": {"portalId": 4711}, "object": {"objectId": 101}}

    assert calls.act(order).status_code == 200
    assert calls.post("/hubspot/actions/ask", order).status_code == 200
    assert code(calls.act(order, secret="another")) == "401 signature_invalid"
    assert code(calls.act(order, sent=b"{}")) == "401 signature_invalid"
    body = json.dumps([]).encode()
    old = calls.signed("POST", "/hubspot/webhooks", body) | {"X-HubSpot-Signature-v3": ""}
    answer = calls.world.client.post("/hubspot/webhooks", data=body, headers=old)
    assert code(answer) == "401 signature_invalid"


def test_too_many_wrong_ones_are_slowed_down_and_honest_ones_are_not(calls: Calls):
    wrong = replace(calls, secret="another")
    codes = [code(wrong.get(CARD, contact="101")) for _ in range(61)]

    assert codes == ["401 signature_invalid"] * 60 + ["429 rate_limited"]
    assert calls.get(CARD, contact="101").status_code == 200


def test_one_user_cannot_ask_without_end(calls: Calls):
    calls.world.app.extensions["gensvar.hubspot"] = Doorkeeper(Limit(3), Limit(3), Limit(3))
    answers = [calls.get(CARD, contact="101") for _ in range(4)]

    assert {answer.status_code for answer in answers[:3]} == {200}
    assert code(answers[3]) == "429 rate_limited"
    assert int(answers[3].headers["Retry-After"]) > 0
    assert calls.get(CARD, contact="101", userId="10").status_code == 200


def test_other_methods_and_addresses(calls: Calls):
    assert code(calls.send("POST", CARD, b"{}")) == "405 method_not_allowed"
    assert code(calls.get("/hubspot/webhooks")) == "405 method_not_allowed"
    assert code(calls.get("/hubspot/card/ask")) == "405 method_not_allowed"
    assert code(calls.get("/hubspot/nothing")) == "404 not_found"


def test_needs_reconnecting_and_the_card_still_shows(calls: Calls):
    calls.world.write(
        installation.update().where(installation.c.id == HUB).values(state="needs_reconnect")
    )

    assert calls.get(CARD, contact="101").status_code == 200
