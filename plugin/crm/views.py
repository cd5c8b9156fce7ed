"""The installations: how each is doing, and what an administrator can do about it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from connectors.errors import CrmError
from connectors.types import Owner
from plugin.access.guard import who
from plugin.crm import health
from plugin.crm.actions import choose, leave, owe_setup
from plugin.crm.clients import CRM_NAMES
from plugin.crm.directory import connections
from plugin.crm.health import Health
from plugin.crm.rules import explain
from plugin.crm.setup import check
from plugin.crm.web import connecting, fields
from plugin.errors import Problem
from plugin.followups.reading import counts
from plugin.services import services

blueprint = Blueprint("crm", "plugin")
blueprint.register_blueprint(connecting.blueprint)
blueprint.register_blueprint(fields.blueprint)


@blueprint.get("/admin/installations")
def overview() -> ResponseReturnValue:
    with services().database.read() as connection:
        found = health.overview(connection)
    return render_template("crm/installations.html", found=found, crms=CRM_NAMES)


@blueprint.get("/admin/installations/<installation>")
def show(installation: str) -> ResponseReturnValue:
    return _page(_known(installation))


@blueprint.post("/admin/installations/<installation>/check")
def check_now(installation: str) -> ResponseReturnValue:
    row = _known(installation).row
    try:
        found = check(connections(services()), row)
    except CrmError as error:
        flash(
            f"{CRM_NAMES[row.crm]} could not be asked: {explain(error.code, error.detail)}", "bad"
        )
        return _back(installation)
    services().wake.set()
    flash(f"Checked: {len(found)} to look at." if found else "Checked: everything is in place.")
    return _back(installation)


@blueprint.post("/admin/installations/<installation>/setup")
def set_up(installation: str) -> ResponseReturnValue:
    _connected(installation)
    with services().database.write() as connection:
        owe_setup(connection, services().clock, installation, "setup")
    services().wake.set()
    return _back(installation)


@blueprint.post("/admin/installations/<installation>/disconnect")
def disconnect(installation: str) -> ResponseReturnValue:
    row = _known(installation).row
    if request.form.get("name", "").strip() != row.name:
        return _page(_known(installation), {"name": f"Type the account's name, {row.name}."}), 422
    with services().database.write() as connection:
        leave(connection, services().clock, installation, who())
    services().wake.set()
    flash("Deliveries have stopped; our things are being taken away.", "calm")
    return _back(installation)


@blueprint.get("/admin/installations/<installation>/people")
def people_page(installation: str) -> ResponseReturnValue:
    row = _connected(installation).row
    try:
        users = connections(services()).connector(row).users()
    except CrmError as error:
        flash(
            f"{CRM_NAMES[row.crm]} could not be asked: {explain(error.code, error.detail)}", "bad"
        )
        return _back(installation)
    return render_template("crm/people.html", row=row, crm_name=CRM_NAMES[row.crm], users=users)


@blueprint.post("/admin/installations/<installation>/people")
def choose_people(installation: str) -> ResponseReturnValue:
    row = _connected(installation).row
    connector = connections(services()).connector(row)
    viewers = request.form.getlist("viewers")
    try:
        known = {user.id for user in connector.users()}
        _only(known, [*viewers, *filter(None, [request.form.get("owner", "")])])
        connector.grant_viewers(viewers)
    except CrmError as error:
        flash(f"Nothing was changed: {explain(error.code, error.detail)}", "bad")
        return _back(installation)
    with services().database.write() as connection:
        choose(
            connection,
            installation,
            owner=request.form.get("owner", ""),
            viewers=viewers,
            who=who(),
        )
    flash("Saved.", "good")
    return _back(installation)


def _only(known: set[str], given: list[str]) -> None:
    if not known.issuperset(given):
        raise Problem(
            "field_invalid", "Somebody you chose is no longer there. Load the page again."
        )


def _known(installation: str) -> Health:
    with services().database.read() as connection:
        found = health.one(connection, installation)
    if found is None:
        raise Problem("not_found", "There is no such installation.")
    return found


def _connected(installation: str) -> Health:
    found = _known(installation)
    if found.row.state != "connected":
        raise Problem("needs_reconnect", found.reason)
    return found


def _page(found: Health, errors: dict[str, str] | None = None) -> str:
    owner = found.row.fallback_owner
    with services().database.read() as connection:
        follow_ups = counts(connection, services().clock.now(), found.row.id)
    return render_template(
        "crm/installation.html",
        follow_ups=follow_ups,
        h=found,
        row=found.row,
        crm_name=found.crm_name,
        owner=_owner(found.row, owner) if owner else None,
        errors=errors or {},
        values=request.form,
    )


def _owner(row: Any, owner_id: str) -> Owner | None:
    """The fallback owner's name, where the CRM can be asked; the page does not depend on it."""
    if row.state != "connected":
        return None
    try:
        return connections(services()).connector(row).owners([owner_id]).get(owner_id)
    except CrmError:
        return None


def _back(installation: str) -> ResponseReturnValue:
    return redirect(url_for("crm.show", installation=installation), 303)
