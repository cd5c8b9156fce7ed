"""The card of a contact: from its own properties, which show while the app's server is away, and from the server."""

from datetime import datetime
from typing import Any

from connectors.manifest import Field, manifest
from connectors.sandbox import card as cards
from connectors.sandbox.card import Answer, Card, FollowUp, Said, Touchpoint, from_fields, words
from connectors.sandbox.hubspot import calling
from connectors.sandbox.hubspot.definitions import moment
from connectors.sandbox.hubspot.hub import Hub
from connectors.sandbox.hubspot.portal import Record
from connectors.sandbox.hubspot.standard import CONTACTS


def card(hub: Hub, contact: Record, address: str, form: str, said: Said | None) -> Card:
    """Asks the app's server: not to be called while the portal is locked."""
    fields, there = manifest().contact.values(), hub.portal.definitions[CONTACTS]
    held = {
        field.key: _typed(field, contact.properties.get(str(field.hubspot), "")) for field in fields
    }
    set_up = any(str(field.hubspot) in there for field in fields)
    told = _told(hub, contact.id) if set_up else {}
    return from_fields(address, held, set_up=set_up, said=said, form=form, **told)


def ask(hub: Hub, contact_id: str, touchpoint: str) -> Said:
    sent = {"contact": contact_id, "touchpoint": touchpoint}
    answer = calling.fetch(hub, "/hubspot/card/ask", sent)
    if not answer.ok:
        return _failed(answer.document)
    if answer.document.get("asked"):
        return Said(words("send_link"), link=str(answer.document.get("url", "")))
    reason = cards.reason(str(answer.document.get("reason", "")))
    return Said(words("send_refused", reason=reason), bad=True)


def handled(hub: Hub, contact_id: str, chosen: dict[str, str]) -> Said:
    answer = calling.fetch(hub, "/hubspot/card/handled", {"contact": contact_id, **chosen})
    return Said(words("handled")) if answer.ok else _failed(answer.document)


def action(hub: Hub, contact_id: str, touchpoint: str) -> Said:
    """What the workflow's history shows."""
    answer = calling.run_action(hub, contact_id, {"touchpoint": touchpoint})
    told: dict[str, Any] = answer.document.get("outputFields") or {}
    if not answer.ok or not told:
        return Said("The workflow could not reach the app; it tries again later.", bad=True)
    state, why = told.get("hs_execution_state", ""), told.get("gensvar_reason", "")
    link = str(told.get("gensvar_link", ""))
    shown = f"The workflow went on with {state}" + (f": {cards.reason(str(why))}." if why else ".")
    return Said(shown, link=link, bad=not link)


def _failed(problem: dict[str, Any]) -> Said:
    detail = str(problem.get("detail", ""))
    return Said(f"{words('failed')} {detail}".strip(), bad=True)


def _told(hub: Hub, contact_id: str) -> dict[str, Any]:
    """What only the server knows."""
    if not hub.portal.options.app_url:
        return {"reachable": False}
    answer = calling.fetch(hub, "/hubspot/card", contact=contact_id)
    if not answer.ok:
        return {"reachable": False}
    told = answer.document
    titles = {one["id"]: one for one in told["answers"]}
    return {
        "earlier": [_answer(one) for one in told["answers"][1:]],
        "more": bool(told["more"]),
        "touchpoints": [Touchpoint(one["key"], one["name"]) for one in told["touchpoints"]],
        "handle": [
            _follow_up(one, titles.get(one["answer"]))
            for one in told["follow_ups"]
            if one["state"] == "open"
        ],
    }


def _answer(told: dict[str, Any]) -> Answer:
    return Answer(
        score=told["score"],
        category=told["category"],
        touchpoint=told["touchpoint"],
        kind=told["kind"],
        at=datetime.fromisoformat(told["answered_at"]),
        comment=told["comment"],
        before=told["before"],
        may_contact=told["may_contact"],
    )


def _follow_up(told: dict[str, Any], answer: dict[str, Any] | None) -> FollowUp:
    about = f"{answer['score']}: {answer['touchpoint']}" if answer else told["opened_at"]
    due = datetime.fromisoformat(told["due_at"])
    return FollowUp("open", told["owner"], due, told["id"], about)


def _typed(field: Field, value: str) -> str | int | datetime | None:
    if not value:
        return None
    if field.type == "integer":
        return int(float(value))
    return moment(field.key, value) if field.type == "datetime" else value
