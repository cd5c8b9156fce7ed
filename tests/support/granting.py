"""What a CRM gives when an administrator connects it, asked for over HTTP once for every kind of account.

To the next accounts of that kind in this process the sandbox gives tokens directly; the rest is as it was.
"""

import pickle
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import connectors
from connectors.sandbox.hubspot import HubSpotSandbox
from connectors.sandbox.salesforce import SalesforceSandbox
from plugin.crm.oauth import Granted, Wish
from tests.support.installing import Sandbox, options_of, place_of


@dataclass(frozen=True)
class Kept:
    granted: Granted
    url: str
    lasts: timedelta | None  # the access token
    calls: int  # of the account's daily ones


_kept: dict[bytes, Kept] = {}


def grant(crm: str, sandbox: Sandbox, way: str = "oauth") -> Granted:
    """What the sandbox's CRM gives: tokens of a consent, or a ready one."""
    kind = pickle.dumps((crm, way, place_of(sandbox).id, options_of(sandbox)))
    if kind in _kept:
        return _given(sandbox, _kept[kind], way)
    before, at = _used(sandbox), datetime.now(UTC)
    granted = asked(crm, sandbox, way)
    lasts = granted.expires_at and granted.expires_at - at
    _kept[kind] = Kept(granted, sandbox.url, lasts, _used(sandbox) - before)
    return granted


def asked(crm: str, sandbox: Sandbox, way: str) -> Granted:
    """The same over HTTP."""
    client, spoken = sandbox.client, connectors.crm(crm)
    account = spoken.identify(sandbox.token(), api_url=sandbox.url, loopback=True)
    if way == "token":
        return Granted(Wish(crm), account, sandbox.token(), None, None, sandbox.url, account.scopes)
    given = spoken.refresh(client, sandbox.refresh_token(), api_url=sandbox.url, loopback=True)
    sandbox.calls.clear()
    return Granted(
        wish=Wish(crm, client.id, client.secret, client.host if crm == "salesforce" else ""),
        account=account,
        access_token=given.access_token,
        refresh_token=given.refresh_token,
        expires_at=given.expires_at,
        api_url=sandbox.url,
        scopes=given.scopes,
    )


def _given(sandbox: Sandbox, kept: Kept, way: str) -> Granted:
    granted, ready = kept.granted, sandbox.token()
    if isinstance(sandbox, SalesforceSandbox):
        sandbox.org.used_today += kept.calls
    access, refresh, scopes = _tokens(sandbox) if way == "oauth" else (ready, None, granted.scopes)
    return replace(
        granted,
        wish=replace(granted.wish, host=granted.wish.host and sandbox.url),
        account=replace(
            granted.account, ui_url=granted.account.ui_url.replace(kept.url, sandbox.url)
        ),
        access_token=access,
        refresh_token=refresh,
        expires_at=kept.lasts and datetime.now(UTC) + kept.lasts,
        api_url=sandbox.url,
        scopes=scopes,
    )


def _tokens(sandbox: Sandbox) -> tuple[str, str | None, tuple[str, ...]]:
    """A new access token, the refresh token that is good from now on, and what they may do."""
    held, client = sandbox.refresh_token(), sandbox.client
    sandbox.calls.clear()
    if isinstance(sandbox, HubSpotSandbox):
        scopes, ttl = sandbox.grants.refresh[held], sandbox.portal.options.access_ttl
        return sandbox.grants.issue(scopes, ttl, oauth=True), held, tuple(sorted(scopes))
    form = {"grant_type": "refresh_token", "refresh_token": held}
    form |= {"client_id": client.id, "client_secret": client.secret}
    given = sandbox.oauth.token(form, sandbox.url)
    return given["access_token"], given.get("refresh_token"), tuple(given["scope"].split())


def _used(sandbox: Sandbox) -> int:
    return sandbox.org.used_today if isinstance(sandbox, SalesforceSandbox) else 0
