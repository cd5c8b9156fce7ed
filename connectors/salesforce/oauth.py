"""Signing in to Salesforce: the OAuth web server flow with PKCE, refresh and revocation.

https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_web_server_flow.htm
"""

import base64
import binascii
import hmac
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri

from connectors import http
from connectors.accounts import Client, Connection, Grant
from connectors.errors import NeedsReconnect, OAuthFailed, RateLimited, Refused, Unreachable
from connectors.manifest import manifest
from connectors.salesforce import ids
from connectors.salesforce.hosts import check_host

GONE = {"invalid_grant", "inactive_user", "inactive_org"}
REVOKED_ALREADY = {"invalid_token", "unsupported_token_type", "invalid_grant"}


def authorize_url(client: Client, *, redirect_uri: str, state: str, challenge: str) -> str:
    """Where the administrator consents; *challenge* is the PKCE one, made with S256."""
    url: str = prepare_grant_uri(
        f"{client.host}/services/oauth2/authorize",
        client_id=client.id,
        response_type="code",
        redirect_uri=redirect_uri,
        scope=" ".join(manifest().salesforce.scopes.required),
        state=state,
        code_challenge=challenge,
        code_challenge_method="S256",
    )
    return url


def exchange(
    client: Client, *, code: str, redirect_uri: str, verifier: str, loopback: bool
) -> Grant:
    """Code for tokens; raises ``OAuthFailed``, ``Refused`` for a strange host, ``Unreachable``."""
    form = {"code": code, "redirect_uri": redirect_uri, "code_verifier": verifier}
    answer = _token(client, client.host, "authorization_code", form, loopback=loopback)
    if "error" in answer:
        raise _refused(answer)
    grant = _grant(client, answer, "", loopback=loopback)
    _check_scopes(grant)
    return grant


def refresh(client: Client, refresh_token: str, *, api_url: str, loopback: bool) -> Grant:
    """New tokens; where they rotate, the old refresh token is dead as soon as this answers.

    Raises ``NeedsReconnect``, ``OAuthFailed`` or ``Unreachable``.
    """
    host, form = client.host or api_url, {"refresh_token": refresh_token}
    with http.within(fresh=True):
        answer = _token(client, host, "refresh_token", form, loopback=loopback)
    if answer.get("error") in GONE:
        raise NeedsReconnect("grant_gone", "The connection was revoked or has expired.")
    if "error" in answer:
        raise _refused(answer)
    return _grant(client, answer, api_url, loopback=loopback)


def revoke(client: Client, connection: Connection, *, token: str) -> None:
    """Ends *token*; one that has ended already is fine. Raises ``Unreachable`` or ``Refused``."""
    host = client.host or connection.api_url
    status, answer = _post(host, "revoke", {"token": token}, loopback=connection.loopback)
    if status >= 400 and answer.get("error") not in REVOKED_ALREADY:
        raise Refused("revoke_refused", "Salesforce did not revoke the connection.")


def granted_scopes(client: Client, host: str, token: str, *, loopback: bool) -> set[str] | None:
    """What *token* may do; ``None`` where the client app may not ask. Raises ``Unreachable``."""
    form = {"token": token, "client_id": client.id, "client_secret": client.secret}
    status, answer = _post(client.host or host, "introspect", form, loopback=loopback)
    if status >= 400 or not answer.get("active"):
        return None
    return set(str(answer.get("scope") or "").split())


def missing_scopes(have: Iterable[str]) -> list[str]:
    """The scopes we need that are not in *have*."""
    known = {"refresh_token" if scope == "offline_access" else scope for scope in have}
    needed = manifest().salesforce.scopes.required
    return [] if "full" in known else [scope for scope in needed if scope not in known]


