"""From the connect page to the CRM and back: what to create there, the sign-in, and the question whether it is the
right account."""

from typing import Any

import structlog
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

import connectors
from connectors.errors import CrmError
from connectors.manifest import manifest
from plugin.access.guard import current, find, open_to_all, who
from plugin.crm import oauth
from plugin.crm.actions import connect, owe_setup
from plugin.crm.clients import CRM_NAMES, own_client
from plugin.crm.discard import discard
from plugin.crm.oauth import Granted, NotConnected, Wish
from plugin.crm.rules import refused_sign_in
from plugin.crm.seals import opened
from plugin.crm.store import find as find_installation
from plugin.errors import Problem
from plugin.sealing import SealBroken
from plugin.services import services

log = structlog.get_logger()
blueprint = Blueprint("connecting", "plugin")

SANDBOX_LOGIN = "https://test.salesforce.com"
ASKED = {
    "client_id": "Enter the client id (in Salesforce: consumer key) of your app.",
    "client_secret": "Enter the client secret (in Salesforce: consumer secret) of your app.",
}


@blueprint.get("/admin/installations/connect/<crm>")
def connect_page(crm: str) -> ResponseReturnValue:
    return _connect_page(_known(crm), {}, {})


@blueprint.post("/admin/installations/connect/<crm>")
def prepare(crm: str) -> ResponseReturnValue:
    """Keeps a client of one's own and the sign-in host; the next page leads to the CRM, because a form may not."""
    given = {name: text.strip() for name, text in request.form.items()}
    errors = _errors(_known(crm), given)
    if errors:
        return _connect_page(crm, given, errors), 422
    wish = Wish(
        crm,
        given.get("client_id", ""),
        given.get("client_secret", ""),
        _host(crm, given),
        given.get("installation", ""),
    )
    kept = oauth.prepare(services(), current().id, wish)
    return redirect(url_for("crm.connecting.connect_page", crm=crm, ready=kept), 303)


@blueprint.get("/oauth/<crm>/start")
def start(crm: str) -> ResponseReturnValue:
    wish = _wish(_known(crm))
    if not oauth.client(services(), wish).id:
        flash(f"First give the client id and secret of your app in {CRM_NAMES[crm]}.", "warn")
        return redirect(url_for("crm.connecting.connect_page", crm=crm), 303)
    return redirect(oauth.begin(services(), current().id, wish), 302)


@blueprint.get("/oauth/<crm>/callback")
@open_to_all  # nobody is sent to sign in from here: the code must not travel on in an address
def callback(crm: str) -> ResponseReturnValue:
    session = find()
    given = request.args
    if session is None or crm not in CRM_NAMES or len(given.getlist("state")) != 1:
        raise Problem("oauth_state")
    wish = oauth.returned(services(), session.id, crm, given["state"])
    if "error" in given or not given.get("code"):
        return _failed(wish, _code(given.to_dict()))
    try:
        granted = oauth.exchange(services(), wish, given["code"])
    except NotConnected as error:
        log.warning("oauth_failed", crm=crm, code=error.code)
        return _failed(wish, error.code, error.detail)
    if wish.installation and wish.installation != granted.installation:
        discard(services(), granted)
        return _other_account(wish, granted)
    kept = oauth.offer(services(), session.id, granted)
    return redirect(url_for("crm.connecting.confirm_page", crm=crm, offer=kept), 302)


@blueprint.get("/admin/installations/confirm/<crm>/<offer>")
def confirm_page(crm: str, offer: str) -> ResponseReturnValue:
    granted = oauth.offered(services(), current().id, _known(crm), offer, take=False)
    with services().database.read() as connection:
        known = find_installation(connection, granted.installation)
    asked = getattr(manifest(), crm).scopes
    return render_template(
        "crm/confirm.html",
        crm=crm,
        crm_name=CRM_NAMES[crm],
        offer=offer,
        granted=granted,
        known=known,
        missing={
            scope: use
            for scope, use in {**asked.required, **asked.optional}.items()
            if granted.scopes and scope not in granted.scopes
        },
        required=asked.required,
    )


