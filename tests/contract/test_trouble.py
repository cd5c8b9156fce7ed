"""Tokens that end, calls that are too many, servers that are away."""

import pytest

from connectors.accounts import Client
from connectors.errors import NeedsReconnect, OAuthFailed, RateLimited, Unreachable
from connectors.protocol import Connector
from connectors.types import Fate
from tests.contract.harness import Harness
from tests.contract.rows import task, update

BACK = "http://127.0.0.1:9/callback"


def test_an_expired_token_is_renewed_once(account: Harness, connector: Connector) -> None:
    contact = account.add_contact("a@b.example")
    account.expire(renewable=True)
    (outcome,) = connector.update_contacts([update(contact)])
    assert outcome.fate is Fate.DONE
    connector.update_contacts([update(contact, score=9)])
    assert account.tokens.renewed == 1


def test_a_revoked_token_stops_after_one_renewal(account: Harness, connector: Connector) -> None:
    contact = account.add_contact("a@b.example")
    account.expire(renewable=False)
    with pytest.raises(NeedsReconnect):
        connector.update_contacts([update(contact)])
    assert account.tokens.renewed == 1


def test_too_many_calls_are_told_apart(account: Harness, connector: Connector) -> None:
    contact = account.add_contact("a@b.example")
    account.refuse_calls()
    with pytest.raises(RateLimited):
        connector.update_contacts([update(contact)])
    (outcome,) = connector.update_contacts([update(contact)])
    assert outcome.fate is Fate.DONE


def test_nobody_listening_means_nothing_was_done(account: Harness, connector: Connector) -> None:
    contact = account.add_contact("a@b.example")
    account.stop()
    with pytest.raises(Unreachable) as away:
        account.connect().write_tasks([task(contact)])
    assert not away.value.unknown


def test_an_administrator_connects_by_oauth(account: Harness) -> None:
    challenge, verifier = (
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    )
    url = account.crm.authorize_url(
        account.client, redirect_uri=BACK, state="st&te", challenge=challenge
    )
    code = account.approve(url)
    api_url = account.connection.api_url
    told = {"redirect_uri": BACK, "verifier": verifier, "api_url": api_url, "loopback": True}
    grant = account.crm.exchange(account.client, code=code, **told)
    assert grant.account_id == account.connection.account_id
    assert grant.refresh_token
    assert (
        account.crm.identify(grant.access_token, api_url=grant.api_url, loopback=True).id
        == account.connection.account_id
    )
    with pytest.raises(OAuthFailed) as again:
        account.crm.exchange(account.client, code=code, **told)
    assert again.value.code == "expired"
    fresh = account.crm.refresh(account.client, grant.refresh_token, api_url=api_url, loopback=True)
    assert fresh.access_token != grant.access_token
    account.crm.revoke(
        account.client,
        account.connection,
        access_token=fresh.access_token,
        refresh_token=fresh.refresh_token or grant.refresh_token,
    )
    with pytest.raises(NeedsReconnect):
        account.crm.refresh(account.client, grant.refresh_token, api_url=api_url, loopback=True)


def test_a_wrong_client_is_no_revoked_account(account: Harness) -> None:
    wrong = Client(account.client.id, "wrong", account.client.host)
    with pytest.raises(OAuthFailed) as failed:
        account.crm.refresh(wrong, "any", api_url=account.connection.api_url, loopback=True)
    assert failed.value.code == "config"
    assert "wrong" not in str(failed.value)
