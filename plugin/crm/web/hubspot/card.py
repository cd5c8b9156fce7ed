"""The card on a contact: what it cannot read from the contact itself, and its two actions."""

from flask import Blueprint, Response

import connectors
from plugin.asking.actions import Wish
from plugin.crm import card as reading
from plugin.crm.apps import HUBSPOT
from plugin.crm.card import iso
from plugin.crm.handling import handled
from plugin.crm.requests import decide_now
from plugin.crm.web.hubspot.door import caller, given, looked_up
from plugin.errors import Problem
from plugin.people.rules import ContactName
from plugin.services import services
from plugin.strict import field_invalid
from plugin.web import json_response

blueprint = Blueprint("card", __name__)
SOMEBODY = "HubSpot"


@blueprint.get("/card")
def show() -> Response:
    with services().database.read() as connection:
        who = caller(connection)
        contact = _contact(who.asked.get("contact", ""))
        return json_response(reading.document(connection, who.installation.id, contact))


@blueprint.post("/card/ask")
def ask() -> Response:
    """As often as the card sends it: an open ask is the same ask."""
    who, sent = looked_up(), given("contact", "touchpoint")
    contact = ContactName(id=_contact(sent["contact"]))
    made = decide_now(services(), Wish(who.installation.id, contact, sent["touchpoint"], "link"))
    if made.ask:
        return json_response({"asked": True, "ask_id": made.ask, "url": made.url})
    at = iso(made.next_ask_at)
    return json_response({"asked": False, "reason": made.reason, "next_eligible_at": at})


@blueprint.post("/card/handled")
def handle() -> Response:
    """A second time the same answer."""
    who, sent = looked_up(), given("contact", "follow_up", "cause", "outcome")
    contact, now = _contact(sent["contact"]), services().clock.now()
    with services().database.write() as connection:
        mine = reading.follow_up_of(connection, who.installation.id, contact, sent["follow_up"])
        if mine is None:
            raise Problem("not_found", "There is no such follow-up.")
        done = handled(
            connection,
            mine.id,
            cause=sent["cause"],
            outcome=sent["outcome"],
            by=who.email or SOMEBODY,
            now=now,
        )
    services().wake.set()
    return json_response({"follow_up": reading.follow_up(done.follow_up)})


def _contact(text: str) -> str:
    """Raises ``Problem("field_invalid")`` for what is no record's id."""
    if not connectors.crm(HUBSPOT).valid_record_id(text):
        raise field_invalid({"contact": "must be the record id of a contact"})
    return text