@blueprint.post("/admin/installations/confirm/<crm>/<offer>")
def confirm(crm: str, offer: str) -> ResponseReturnValue:
    here = services()
    granted = oauth.offered(here, current().id, _known(crm), offer, take=True)
    with here.database.write() as connection:
        installation = connect(connection, here.clock, here.sealer, granted, way="oauth", who=who())
        owe_setup(connection, here.clock, installation, "setup")
    here.wake.set()
    flash(f"{granted.account.name} is connected.", "good")
    return redirect(url_for("crm.show", installation=installation), 303)


@blueprint.post("/admin/installations/confirm/<crm>/<offer>/cancel")
def cancel(crm: str, offer: str) -> ResponseReturnValue:
    discard(services(), oauth.offered(services(), current().id, _known(crm), offer, take=True))
    flash("Nothing was connected, and the access was given back.", "calm")
    return redirect(url_for("crm.overview"), 303)


def _known(crm: str) -> str:
    if crm not in CRM_NAMES:
        raise Problem("not_found")
    return crm


def _wish(crm: str) -> Wish:
    """What is to be connected: as prepared on the connect page, or one we know once more, or the settings' client."""
    if ready := request.args.get("ready"):
        return oauth.prepared(services(), current().id, crm, ready)
    if known := request.args.get("installation"):
        return _again(crm, known)
    return Wish(crm)


def _again(crm: str, installation: str) -> Wish:
    with services().database.read() as connection:
        row = find_installation(connection, installation)
    if row is None or row.crm != crm:
        raise Problem("not_found")
    try:
        secret = opened(services().sealer, row, "client_secret")
    except SealBroken:
        return Wish(crm, installation=row.id, host=row.login_host)
    return Wish(crm, row.client_id, secret, row.login_host, row.id)


def _connect_page(crm: str, values: dict[str, str], errors: dict[str, str]) -> str:
    here = services()
    return render_template(
        f"crm/connect_{crm}.html",
        crm=crm,
        crm_name=CRM_NAMES[crm],
        callback=oauth.callback(here, crm),
        base_url=here.settings.address(),
        scopes=getattr(manifest(), crm).scopes,
        own=bool(own_client(here.settings, crm).id),
        ready=request.args.get("ready", ""),
        installation=values.get("installation") or request.args.get("installation", ""),
        values={"place": "production"} | values,
        errors=errors,
    )


def _errors(crm: str, given: dict[str, str]) -> dict[str, str]:
    """What is wrong with the form: id and secret belong together, and are needed where the settings name none."""
    own = bool(own_client(services().settings, crm).id)
    needed = not own or any(given.get(name) for name in ASKED)
    errors = {name: words for name, words in ASKED.items() if needed and not given.get(name)}
    try:
        _host(crm, given)
    except CrmError:
        errors["host"] = "Enter your org's My Domain, like https://acme.my.salesforce.com."
    return errors


def _host(crm: str, given: dict[str, str]) -> str:
    """Where people sign in; raises ``Refused`` for a host that is not the CRM's own."""
    settings = services().settings
    if crm != "salesforce":
        return ""
    places = {"production": settings.salesforce_login_url, "sandbox": SANDBOX_LOGIN}
    chosen = places.get(given.get("place", ""), given.get("host", ""))
    return connectors.crm(crm).check_host(chosen, loopback=settings.relaxed)


def _code(given: dict[str, Any]) -> str:
    """Why a CRM sent the browser back without a code."""
    if given.get("error") == "access_denied":
        return "denied"
    if "must be installed" in given.get("error_description", "").replace("+", " "):
        return "not_installed"
    return "config" if str(given.get("error", "")).startswith("invalid_client") else "refused"


def _failed(wish: Wish, code: str, detail: str = "") -> ResponseReturnValue:
    known = refused_sign_in(code)
    page = render_template(
        "crm/failed.html", crm_name=CRM_NAMES[wish.crm], wish=wish, plain=known, detail=detail
    )
    return page, 400


def _other_account(wish: Wish, granted: Granted) -> ResponseReturnValue:
    with services().database.read() as connection:
        row = find_installation(connection, wish.installation)
    page = render_template(
        "crm/other_account.html",
        crm_name=CRM_NAMES[wish.crm],
        wish=wish,
        wanted=row.name if row else wish.installation,
        granted=granted,
    )
    return page, 409
