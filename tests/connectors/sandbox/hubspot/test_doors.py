"""Tokens, scopes, limits, sign-in."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from connectors.sandbox.hubspot import HubSpotSandbox
from tests.connectors.sandbox.hubspot.conftest import Caller

DETAILS = "/account-info/2026-03/details"
BACK = "http://127.0.0.1:9/back"


def post(hub: HubSpotSandbox, path: str, **form: str) -> requests.Response:
    whole = {"client_id": hub.client.id, "client_secret": hub.client.secret, **form}
    return requests.post(f"{hub.url}/oauth/2026-03/{path}", data=whole, timeout=5)


def test_a_call_needs_a_token_that_lives(hub: HubSpotSandbox) -> None:
    for token in ("", "wrong", hub.token(ttl=-1)):
        answer = Caller(hub, token)("GET", DETAILS)
        assert answer.status_code == 401
        assert answer.json()["category"] == "INVALID_AUTHENTICATION"


def test_a_missing_scope_is_named(hub: HubSpotSandbox) -> None:
    call = Caller(hub, hub.token(["oauth", "crm.objects.contacts.read"]))
    for path, scope in (
        ("/crm/owners/2026-03", "crm.objects.owners.read"),
        ("/crm/objects/2026-03/companies", "crm.objects.companies.read"),
        ("/crm/properties/2026-03/contacts", "crm.schemas.contacts.read"),
    ):
        answer = call("GET", path)
        assert answer.status_code == 403
        assert answer.json()["errors"][0]["context"]["requiredGranularScopes"] == [scope]
    body = {"inputs": [{"id": "1", "properties": {}}]}
    assert call("POST", "/crm/objects/2026-03/notes/batch/update", body).status_code == 403


def test_every_answer_says_what_is_left(hub: HubSpotSandbox, call: Caller) -> None:
    hub.portal.options.rate = 3
    left = [call("GET", DETAILS).headers["X-HubSpot-RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    answer = call("GET", DETAILS)
    assert answer.status_code == 429
    assert answer.json()["policyName"] == "TEN_SECONDLY_ROLLING"
    assert answer.headers["X-HubSpot-RateLimit-Max"] == "3"


def test_a_days_calls_end(hub: HubSpotSandbox, call: Caller) -> None:
    hub.portal.options.daily = 1
    assert call("GET", DETAILS).status_code == 200
    assert call("GET", DETAILS).json()["policyName"] == "DAILY"


@pytest.mark.parametrize("path", ["/crm/v3/objects/contacts", "/crm/objects/2025-01/contacts"])
def test_only_dated_paths_are_known(call: Caller, path: str) -> None:
    assert call("GET", path).status_code == 404


def authorize(hub: HubSpotSandbox, **changes: str) -> str:
    asked = {
        "client_id": hub.client.id, "redirect_uri": BACK, "state": "s", "scope": "oauth a.b",
        "optional_scope": "c.d", **changes,
    }  # fmt: skip
    return f"{hub.url}/oauth/authorize?{urlencode(asked)}"


def decide(url: str, **form: str) -> dict[str, list[str]]:
    answer = requests.post(url, data=form, timeout=5, allow_redirects=False)
    assert answer.headers["Location"].startswith(BACK)
    return parse_qs(urlsplit(answer.headers["Location"]).query)


def test_consent_gives_a_code_that_works_once(hub: HubSpotSandbox) -> None:
    url = authorize(hub)
    page = requests.get(url, timeout=5)
    assert "a.b" in page.text
    assert "c.d" in page.text
    back = decide(url, decision="approve")
    assert back["state"] == ["s"]
    form = {"grant_type": "authorization_code", "code": back["code"][0]}
    wrong = post(hub, "token", **form, redirect_uri="http://127.0.0.1:9/other")
    assert wrong.json()["error"] == "invalid_grant"
    code = decide(url, decision="approve", **{"c.d": "1"})["code"][0]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
    grant = post(hub, "token", **form).json()
    assert grant["scopes"] == ["a.b", "c.d", "oauth"]
    assert grant["hub_id"] == hub.portal.id
    assert post(hub, "token", **form).json()["status"] == "BAD_AUTH_CODE"
    told = post(hub, "token/introspect", token=grant["access_token"]).json()
    assert told["active"]
    assert post(hub, "token/introspect", token="x").json() == {"active": False}
    post(hub, "token/revoke", token=grant["refresh_token"])
    again = post(hub, "token", grant_type="refresh_token", refresh_token=grant["refresh_token"])
    assert again.json()["status"] == "BAD_REFRESH_TOKEN"


def test_denying_says_so(hub: HubSpotSandbox) -> None:
    back = decide(authorize(hub), decision="deny")
    assert back["error"] == ["access_denied"]
    assert "code" not in back


@pytest.mark.parametrize(
    "changes", [{"client_id": "x"}, {"redirect_uri": "javascript:1"}, {"scope": ""}]
)
def test_a_wrong_request_goes_nowhere(hub: HubSpotSandbox, changes: dict[str, str]) -> None:
    url = authorize(hub, **changes)
    assert requests.get(url, timeout=5).status_code == 400
    answer = requests.post(url, data={"decision": "approve"}, timeout=5, allow_redirects=False)
    assert answer.status_code == 400


def test_the_token_endpoint_takes_forms_only(hub: HubSpotSandbox) -> None:
    url = f"{hub.url}/oauth/2026-03/token"
    assert requests.post(url, json={}, timeout=5).status_code == 404
    form = {"grant_type": "refresh_token"}
    assert requests.post(f"{url}?client_secret=x", data=form, timeout=5).status_code == 404
    assert post(hub, "token", client_secret="x", **form).json()["status"] == "BAD_CLIENT_SECRET"


def test_uninstalling_ends_all(hub: HubSpotSandbox, call: Caller) -> None:
    path = "/appinstalls/2026-03/external-install"
    assert call("DELETE", path).status_code == 403
    refresh = hub.refresh_token()
    form = {"grant_type": "refresh_token", "refresh_token": refresh}
    token = post(hub, "token", **form).json()["access_token"]
    assert Caller(hub, token)("DELETE", path).status_code == 204
    assert Caller(hub, token)("GET", DETAILS).status_code == 401
    assert post(hub, "token", **form).json()["error"] == "invalid_grant"
