"""What a rep sees of a contact, at HubSpot's own address; and the list of contacts."""

from collections import defaultdict
from datetime import datetime

from flask import Blueprint, abort, redirect
from werkzeug.wrappers import Response

from connectors.sandbox import pages
from connectors.sandbox.card import Card, shown_time
from connectors.sandbox.hubspot.acts import address, name_of, offered
from connectors.sandbox.hubspot.card import card
from connectors.sandbox.hubspot.definitions import Definition, moment
from connectors.sandbox.hubspot.hub import hub, portal
from connectors.sandbox.hubspot.portal import Record
from connectors.sandbox.hubspot.standard import CONTACTS, NOTES, TASKS
from connectors.sandbox.pages import Activity, Group, RecordPage, Row, Value
from connectors.sandbox.richtext import render

record_page = Blueprint("record_page", __name__)
KINDS = {"score": "score", "category": "category", "up": "follow_up"}


@record_page.get("/")
def contacts() -> str:
    with portal().lock:
        rows = [_row(record) for record in portal().records[CONTACTS].values()]
    return pages.index("HubSpot", _account(), sorted(rows, key=lambda row: row.name.casefold()))


@record_page.get("/contacts/<int:portal_id>/record/0-1/<record_id>")
def record(portal_id: int, record_id: str) -> str | Response:
    with portal().lock:
        found = portal().survivor(CONTACTS, record_id) or portal().records[CONTACTS].get(record_id)
    if portal_id != portal().id or found is None:
        abort(404)
    if found.id != record_id:
        return redirect(address(found.id))
    drawn = (
        None if found.archived else _card(found)
    )  # the app's server, when asked, asks the portal
    with portal().lock:
        return pages.record(_page(found, drawn))


def _card(contact: Record) -> Card:
    opened = pages.opened()
    said = hub().said.get(contact.id) if opened == "said" else None
    return card(hub(), contact, address(contact.id), opened, said)


def _page(contact: Record, drawn: Card | None) -> RecordPage:
    held = contact.properties
    touchpoints = [(one.key, one.name) for one in drawn.touchpoints] if drawn else []
    return RecordPage(
        crm="HubSpot",
        account=_account(),
        name=name_of(contact),
        company=held.get("company", ""),
        owner=_owner(held.get("hubspot_owner_id", "")),
        facts=[
            Value("Email", held.get("email", "")),
            Value("Language", held.get("hs_language", "")),
            Value("Record ID", contact.id),
        ],
        groups=_groups(contact),
        tasks=[_task(contact, task) for task in _activities(contact, TASKS)],
        answers=[_note(contact, note) for note in _activities(contact, NOTES)],
        notice=_notice(contact),
        card=drawn,
        acts=offered(contact, touchpoints),
        address=address(contact.id),
        opened=pages.opened(),
    )


def _groups(contact: Record) -> list[Group]:
    shown: dict[str, list[Value]] = defaultdict(list)
    for defined in portal().definitions[CONTACTS].values():
        if not defined.builtin and not defined.archived:
            shown[defined.group].append(_value(defined, contact.properties.get(defined.name, "")))
    return [Group(portal().groups[CONTACTS][key], values) for key, values in shown.items()]


def _value(defined: Definition, value: str) -> Value:
    kind = KINDS.get(defined.name.rsplit("_", 1)[-1], "text")
    if value and defined.type == "datetime":
        return Value(defined.label, shown_time(moment(defined.name, value)), "time")
    labels = {option["value"]: option["label"] for option in defined.options}
    return Value(defined.label, labels.get(value, value), kind)


def _activities(contact: Record, kind: str) -> list[Record]:
    found = [portal().records[kind][key] for key in portal().linked(CONTACTS, contact.id, kind)]
    return sorted(found, key=lambda record: int(record.id), reverse=True)


def _task(contact: Record, task: Record) -> Activity:
    held = task.properties
    return Activity(
        kind="task",
        title=held.get("hs_task_subject", ""),
        body=render(held.get("hs_task_body", ""), contact.properties),
        due=_time(task),
        owner=_owner(held.get("hubspot_owner_id", "")),
        status=f"{held.get('hs_task_status', 'NOT_STARTED').replace('_', ' ').lower()}, "
        f"priority {held.get('hs_task_priority', 'NONE').lower()}",
    )


def _note(contact: Record, note: Record) -> Activity:
    body = render(note.properties.get("hs_note_body", ""), contact.properties)
    return Activity(kind="note", title="Note", body=body, at=_time(note))


def _time(record: Record) -> datetime:
    return moment("hs_timestamp", record.properties["hs_timestamp"])


def _row(contact: Record) -> Row:
    held = contact.properties
    tasks = _activities(contact, TASKS)
    return Row(
        url=address(contact.id),
        name=name_of(contact),
        company=held.get("company", ""),
        owner=_owner(held.get("hubspot_owner_id", "")),
        score=held.get("gensvar_score", ""),
        category=held.get("gensvar_category", ""),
        open_tasks=sum(t.properties.get("hs_task_status") != "COMPLETED" for t in tasks),
        notice=_notice(contact),
    )


def _notice(contact: Record) -> str:
    if contact.archived:
        return "Deleted; it can be restored"
    if contact.properties.get("hs_email_optout") == "true":
        return "Unsubscribed from all email"
    merged = contact.properties.get("hs_merged_object_ids", "")
    return f"Merged from {merged.replace(';', ' and ')}" if merged else ""


def _owner(owner_id: str) -> str:
    owner = portal().owners.get(owner_id)
    if owner is None:
        return ""
    return f"{owner.name} (deactivated)" if owner.archived else owner.name


def _account() -> str:
    return f"{portal().domain} ({portal().id})"
