"""Signing in, against the sandbox's own consent page and against scripted answers."""

import base64
import hashlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from pytest_httpserver import HTTPServer

from connectors.accounts import Client, Grant
from connectors.errors import NeedsReconnect, OAuthFailed, RateLimited, Refused, Unreachable
from connectors.salesforce import CRM
from connectors.sandbox.salesforce import SalesforceSandbox
from tests.connectors.salesforce.helpers import connection

CALLBACK = "http://127.0.0.1:9999/oauth/salesforce/callback"
VERIFIER = "v" * 64
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)


@pytest.fixture
def org() -> Iterator[SalesforceSandbox]:
    with SalesforceSandbox() as made:
        yield made


def consent(org: SalesforceSandbox, decision: str = "approve") -> dict[str, str]:
    """What the browser brings back to the callback."""
    url = CRM.authorize_url(org.client, redirect_uri=CALLBACK, state="a b&c", challenge=CHALLENGE)
    assert requests.get(url, timeout=5).status_code == 200
    sent = requests.post(url, data={"decision": decision}, allow_redirects=False, timeout=5)
    assert sent.headers["Location"].startswith(CALLBACK + "?")
    return {k: v[0] for k, v in parse_qs(urlsplit(sent.headers["Location"]).query).items()}


def exchange(org: SalesforceSandbox, code: str, **more: Any) -> Grant:
    client = more.pop("client", org.client)
    values = {"redirect_uri": CALLBACK, "verifier": VERIFIER, "api_url": org.url} | more
    return CRM.exchange(client, code=code, loopback=True, **values)


def test_consent_becomes_a_grant_that_works(org: SalesforceSandbox) -> None:
    back = consent(org)
    assert back["state"] == "a b&c"
    grant = exchange(org, back["code"])
    assert (grant.account_id, grant.user_id) == (org.org_id, org.admin)
    assert grant.api_url == org.url
    assert grant.expires_at is None
    assert set(grant.scopes) == {"api", "refresh_token"}
    account = CRM.identify(grant.access_token, api_url=grant.api_url, loopback=True)
    assert (account.id, account.name, account.user_name) == (
        org.org_id,
        "Nordlys Demo",
        "Ada Admin",
    )


def test_consent_that_was_denied_comes_back_as_such(org: SalesforceSandbox) -> None:
    assert consent(org, "deny")["error"] == "access_denied"


def test_a_code_works_once(org: SalesforceSandbox) -> None:
    code = consent(org)["code"]
    exchange(org, code)
    with pytest.raises(OAuthFailed) as caught:
        exchange(org, code)
    assert caught.value.code == "expired"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"verifier": "x" * 64}, "expired"),
        ({"redirect_uri": "http://127.0.0.1:9999/other"}, "config"),
        ({"client": Client("3MVG9.other", "secret", "")}, "config"),
    ],
)
def test_a_code_is_bound_to_verifier_address_and_client(
    org: SalesforceSandbox, wrong: dict[str, Any], code: str
) -> None:
    if "client" in wrong:
        wrong = {"client": Client(wrong["client"].id, "secret", org.url)}
    with pytest.raises(OAuthFailed) as caught:
        exchange(org, consent(org)["code"], **wrong)
    assert caught.value.code == code


def test_a_wrong_secret_is_a_matter_of_configuration(org: SalesforceSandbox) -> None:
    wrong = Client(org.client.id, "not it", org.url)
    with pytest.raises(OAuthFailed) as caught:
        exchange(org, consent(org)["code"], client=wrong)
    assert caught.value.code == "config"
    assert "not it" not in str(caught.value)


def test_an_org_that_says_it_lives_elsewhere_is_not_believed(org: SalesforceSandbox) -> None:
    org.options.claimed_instance_url = "https://evil.example"
    with pytest.raises(Refused):
        exchange(org, consent(org)["code"])


def test_an_unregistered_callback_is_not_even_shown_the_consent(org: SalesforceSandbox) -> None:
    org.oauth.redirect_uris.add("https://nps.example.com/oauth/salesforce/callback")
    url = CRM.authorize_url(org.client, redirect_uri=CALLBACK, state="s", challenge=CHALLENGE)
    assert requests.get(url, timeout=5).status_code == 400


def test_a_missing_scope_is_named(org: SalesforceSandbox) -> None:
    url = CRM.authorize_url(org.client, redirect_uri=CALLBACK, state="s", challenge=CHALLENGE)
    url = url.replace("scope=api+refresh_token", "scope=api")
    sent = requests.post(url, data={"decision": "approve"}, allow_redirects=False, timeout=5)
    code = parse_qs(urlsplit(sent.headers["Location"]).query)["code"][0]
    with pytest.raises(OAuthFailed, match="refresh_token"):
        exchange(org, code)


