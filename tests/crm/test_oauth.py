"""Connecting in the browser: every way in which it must not work, then the ways in which it does."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from connectors.sandbox.hubspot import HubSpotSandbox
from plugin.access.store import audit_entry
from plugin.crm.seals import opened
from plugin.crm.store import installation, oauth_state
from tests.crm.browsers import Browser, app_of, consent, path, query, words


@pytest.fixture
def app(here, side):
    """A server whose settings name the client of the CRM."""
    client = side.sandbox.client
    changed = {f"{side.name}_client_id": client.id, f"{side.name}_client_secret": client.secret}
    for name, value in changed.items():
        object.__setattr__(here.services.settings, name, value)
    return app_of(here.services)


@pytest.fixture
def anna(app, here):
    return Browser(app, here.services)


@pytest.fixture
def start(side):
    return f"/oauth/{side.name}/start"


def installations(here):
    return here.all(sa.select(installation))


def connected(browser, start, **decision):
    """All the way to the question; the address of the page that asks it."""
    answer = browser.get(consent(browser.start(start), **decision))
    assert answer.status_code == 302, words(answer)
    return answer.location


def test_nobody_starts_without_signing_in(app, here, side, start):
    stranger = Browser(app, here.services, signed_in=False)
    answer = stranger.get(start)
    assert answer.status_code == 303
    assert "/admin/sign-in" in answer.location
    assert here.all(sa.select(oauth_state)) == []


@pytest.mark.parametrize("state", ["", "wrong", "x" * 5000, "\x00"])
def test_a_wrong_state_is_refused(anna, here, side, start, state):
    anna.start(start)
    answer = anna.client.get(
        f"/oauth/{side.name}/callback", query_string={"state": state, "code": "c"}
    )
    assert (answer.status_code, answer.json["code"]) == (400, "oauth_state")
    assert installations(here) == []


def test_no_state_and_two_states_are_refused(anna, side):
    for tail in ("code=c", "code=c&state=a&state=b"):
        answer = anna.client.get(f"/oauth/{side.name}/callback?{tail}")
        assert answer.json["code"] == "oauth_state"


def test_another_s_state_is_refused_and_hers_goes_on_working(app, anna, here, side, start):
    back = consent(anna.start(start))
    mallory = Browser(app, here.services)
    assert mallory.get(back).status_code == 400
    assert Browser(app, here.services, signed_in=False).get(back).status_code == 400
    answer = anna.get(back)
    assert answer.status_code == 302, words(answer)


def test_a_state_is_used_once(anna, side, start):
    back = consent(anna.start(start))
    assert anna.get(back).status_code == 302
    assert anna.get(back).status_code == 400


def test_a_state_lives_ten_minutes(here, anna, side, start):
    back = consent(anna.start(start))
    here.services.clock.ahead += timedelta(minutes=10, seconds=1)
    assert anna.get(back).status_code == 400
    assert side.sandbox.count("token") == 0


def test_a_state_of_one_crm_is_no_state_of_the_other(anna, side, start):
    other = {"hubspot": "salesforce", "salesforce": "hubspot"}[side.name]
    back = consent(anna.start(start)).replace(f"/oauth/{side.name}/", f"/oauth/{other}/")
    assert anna.get(back).status_code == 400


def test_who_says_no_is_told_that_nothing_happened(anna, here, side, start):
    answer = anna.get(consent(anna.start(start), decision="deny"))
    assert answer.status_code == 400
    assert "said no" in words(answer)
    assert installations(here) == []


def test_an_error_of_the_crm_is_put_into_words(anna, side, start):
    state = query(anna.start(start))["state"]
    error = "error=invalid_client&error_description=app+must+be+installed+into+org"
    answer = anna.get(f"/oauth/{side.name}/callback?state={state}&{error}")
    assert answer.status_code == 400
    assert "not installed" in words(answer)


def test_a_code_nobody_gave_is_refused(anna, here, side, start):
    state = query(anna.start(start))["state"]
    answer = anna.get(f"/oauth/{side.name}/callback?state={state}&code=made-up")
    assert answer.status_code == 400
    assert installations(here) == []


def test_a_wrong_secret_of_ours_is_said_so(anna, here, side, start):
    back = consent(anna.start(start))
    object.__setattr__(here.services.settings, f"{side.name}_client_secret", "wrong")
    answer = anna.get(back)
    assert answer.status_code == 400
    assert "client secret" in words(answer)


def test_a_crm_that_is_away_stores_nothing(anna, here, side, start):
    back = consent(anna.start(start))
    side.sandbox.fail("token", status=503, times=5)
    assert anna.get(back).status_code == 400
    assert installations(here) == []


def test_nothing_is_stored_before_the_yes(anna, here, side, start):
    page = anna.get(connected(anna, start))
    assert "Nothing is stored yet" in words(page)
    assert installations(here) == []


def test_a_no_gives_the_access_back(anna, here, side, start):
    ask = connected(anna, start)
    anna.post(f"{path(ask)}/cancel", on=ask)
    assert installations(here) == []
    assert side.sandbox.count("revoke") == 1
    assert anna.get(ask).status_code == 400


def test_nobody_else_can_say_yes(app, anna, here, side, start):
    ask = connected(anna, start)
    mallory = Browser(app, here.services)
    assert mallory.get(ask).status_code == 400
    assert mallory.post(ask, on="/admin/installations").status_code in (400, 403)
    assert installations(here) == []


def test_a_yes_needs_our_form(anna, here, side, start):
    ask = connected(anna, start)
    assert anna.client.post(path(ask)).status_code == 403
    assert installations(here) == []


def test_a_yes_connects_and_sets_up(anna, here, side, start):
    answer = anna.post(connected(anna, start))
    assert answer.status_code == 303
    here.hurry()
    here.deliver()
    (row,) = installations(here)
    assert (row.state, row.way, row.setup_words) == ("connected", "oauth", row.setup_words)
    assert row.setup_done_at is not None
    assert opened(here.services.sealer, row, "refresh_token")
    page = words(anna.get(answer.location))
    assert row.name in page
    assert "connected" in {e.verb for e in here.all(sa.select(audit_entry))}


def test_the_state_is_kept_as_a_hash_and_what_goes_with_it_sealed(anna, here, side, start):
    address = anna.start(start)
    (row,) = here.all(sa.select(oauth_state))
    assert query(address)["state"] not in str(tuple(row))
    assert side.sandbox.client.secret not in str(tuple(row))


def test_salesforce_gets_a_challenge_and_never_the_verifier(anna, side, start):
    asked = query(anna.start(start))
    if side.name == "salesforce":
        assert asked["code_challenge_method"] == "S256"
        assert len(asked["code_challenge"]) == 43
    assert "verifier" not in " ".join(asked)


def test_the_same_account_keeps_everything_on_reconnecting(anna, here, side, start):
    anna.post(connected(anna, start))
    (row,) = installations(here)
    here.change(
        row.id, fallback_owner="77", viewers=["5"], state="needs_reconnect", reason="revoked"
    )
    anna.post(connected(anna, f"{start}?installation={row.id}"))
    (again,) = installations(here)
    assert (again.fallback_owner, again.viewers, again.state) == ("77", ["5"], "connected")
    assert again.token_version > row.token_version
    assert again.reason == ""


@pytest.mark.parametrize("side", ["hubspot"], indirect=True)
def test_another_account_is_refused_in_words_when_reconnecting(anna, here, hub, side):
    anna.post(connected(anna, "/oauth/hubspot/start"))
    (row,) = installations(here)
    hub.portal.id += 1
    answer = anna.get(consent(anna.start(f"/oauth/hubspot/start?installation={row.id}")))
    assert answer.status_code == 409
    assert f"wanted to connect {row.name} again" in words(answer)
    assert [r.id for r in installations(here)] == [row.id]
    assert here.row(row.id).token_version == row.token_version
    hub.portal.id -= 1


def test_a_client_of_its_own_is_sealed_and_used(here, side):
    anna = Browser(app_of(here.services), here.services)
    client = side.sandbox.client
    page = f"/admin/installations/connect/{side.name}"
    answer = anna.get(f"/oauth/{side.name}/start")
    assert answer.location.endswith(page)
    given = anna.post(page, client_id=client.id, client_secret=client.secret, place="production")
    assert client.secret not in given.location
    ready = anna.get(given.location)
    link = f"/oauth/{side.name}/start?ready={query(given.location)['ready']}"
    assert link in ready.text
    anna.post(connected(anna, link))
    (row,) = installations(here)
    assert row.client_id == client.id
    assert opened(here.services.sealer, row, "client_secret") == client.secret
    assert anna.get(link).status_code == 400
    anna.post(connected(anna, f"/oauth/{side.name}/start?installation={row.id}"))


@pytest.mark.parametrize(
    ("place", "host"),
    [
        ("own", "https://evil.example"),
        ("own", ""),
        ("own", "https://acme.my.salesforce.com.evil.example"),
        ("own", "https://acme.my.salesforce.com@evil.example"),
        ("own", "javascript:alert(1)"),
        ("somewhere", "http://169.254.169.254"),
    ],
)
def test_a_host_that_is_not_salesforce_s_is_refused(here, place, host):
    anna = Browser(app_of(here.services), here.services)
    page = "/admin/installations/connect/salesforce"
    answer = anna.post(page, client_id="c", client_secret="s", place=place, host=host)
    assert answer.status_code == 422
    assert "My Domain" in words(answer)
    assert here.all(sa.select(oauth_state)) == []


def test_the_connect_page_says_the_exact_callback_address(anna, here, side):
    page = anna.get(f"/admin/installations/connect/{side.name}")
    assert f"http://127.0.0.1:8080/oauth/{side.name}/callback" in page.text


def test_an_unknown_crm_is_not_found(anna):
    for address in ("/oauth/pipedrive/start", "/admin/installations/connect/pipedrive"):
        assert anna.get(address).status_code == 404


@pytest.mark.parametrize("side", ["salesforce"], indirect=True)
def test_the_crm_names_where_it_lives_and_is_not_believed(anna, here, org, side, start):
    org.options.claimed_instance_url = "https://evil.example"
    answer = anna.get(consent(anna.start(start)))
    assert answer.status_code == 400
    assert installations(here) == []


@pytest.mark.parametrize("side", ["hubspot"], indirect=True)
def test_two_accounts_stand_side_by_side(anna, here, hub, side, start):
    anna.post(connected(anna, start))
    with HubSpotSandbox() as other:
        other.portal.id += 5
        object.__setattr__(here.services.settings, "hubspot_api_url", other.url)
        object.__setattr__(
            here.services.settings, "hubspot_authorize_url", f"{other.url}/oauth/authorize"
        )
        anna.post(connected(anna, start))
    assert len(installations(here)) == 2
