"""Signing in as Salesforce does it: the consent page, the token endpoint (forms only), userinfo."""

from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, redirect, request
from werkzeug.wrappers import Response as Redirect

from connectors.sandbox import pages
from connectors.sandbox.salesforce.door import org, service
from connectors.sandbox.salesforce.oauth import OAuthRefusal
from connectors.sandbox.salesforce.problems import Refusal

signin = Blueprint("signin", __name__)


@signin.get("/services/oauth2/authorize")
def consent() -> str | tuple[str, int] | Redirect:
    asked = request.args.to_dict()
    wrong = service().oauth.wrong_request(asked)
    if wrong:
        return pages.message("Salesforce", "OAuth error", wrong), 400
    invalid = service().oauth.invalid_request(asked)
    if invalid:
        return _back(asked, invalid)
    person, account = org().rows["User"][service().admin], org().rows["Organization"][org().id]
    scopes = asked.get("scope", "api refresh_token").split()
    return pages.consent("Salesforce", account["Name"], person["Username"], scopes, [])


@signin.post("/services/oauth2/authorize")
def decide() -> str | tuple[str, int] | Redirect:
    asked = request.args.to_dict()
    wrong = service().oauth.wrong_request(asked) or service().oauth.invalid_request(asked)
    if wrong:
        return pages.message("Salesforce", "OAuth error", str(wrong)), 400
    if request.form.get("decision") != "approve":
        denied = {"error": "access_denied", "error_description": "end-user denied authorization"}
        return _back(asked, denied)
    return _back(asked, {"code": service().oauth.consent(asked, service().admin)})


@signin.post("/services/oauth2/token")
def token() -> Response | tuple[Response, int]:
    try:
        form = _form()
        with org().lock:
            return jsonify(service().oauth.token(form, request.host_url.rstrip("/")))
    except OAuthRefusal as refusal:
        return jsonify(refusal.body), 400


@signin.post("/services/oauth2/introspect")
def introspect() -> Response | tuple[Response, int]:
    try:
        with org().lock:
            return jsonify(service().oauth.introspect(_form()))
    except OAuthRefusal as refusal:
        return jsonify(refusal.body), 400


@signin.post("/services/oauth2/revoke")
def revoke() -> tuple[Response, int]:
    try:
        with org().lock:
            service().oauth.revoke(_form().get("token", ""))
    except OAuthRefusal as refusal:
        return jsonify(refusal.body), 400
    return Response(), 200


@signin.get("/services/oauth2/userinfo")
def userinfo() -> Response:
    kind, _, held = request.headers.get("Authorization", "").partition(" ")
    with org().lock:
        user_id = service().oauth.user_of(held) if kind == "Bearer" else None
        if user_id is None:
            # As the real one: a bare word, not JSON, and 403.
            raise Refusal(403, "INVALID_SESSION_ID", "Bad_OAuth_Token")
        person = org().rows["User"][user_id]
    url = request.host_url.rstrip("/")
    return jsonify(
        {
            "sub": f"{url}/id/{org().id}/{user_id}",
            "user_id": user_id,
            "organization_id": org().id,
            "preferred_username": person["Username"],
            "name": person["Name"],
            "email": person["Email"],
            "user_type": "STANDARD",
            "urls": {"rest": f"{url}/services/data/v{{version}}/"},
        }
    )


def _form() -> dict[str, str]:
    if request.mimetype != "application/x-www-form-urlencoded" or request.query_string:
        raise OAuthRefusal("invalid_request", "everything goes into the form body")
    return request.form.to_dict()


def _back(asked: dict[str, str], answer: dict[str, str]) -> Redirect:
    state = {"state": asked["state"]} if "state" in asked else {}
    return redirect(f"{asked['redirect_uri']}?{urlencode(answer | state)}", 302)
