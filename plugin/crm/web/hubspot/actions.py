"""The workflow action "Send an NPS survey".

HubSpot repeats a call that fails with 5xx for days, and gives up on 4xx: whoever cannot be asked is no failure of the
call, and the workflow goes on.
"""

from typing import Any

from flask import Blueprint, Response

import connectors
from plugin.asking.actions import Wish
from plugin.crm.apps import HUBSPOT, secret_of
from plugin.crm.requests import Decided, decide_once
from plugin.crm.web.hubspot.door import body, connected, doorkeeper, signed
from plugin.errors import Problem
from plugin.people.rules import ContactName
from plugin.services import services
from plugin.strict import json_object, malformed, storable
from plugin.web import json_response

blueprint = Blueprint("actions", __name__)

MOST = 128 * 1024  # the workflow may send many of the contact's properties along
CHANNELS = ("link", "email")
DONE, GO_ON = "SUCCESS", "FAIL_CONTINUE"
# What another try would not change: the workflow goes on, and its history shows the code.
FINAL = ("not_found", "field_invalid", "contact_ambiguous", "already_answered")


@blueprint.post("/actions/ask")
def ask() -> Response:
    sent = body(MOST)
    with services().database.read() as connection:
        row = connected(connection, _portal(sent))
    signed([secret_of(services(), row)], sent, old=True)
    order = json_object(sent)
    if row is None:
        return _answer(Decided(reason="not_connected"))
    doorkeeper().per_account.take(row.id)
    return _answer(_decided(row.id, order))


def _portal(sent: bytes) -> str:
    """Whose signature to expect, as far as the body can be read."""
    try:
        return _id(_in(json_object(sent), "origin").get("portalId"))
    except Problem:
        return ""


def _decided(installation: str, order: dict[str, Any]) -> Decided:
    callback = order.get("callbackId")
    if not isinstance(callback, str) or not 0 < len(callback) <= 200 or not storable(callback):
        raise malformed("callbackId must be a short text.")
    try:
        wish = _wish(installation, order)
        return decide_once(services(), f"{installation}:action:{callback}", wish)
    except Problem as problem:
        if problem.code == "needs_reconnect":  # may be mended while HubSpot still tries
            raise Problem("crm_unavailable", problem.detail) from None
        if problem.code not in FINAL:
            raise
        return Decided(reason=problem.code)


def _wish(installation: str, order: dict[str, Any]) -> Wish:
    contact, asked = _id(_in(order, "object").get("objectId")), _in(order, "inputFields")
    touchpoint, channel = asked.get("touchpoint"), asked.get("channel") or "link"
    if not connectors.crm(HUBSPOT).valid_record_id(contact) or channel not in CHANNELS:
        raise Problem("field_invalid")
    if not isinstance(touchpoint, str) or not storable(touchpoint):
        raise Problem("not_found")
    return Wish(installation, ContactName(id=contact), touchpoint.strip(), channel)


def _answer(made: Decided) -> Response:
    fields = {
        "gensvar_ask_id": made.ask,
        "gensvar_link": made.url,
        "gensvar_reason": made.reason,
        "hs_execution_state": DONE if made.ask else GO_ON,
    }
    return json_response({"outputFields": fields})


def _in(order: dict[str, Any], name: str) -> dict[str, Any]:
    found = order.get(name)
    return found if isinstance(found, dict) else {}


def _id(value: Any) -> str:
    """Ids are numbers here and text elsewhere."""
    return str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
