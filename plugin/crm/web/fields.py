"""Where an administrator chooses which fields and lists of a CRM are kept in step, and sees how that goes."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.engine import Row

from plugin.access.guard import who
from plugin.crm.clients import CRM_NAMES
from plugin.crm.connections import Connections
from plugin.crm.directory import connections
from plugin.crm.keeping import looks, offers, rules
from plugin.crm.keeping.offers import Kept
from plugin.crm.rules import explain
from plugin.crm.store import every, find
from plugin.errors import Problem
from plugin.numbers import several
from plugin.segments import choosing
from plugin.services import services

blueprint = Blueprint("fields", "plugin", url_prefix="/admin/segments/fields")
KINDS = {"text": "text", "number": "number", "date": "date"}
NO_SUCH = "The CRM does not offer this any more. Load the page again."


@blueprint.get("")
def overview() -> ResponseReturnValue:
    with services().database.read() as connection:
        found = [offers.kept(connection, row) for row in every(connection) if _stands(row)]
    waits = {one.row.id: services().explain(one.waits) for one in found if one.waits}
    return render_template("crm/fields.html", found=found, waits=waits, crms=CRM_NAMES, kinds=KINDS)


@blueprint.get("/<installation>")
def choose(installation: str) -> ResponseReturnValue:
    return _choosing(_connected(installation))


@blueprint.post("/<installation>/field")
def keep_field(installation: str) -> ResponseReturnValue:
    row, at = _connected(installation), services().clock.now()
    offered = {one.value: one for one in offers.offer(_connections(), row).fields}
    try:
        chosen = _among(offered, "field")
        with services().database.write() as connection:
            choosing.keep_field(
                connection, who(), row.id, chosen.value, chosen.label, chosen.kind, at
            )
            looks.owe_look(connection, services().clock, row.id, looks.FIELDS, at)
    except Problem as problem:
        return _choosing(row, {"field": problem.detail}), 422
    services().wake.set()
    flash(f"“{chosen.label}” is kept in step from now on. It is being read.", "good")
    return redirect(url_for("crm.fields.overview"), 303)


@blueprint.post("/<installation>/list")
def follow_list(installation: str) -> ResponseReturnValue:
    row, at = _connected(installation), services().clock.now()
    offered = {one.value: one for one in offers.offer(_connections(), row).lists}
    try:
        chosen = _among(offered, "list")
        with services().database.write() as connection:
            choosing.follow_list(connection, who(), row.id, chosen.value, chosen.label, at)
            looks.owe_look(connection, services().clock, row.id, chosen.value, at)
    except Problem as problem:
        return _choosing(row, {"list": problem.detail}), 422
    services().wake.set()
    flash(f"“{chosen.label}” is followed from now on. It is being read.", "good")
    return redirect(url_for("crm.fields.overview"), 303)


@blueprint.post("/<installation>/field/stop")
def stop_field(installation: str) -> ResponseReturnValue:
    row, field = _known(installation), request.form.get("field", "")
    with services().database.write() as connection:
        done = choosing.stop_field(connection, who(), row.id, field)
    return _stopped("This field is kept in step no more; its values are deleted.", done=done)


@blueprint.post("/<installation>/list/stop")
def leave_list(installation: str) -> ResponseReturnValue:
    row, name = _known(installation), request.form.get("list", "")
    with services().database.write() as connection:
        done = choosing.leave_list(connection, who(), row.id, name)
        looks.stop(connection, services().clock, row.id, name)
    return _stopped("This list is followed no more; who was on it is forgotten.", done=done)


@blueprint.post("/<installation>/again")
def read_again(installation: str) -> ResponseReturnValue:
    row = _connected(installation)
    with services().database.write() as connection:
        choosing.read_again(connection, row.id)
        looks.hurry(connection, services().clock, row.id)
    services().wake.set()
    flash("Everything is read again, from the beginning.", "calm")
    return redirect(url_for("crm.fields.overview"), 303)


def _choosing(row: Row[Any], errors: dict[str, str] | None = None) -> str:
    offered = offers.offer(_connections(), row)
    with services().database.read() as connection:
        one = offers.kept(connection, row)
    return render_template(
        "crm/choose_fields.html",
        row=row, crm_name=CRM_NAMES[row.crm], one=one, offer=offered, kinds=KINDS,
        fields=[f for f in offered.fields if f.value not in {held.field for held in one.fields}],
        lists=_lists(one, offered), fields_cost=offers.fields_cost(_connections(), one),
        most=rules.CALLS_MOST, every=rules.EVERY, values=request.form, errors=errors or {},
    )  # fmt: skip


def _lists(one: Kept, offered: offers.Offer) -> list[tuple[str, str]]:
    followed = {held.list for held in one.lists}
    return [
        (choice.value, _described(one.row.id, choice.label, choice.size))
        for choice in offered.lists
        if choice.value not in followed
    ]


def _described(installation: str, label: str, size: int | None) -> str:
    if size is None:
        return f"{label} (how many are on it is not known: 24 calls a day or more)"
    calls = offers.list_cost(_connections(), installation, size)
    return f"{label} ({size:,} on it, about {several(calls, 'call')} a day)"


def _among(offered: dict[str, Any], name: str) -> Any:
    chosen = offered.get(request.form.get(name, ""))
    if chosen is None:
        raise Problem("field_invalid", NO_SUCH if request.form.get(name) else "Choose one.")
    return chosen


def _stopped(words: str, *, done: bool) -> ResponseReturnValue:
    if not done:
        raise Problem("not_found", "This is not kept in step.")
    flash(words, "good")
    return redirect(url_for("crm.fields.overview"), 303)


def _stands(row: Row[Any]) -> bool:
    return bool(row.state != "disconnected")


def _known(installation: str) -> Row[Any]:
    with services().database.read() as connection:
        row = find(connection, installation)
    if row is None:
        raise Problem("not_found", "There is no such installation.")
    return row


def _connected(installation: str) -> Row[Any]:
    row = _known(installation)
    if row.state != "connected":
        raise Problem("needs_reconnect", explain(row.reason or row.state, row.reason_detail))
    return row


def _connections() -> Connections:
    return connections(services())
