"""Where tokens come from, and where they may go."""

from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.accounts import Account, Client
from connectors.errors import NeedsReconnect, OAuthFailed, RateLimited, Refused, Unreachable
from connectors.hubspot import CRM
from connectors.hubspot.dated import dated
from connectors.manifest import manifest
from connectors.sandbox.hubspot import HubSpotSandbox
from tests.contract.hubspot import HubSpotHarness

BACK = "https://nps.example.com/oauth/hubspot/callback"


def url_for(host: str) -> str:
    return CRM.authorize_url(
        Client("c id", "s", host), redirect_uri=BACK, state="a&b=c", challenge=""
    )


@pytest.mark.parametrize(
    ("host", "starts"),
    [
        ("", "https://app.hubspot.com/oauth/authorize?"),
        ("https://app-eu1.hubspot.com", "https://app-eu1.hubspot.com/oauth/authorize?"),
        ("https://app.hubspot.com/oauth/authorize", "https://app.hubspot.com/oauth/authorize?"),
        ("http://127.0.0.1:5000/", "http://127.0.0.1:5000/oauth/authorize?"),
    ],
)
def test_the_authorize_address(host: str, starts: str) -> None:
    url = url_for(host)
    assert url.startswith(starts)
    asked = parse_qs(urlsplit(url).query)
    assert asked["state"] == ["a&b=c"]
    assert asked["redirect_uri"] == [BACK]
    assert asked["scope"] == [" ".join(manifest().hubspot.scopes.required)]
    assert asked["optional_scope"] == [" ".join(manifest().hubspot.scopes.optional)]
    assert "+" not in urlsplit(url).query


@pytest.mark.parametrize(
    "host",
    ["https://app.hubspot.com.evil.example", "http://app.hubspot.com", "https://x@app.hubspot.com",
     "https://evil.example", "javascript:alert(1)", "https://app.hubspot.com:8443"],
)  # fmt: skip
def test_nobody_signs_in_elsewhere(host: str) -> None:
    with pytest.raises(Refused):
        url_for(host)


def test_secrets_go_into_the_body_only(account: HubSpotHarness, hub: HubSpotSandbox) -> None:
    grant = CRM.refresh(hub.client, hub.refresh_token(), api_url=hub.url, loopback=True)
    assert grant.expires_at is not None
    assert [(call.path, call.query) for call in hub.calls] == [("/oauth/2026-03/token", "")]
    assert hub.client.secret not in repr(hub.client)
    assert grant.access_token not in repr(grant)


def test_a_rotated_refresh_token_is_given_back(hub: HubSpotSandbox) -> None:
    hub.portal.options.rotate_refresh = True
    first = hub.refresh_token()
    grant = CRM.refresh(hub.client, first, api_url=hub.url, loopback=True)
    assert grant.refresh_token not in (None, first)
    with pytest.raises(NeedsReconnect):
        CRM.refresh(hub.client, first, api_url=hub.url, loopback=True)


@pytest.mark.parametrize("status", [423, 477, 500, 502, 503])
def test_a_token_endpoint_that_is_away_revokes_nothing(hub: HubSpotSandbox, status: int) -> None:
    hub.fail("/oauth/", status=status)
    with pytest.raises(Unreachable):
        CRM.refresh(hub.client, hub.refresh_token(), api_url=hub.url, loopback=True)


@pytest.mark.parametrize("kind", ["reset", "lost", "garbage"])
def test_a_lost_answer_of_the_token_endpoint_is_unknown(hub: HubSpotSandbox, kind: str) -> None:
    hub.fail("/oauth/", kind)  # type: ignore[arg-type]
    with pytest.raises(Unreachable) as lost:
        CRM.refresh(hub.client, hub.refresh_token(), api_url=hub.url, loopback=True)
    assert lost.value.unknown


def test_too_many_refreshes(hub: HubSpotSandbox) -> None:
    hub.fail("/oauth/", status=429)
    with pytest.raises(RateLimited):
        CRM.refresh(hub.client, hub.refresh_token(), api_url=hub.url, loopback=True)


@pytest.mark.parametrize("error", ["BAD_CLIENT_ID", "BAD_CLIENT_SECRET", "BAD_REDIRECT_URI"])
def test_a_wrong_setting_is_no_revocation(hub: HubSpotSandbox, error: str) -> None:
    hub.fail("/oauth/", status=400, body={"status": error, "message": "x"})
    with pytest.raises(OAuthFailed) as failed:
        CRM.refresh(hub.client, hub.refresh_token(), api_url=hub.url, loopback=True)
    assert failed.value.code == "config"


def test_an_answer_without_the_account_is_asked_for_it(hub: HubSpotSandbox) -> None:
    token = hub.token()
    hub.fail("/oauth/2026-03/token$", status=200,
             body={"access_token": token, "expires_in": 1800, "refresh_token": "r"})  # fmt: skip
    grant = CRM.refresh(hub.client, "r", api_url=hub.url, loopback=True)
    assert grant.account_id == hub.portal_id
    assert "crm.objects.contacts.write" in grant.scopes


def test_a_link_leads_to_hubspot_only(account: HubSpotHarness, hub: HubSpotSandbox) -> None:
    told = account.connect().account()
    assert CRM.record_url(told, "7") == hub.record_url("7")
    hub.portal.ui_domain = "evil.example/x?"
    assert account.connect().account().ui_url == "https://app.hubspot.com"
    hub.portal.ui_domain = "app-eu1.hubspot.com"
    assert account.connect().account().ui_url == "https://app-eu1.hubspot.com"
    eu = Account("7", "x", "https://app-eu1.hubspot.com")
    assert CRM.record_url(eu, "9") == "https://app-eu1.hubspot.com/contacts/7/record/0-1/9"


def test_a_wrong_ready_token_is_told(hub: HubSpotSandbox) -> None:
    with pytest.raises(NeedsReconnect):
        CRM.identify("pat-wrong", api_url=hub.url, loopback=True)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/crm/v3/objects/contacts/{contactId}", "/crm/objects/V/contacts/{contactId}"),
        ("/crm/v4/objects/{t}/{id}/associations/{to}", "/crm/objects/V/{t}/{id}/associations/{to}"),
        ("/crm/v4/associations/{a}/{b}/batch/read", "/crm/associations/V/{a}/{b}/batch/read"),
        ("/crm/v3/owners/", "/crm/owners/V"),
        ("/crm/v3/properties/{objectType}", "/crm/properties/V/{objectType}"),
    ],
)
def test_old_paths_become_dated(path: str, expected: str) -> None:
    assert dated(path, "V") == expected


@pytest.mark.parametrize("path", ["/oauth/v1/token", "/crm/v3/imports", "/automation/v4/actions"])
def test_a_path_without_a_dated_form_never_leaves(path: str) -> None:
    with pytest.raises(RuntimeError):
        dated(path, "V")
