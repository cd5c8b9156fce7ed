"""OAuth as HubSpot speaks it: a consent page, and a token endpoint that takes forms only."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from connectors.sandbox import pages
from connectors.sandbox.hubspot.hub import VERSIONS, hub
from connectors.sandbox.hubspot.problems import not_found

signin = Blueprint("signin", __name__)
Answer = tuple[dict[str, Any], int]


@signin.get("/oauth/authorize")
def consent() -> tuple[str, int] | str:
    wrong = _wrong_request(request.args.to_dict())
    if wrong:
        return pages.message("HubSpot", "App not found", wrong), 400
    account = f"{hub().portal.domain} ({hub().portal.id})"
    required, optional = _scopes("scope"), _scopes("optional_scope")
    return pages.consent("HubSpot", account, hub().grants.user, required, optional)


@signin.post("/oauth/authorize")
def decide() -> Response | tuple[str, int]:
    asked = request.args.to_dict()
    wrong = _wrong_request(asked)
    if wrong:
        return pages.message("HubSpot", "App not found", wrong), 400
    if request.form.get("decision") != "approve":
        back = {"error": "access_denied", "error_description": "The user denied access"}
    else:
        optional = {scope for scope in _scopes("optional_scope") if scope in request.form}
        scopes = {*_scopes("scope"), *optional, "oauth"}
        back = {"code": hub().grants.code(asked["redirect_uri"], scopes)}
    state = {"state": asked["state"]} if "state" in asked else {}
    return redirect(f"{asked['redirect_uri']}?{urlencode({**back, **state})}", 302)


@signin.post("/oauth/<ver>/token")
def token(ver: str) -> Answer:
    _form_only(ver)
    kinds = {"authorization_code": _exchange, "refresh_token": _refresh}
    kind = kinds.get(request.form.get("grant_type", ""))
    if kind is None:
        return _refusal("unsupported_grant_type", "BAD_GRANT_TYPE", "unknown grant_type")
    return _client_wrong() or kind()


@signin.post("/oauth/<ver>/token/introspect")
def introspect(ver: str) -> Answer:
    _form_only(ver)
    asked, grants = request.form.get("token", ""), hub().grants
    access = grants.live(asked)
    scopes = access.scopes if access else grants.refresh.get(asked)
    if _client_wrong() or scopes is None:
        return {"active": False}, 200
    return {
        "token": asked,
        "active": True,
        "token_use": "access_token" if access else "refresh_token",
        "token_type": "bearer",
        "client_id": grants.client_id,
        "app_id": grants.app_id,
        "hub_id": hub().portal.id,
        "hub_domain": hub().portal.domain,
        "user_id": grants.user_id,
        "user": grants.user,
        "scopes": sorted(scopes),
        **({"expires_in": 1700} if access else {}),
    }, 200


@signin.post("/oauth/<ver>/token/revoke")
def revoke(ver: str) -> Answer:
    _form_only(ver)
    refused = _client_wrong()
    if refused:
        return refused
    asked = request.form.get("token", "")
    # Whether access tokens die with it is not known of the real thing: here they live on.
    hub().grants.refresh.pop(asked, None)
    hub().grants.access.pop(asked, None)
    return {}, 200


def _exchange() -> Answer:
    scopes = hub().grants.redeem(request.form.get("code", ""), request.form.get("redirect_uri", ""))
    if scopes is None:
        return _refusal("invalid_grant", "BAD_AUTH_CODE", "the code is unknown, used or expired")
    return _granted(scopes, hub().grants.allow(scopes))


def _refresh() -> Answer:
    grants, held = hub().grants, request.form.get("refresh_token", "")
    scopes = grants.refresh.get(held)
    if scopes is None:
        return _refusal("invalid_grant", "BAD_REFRESH_TOKEN", "invalid, expired or revoked")
    if hub().portal.options.rotate_refresh:
        del grants.refresh[held]
        held = grants.allow(scopes)
    return _granted(scopes, held)


def _granted(scopes: frozenset[str], refresh: str) -> Answer:
    ttl = hub().portal.options.access_ttl
    return {
        "access_token": hub().grants.issue(scopes, ttl, oauth=True),
        "refresh_token": refresh,
        "expires_in": int(ttl),
        "token_type": "bearer",
        "token_use": "access_token",
        "hub_id": hub().portal.id,
        "user_id": hub().grants.user_id,
        "scopes": sorted(scopes),
    }, 200


def _form_only(ver: str) -> None:
    if ver not in VERSIONS or request.mimetype != "application/x-www-form-urlencoded":
        raise not_found()
    if request.query_string:
        raise not_found("everything goes into the body")


def _client_wrong() -> Answer | None:
    grants = hub().grants
    if request.form.get("client_id") != grants.client_id:
        return _refusal("invalid_client", "BAD_CLIENT_ID", "missing or unknown client id")
    if request.form.get("client_secret") != grants.client_secret:
        return _refusal("invalid_client", "BAD_CLIENT_SECRET", "missing or invalid client secret")
    return None


def _refusal(error: str, status: str, message: str) -> Answer:
    body = {"error": error, "error_description": message, "status": status, "message": message}
    return body, 400


def _wrong_request(asked: dict[str, str]) -> str:
    address = urlsplit(asked.get("redirect_uri", ""))
    if asked.get("client_id") != hub().grants.client_id:
        return "The client id is not that of an app."
    if address.scheme not in ("http", "https") or not address.hostname or address.fragment:
        return "The redirect address is not one of the app's."
    if not _scopes("scope"):
        return "The address names no scopes."
    return ""


def _scopes(name: str) -> list[str]:
    return request.args.get(name, "").split()
