"""OAuth by ourselves: hubspot-api-client speaks only version 1, which ends in February 2027.

https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/oauth
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from requests import Response

from connectors import http
from connectors.accounts import Client, Connection, Grant
from connectors.errors import CrmError, NeedsReconnect, OAuthFailed, Unreachable
from connectors.hubspot.failures import Answered, translate
from connectors.hubspot.hosts import api_url as checked
from connectors.hubspot.hosts import sign_in_url
from connectors.manifest import manifest

REVOKED = {"invalid_grant", "BAD_REFRESH_TOKEN", "BAD_AUTH_CODE"}
WRONG_CLIENT = {
    "invalid_client", "unauthorized_client", "BAD_CLIENT_ID", "BAD_CLIENT_SECRET",
    "BAD_REDIRECT_URI", "MISMATCH_REDIRECT_URI_AUTH_CODE",
}  # fmt: skip
UNREADABLE = "HubSpot's answer could not be read."


def authorize_url(client: Client, redirect_uri: str, state: str) -> str:
    """Where to send the administrator. Raises ``Refused`` for a host that is not HubSpot's."""
    scopes = manifest().hubspot.scopes
    asked = {
        "client_id": client.id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(scopes.required),
        "optional_scope": " ".join(scopes.optional),
        "state": state,
    }
    # Scopes are parted by %20: HubSpot does not say that it takes a plus sign for a space.
    return f"{sign_in_url(client.host)}?{urlencode(asked, quote_via=quote, safe='')}"


def exchange(client: Client, code: str, redirect_uri: str, api_url: str, loopback: bool) -> Grant:
    """Code for tokens. Raises ``OAuthFailed`` (``expired``, ``config``) or ``Unreachable``."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
    try:
        return _granted(client, form, api_url, loopback)
    except NeedsReconnect:
        words = "The approval was used already or is too old: connect again."
        raise OAuthFailed("expired", words) from None


def refresh(client: Client, refresh_token: str, api_url: str, loopback: bool) -> Grant:
    """Raises ``NeedsReconnect`` (revoked, uninstalled), ``OAuthFailed`` or ``Unreachable``."""
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return _granted(client, form, api_url, loopback)


def revoke(client: Client, connection: Connection, refresh_token: str) -> None:
    form = {"token": refresh_token, "token_type_hint": "refresh_token"}
    _post(client, "token/revoke", form, connection.api_url, connection.loopback)


def introspect(connection: Connection, client: Client, token: str) -> Mapping[str, Any]:
    """What HubSpot tells of *token*. Raises ``NeedsReconnect`` when it is not active."""
    told = _post(client, "token/introspect", {"token": token}, connection.api_url,
                 connection.loopback)  # fmt: skip
    if not told.get("active"):
        raise NeedsReconnect("unauthorized", "HubSpot no longer accepts our token.")
    return told


def _granted(client: Client, form: Mapping[str, str], api_url: str, loopback: bool) -> Grant:
    asked_at = datetime.now(UTC)
    told = _post(client, "token", form, api_url, loopback)
    try:
        token, seconds = str(told["access_token"]), float(told["expires_in"])
    except (KeyError, TypeError, ValueError):
        raise Unreachable("answer_unreadable", UNREADABLE, unknown=True) from None
    if "hub_id" not in told:
        told = {**told, **_post(client, "token/introspect", {"token": token}, api_url, loopback)}
    return Grant(
        access_token=token,
        refresh_token=told.get("refresh_token"),
        expires_at=asked_at + timedelta(seconds=seconds),
        account_id=str(told.get("hub_id", "")),
        user_id=str(told.get("user_id", "")),
        api_url=checked(api_url, loopback=loopback),
        scopes=tuple(map(str, told.get("scopes") or ())),
    )


def _post(
    client: Client, path: str, form: Mapping[str, str], api_url: str, loopback: bool
) -> Mapping[str, Any]:
    """Everything goes into the form body; the address has no secret in it."""
    url = f"{checked(api_url, loopback=loopback)}/oauth/{manifest().hubspot.api_version}/{path}"
    body = {**form, "client_id": client.id, "client_secret": client.secret}
    try:
        with http.session(loopback=loopback) as session:
            answer = session.post(url, data=body, timeout=http.TOTAL)
            return _read(answer)
    except http.TRANSPORT_ERRORS as error:
        raise http.unreachable(error) from None


def _read(answer: Response) -> Mapping[str, Any]:
    if not answer.ok or answer.is_redirect:
        raise _failure(Answered(answer.status_code, answer.content, dict(answer.headers)))
    try:
        told = answer.json() if answer.content else {}
    except ValueError:
        raise Unreachable("answer_unreadable", UNREADABLE, unknown=True) from None
    return told if isinstance(told, dict) else {}


def _failure(answer: Answered) -> CrmError:
    """Revoked, wrongly configured, or only not now: a wrong client never makes an account revoked."""
    said = {str(answer.body.get("error")), str(answer.body.get("status"))}
    if answer.status in (423, 429, 477) or answer.status >= 500 or answer.status < 400:
        return translate(answer, write=True, zone="", now=lambda: datetime.now(UTC))
    if said & WRONG_CLIENT:
        words = "HubSpot does not accept our client id, secret or redirect address."
        return OAuthFailed("config", words)
    if said & REVOKED:
        return NeedsReconnect("revoked", "HubSpot no longer accepts this grant: connect again.")
    return OAuthFailed("config", f"HubSpot refused the request with {answer.status}.")