def account_of(identity: str, *, loopback: bool) -> tuple[str, str]:
    """Org and user from an identity address; raises ``Refused`` for one not of Salesforce."""
    parts = urlsplit(identity)
    check_host(f"{parts.scheme}://{parts.netloc}", loopback=loopback)
    kind, account, user = [*parts.path.strip("/").split("/"), "", "", ""][:3]
    if kind == "id" and ids.valid(account, "00D") and ids.valid(user, "005"):
        return ids.long(account), ids.long(user)
    raise Refused("identity_unreadable", "Salesforce did not say which org this is.")


def _token(
    client: Client, host: str, kind: str, form: dict[str, str], *, loopback: bool
) -> dict[str, Any]:
    credentials = {"client_id": client.id, "client_secret": client.secret}
    sent = {"grant_type": kind} | form | {k: v for k, v in credentials.items() if v}
    return _post(host, "token", sent, loopback=loopback)[1]


def _post(
    host: str, path: str, form: dict[str, str], *, loopback: bool
) -> tuple[int, dict[str, Any]]:
    url = f"{check_host(host, loopback=loopback)}/services/oauth2/{path}"
    try:
        with http.session(loopback=loopback) as session:
            response = session.post(url, data=form, headers={"Accept": "application/json"})
    except http.TRANSPORT_ERRORS as error:
        problem = http.unreachable(error)
    else:
        return _answer(response)
    raise problem


def _answer(response: requests.Response) -> tuple[int, dict[str, Any]]:
    status = response.status_code
    if status == 429:
        raise RateLimited("too_many_requests", "Salesforce asks to wait before signing in again.")
    if status >= 500:
        words = "Salesforce's sign-in is unavailable."
        raise Unreachable("crm_unavailable", words, unknown=True)
    try:
        answer = response.json() if response.content else {}
    except requests.exceptions.JSONDecodeError:
        answer = None
    if not isinstance(answer, dict):
        words = "Salesforce's answer could not be read."
        raise Unreachable("answer_unreadable", words, unknown=True)
    return status, answer if status < 400 or "error" in answer else {"error": "unknown"} | answer


def _refused(answer: dict[str, Any]) -> OAuthFailed:
    error = str(answer["error"])
    installed = "must be installed" in str(answer.get("error_description", ""))
    if installed:
        words = "The client app is not installed or not allowed for this user in the org."
        return OAuthFailed("not_installed", words)
    if error == "invalid_grant":
        return OAuthFailed("expired", "The consent has expired or was used: connect again.")
    if error == "access_denied":
        return OAuthFailed("denied", "The administrator did not consent.")
    words = "The client app does not know this consumer key, secret or callback address."
    return OAuthFailed("config", words)


def _grant(client: Client, answer: dict[str, Any], api_url: str, *, loopback: bool) -> Grant:
    access, identity = answer.get("access_token"), answer.get("id")
    if not isinstance(access, str) or not isinstance(identity, str):
        raise OAuthFailed("config", "Salesforce's answer holds no token.")
    _check_signature(client, answer, identity)
    account, user = account_of(identity, loopback=loopback)
    rotated = answer.get("refresh_token")
    return Grant(
        access_token=access,
        refresh_token=rotated if isinstance(rotated, str) else None,
        expires_at=None,
        account_id=account,
        user_id=user,
        api_url=check_host(str(answer.get("instance_url") or api_url), loopback=loopback),
        scopes=tuple(str(answer.get("scope") or "").split()),
    )


def _check_signature(client: Client, answer: dict[str, Any], identity: str) -> None:
    given = answer.get("signature")
    if not isinstance(given, str) or not client.secret:
        return
    signed = (identity + str(answer.get("issued_at", ""))).encode()
    wanted = hmac.digest(client.secret.encode(), signed, "sha256")
    try:
        same = hmac.compare_digest(base64.b64decode(given), wanted)
    except binascii.Error:
        same = False
    if not same:
        raise OAuthFailed("config", "The signature of Salesforce's answer is wrong.")


def _check_scopes(grant: Grant) -> None:
    missing = missing_scopes(grant.scopes)
    if missing or grant.refresh_token is None:
        named = ", ".join(missing or ["refresh_token"])
        raise OAuthFailed("config", f"The client app does not grant these scopes: {named}.")