def test_refresh_rotates_and_the_old_token_is_dead(org: SalesforceSandbox) -> None:
    first = exchange(org, consent(org)["code"])
    assert first.refresh_token is not None
    second = CRM.refresh(org.client, first.refresh_token, api_url=org.url, loopback=True)
    assert second.refresh_token not in (None, first.refresh_token)
    assert second.account_id == org.org_id
    with pytest.raises(NeedsReconnect):
        CRM.refresh(org.client, first.refresh_token, api_url=org.url, loopback=True)


def test_refresh_without_rotation_keeps_the_token(org: SalesforceSandbox) -> None:
    org.options.rotate_refresh_tokens = False
    token = org.refresh_token()
    assert CRM.refresh(org.client, token, api_url=org.url, loopback=True).refresh_token is None
    CRM.refresh(org.client, token, api_url=org.url, loopback=True)


def test_refresh_with_a_wrong_client_is_not_a_lost_grant(org: SalesforceSandbox) -> None:
    with pytest.raises(OAuthFailed):
        CRM.refresh(
            Client(org.client.id, "x", org.url), org.refresh_token(), api_url="", loopback=True
        )


def test_revoking_ends_all_access_and_may_be_repeated(org: SalesforceSandbox) -> None:
    grant = exchange(org, consent(org)["code"])
    for _ in range(2):
        CRM.revoke(
            org.client,
            connection(org),
            access_token=grant.access_token,
            refresh_token=grant.refresh_token,
        )
    with pytest.raises(NeedsReconnect):
        CRM.identify(grant.access_token, api_url=org.url, loopback=True)


def test_a_refused_token_identifies_nobody(org: SalesforceSandbox) -> None:
    with pytest.raises(NeedsReconnect):
        CRM.identify("00Dxx!nonsense", api_url=org.url, loopback=True)


def scripted(server: HTTPServer, body: Any = None, status: int = 200, text: str = "") -> Client:
    request = server.expect_request("/services/oauth2/token", method="POST")
    if text:
        request.respond_with_data(text, status=status, content_type="text/html")
    else:
        request.respond_with_json(body, status=status)
    return Client("id", "secret", server.url_for("").rstrip("/"))


def refresh(client: Client) -> Grant:
    return CRM.refresh(client, "r", api_url=client.host, loopback=True)


def test_outages_and_maintenance_pages_are_no_lost_grant(httpserver: HTTPServer) -> None:
    client = scripted(httpserver, status=503, text="<html>maintenance</html>")
    with pytest.raises(Unreachable):
        refresh(client)


def test_a_page_instead_of_json_is_unreadable(httpserver: HTTPServer) -> None:
    with pytest.raises(Unreachable) as caught:
        refresh(scripted(httpserver, text="<html>hello secret</html>"))
    assert caught.value.code == "answer_unreadable"
    assert "secret" not in str(caught.value)


def test_too_many_sign_ins_are_a_limit(httpserver: HTTPServer) -> None:
    with pytest.raises(RateLimited):
        refresh(scripted(httpserver, {"error": "slow"}, status=429))


@pytest.mark.parametrize(
    "identity",
    [
        "https://evil.example/id/00Dgv0000000001EAA/005gv0000000001AAA",
        "https://login.salesforce.com/id/00Dgv0000000001EAA",
        "https://login.salesforce.com/id/../005gv0000000001AAA",
        "https://login.salesforce.com/id/003gv0000000001AAA/005gv0000000001AAA",
        "",
    ],
)
def test_an_identity_that_is_none_is_refused(httpserver: HTTPServer, identity: str) -> None:
    answer = {"access_token": "t", "id": identity, "instance_url": "https://a.my.salesforce.com"}
    with pytest.raises(Refused):
        refresh(scripted(httpserver, answer))


def test_a_wrong_signature_is_refused(httpserver: HTTPServer) -> None:
    answer = {
        "access_token": "t",
        "id": "https://login.salesforce.com/id/00Dgv0000000001EAA/005gv0000000001AAA",
        "instance_url": "https://acme.my.salesforce.com",
        "issued_at": "1795200000000",
        "signature": base64.b64encode(b"other").decode(),
    }
    with pytest.raises(OAuthFailed, match="signature"):
        refresh(scripted(httpserver, answer))


def test_short_ids_are_kept_in_full(httpserver: HTTPServer) -> None:
    answer = {
        "access_token": "t",
        "id": "https://login.salesforce.com/id/00Dgv0000000001/005gv0000000001",
        "instance_url": "https://acme.my.salesforce.com",
    }
    grant = refresh(scripted(httpserver, answer))
    assert (grant.account_id, grant.user_id) == ("00Dgv0000000001EAA", "005gv0000000001AAA")


def test_tokens_travel_in_the_body_and_not_in_the_address(httpserver: HTTPServer) -> None:
    client = scripted(httpserver, {"error": "invalid_grant"}, status=400)
    with pytest.raises(NeedsReconnect):
        refresh(client)
    request = httpserver.log[0][0]
    assert request.query_string == b""
    assert request.mimetype == "application/x-www-form-urlencoded"
    assert request.form["refresh_token"] == "r"
