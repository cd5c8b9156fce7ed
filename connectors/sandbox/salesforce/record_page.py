"""What a rep sees of a contact, at Lightning's own address; and the list of contacts."""

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, redirect
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from connectors.manifest import Field, manifest
from connectors.sandbox import pages
from connectors.sandbox.card import shown_time
from connectors.sandbox.pages import Activity, Group, RecordPage, Value
from connectors.sandbox.salesforce.acts import address, offered
from connectors.sandbox.salesforce.card import card, due, owner_name, related, tells
from connectors.sandbox.salesforce.door import org
from connectors.sandbox.salesforce.org import Row

record_page = Blueprint("record_page", __name__)
KINDS = {"score": "score", "category": "category", "follow_up": "follow_up"}


@record_page.get("/")
def contacts() -> str:
    with org().lock:
        rows = [_listed(row) for row in org().rows["Contact"].values() if not row["IsDeleted"]]
    return pages.index("Salesforce", _account(), sorted(rows, key=lambda row: row.name.casefold()))


@record_page.get("/lightning/r/Contact/<record_id>/view")
@record_page.get("/lightning/r/<record_id>/view")
@record_page.get("/<record_id>")
def record(record_id: str) -> str | Response:
    with org().lock:
        found = org().find("Contact", record_id)
        if found is None:
            abort(404)
        if found["MasterRecordId"]:
            return redirect(address(found["MasterRecordId"]))
        return pages.record(_page(found))


def _account() -> str:
    return str(org().rows["Organization"][org().id]["Name"])


def _page(contact: Row) -> RecordPage:
    tasks = related("Task", "WhoId", contact)
    return RecordPage(
        crm="Salesforce",
        account=_account(),
        name=contact["Name"],
        company=_named("Account", contact["AccountId"]),
        owner=owner_name(contact["OwnerId"]),
        facts=[
            Value("Email", contact["Email"] or ""),
            Value("Country", contact["MailingCountry"] or ""),
            Value("Record ID", contact["Id"]),
        ],
        groups=_groups(contact),
        tasks=[_task(row) for row in tasks if not tells(row)],
        answers=_newest_first(
            [_answer(row) for row in _answers(contact)]
            + [_telling(row) for row in tasks if tells(row)]
        ),
        notice=_notice(contact),
        card=None if contact["IsDeleted"] else card(contact, address(contact["Id"])),
        acts=offered(contact),
        address=address(contact["Id"]),
        opened=pages.opened(),
    )


def _notice(contact: Row) -> str:
    if contact["IsDeleted"]:
        return "This contact is in the recycle bin."
    return "This contact has opted out of email." if contact["HasOptedOutOfEmail"] else ""


def _groups(contact: Row) -> list[Group]:
    fields = org().objects["Contact"].fields
    ours = [f for f in manifest().contact.values() if f.salesforce in fields]
    return [Group("NPS", [_value(field, contact) for field in ours])] if ours else []


def _value(field: Field, row: Row) -> Value:
    value = row.get(field.salesforce or "")
    if isinstance(value, datetime):
        return Value(field.label, shown_time(value), "time")
    labels: dict[Any, str] = {option.value: option.label for option in field.options}
    if isinstance(value, float):
        value = f"{value:g}"
    return Value(field.label, labels.get(value, value) or "", KINDS.get(field.key, "text"))


def _answers(contact: Row) -> list[Row]:
    ours = manifest().salesforce.answer_record.object
    return related(ours, manifest().answer["contact"].salesforce or "", contact)


def _answer(row: Row) -> Activity:
    held = [f for f in manifest().answer.values() if f.key not in ("contact", "key", "comment")]
    at = row.get(manifest().answer["answered_at"].salesforce or "")
    comment = row.get(manifest().answer["comment"].salesforce or "") or ""
    return Activity(
        kind="answer",
        title=manifest().salesforce.answer_record.label,
        body=_plain(comment),
        at=at if isinstance(at, datetime) else None,
        values=[_value(f, row) for f in held if f.key != "answered_at"],
    )


def _task(row: Row) -> Activity:
    return Activity(
        kind="task",
        title=row["Subject"] or "",
        body=_plain(row["Description"] or ""),
        due=due(row),
        owner=owner_name(row["OwnerId"]),
        status=f"{row['Status']}, priority {row['Priority']}".lower(),
    )


def _telling(row: Row) -> Activity:
    """What is done is on the activity timeline."""
    return Activity(
        kind="told",
        title=row["Subject"] or "",
        body=_plain(row["Description"] or ""),
        at=row["CreatedDate"],
        status=f"{row['TaskSubtype']}, {row['Status']}".lower(),
    )


def _newest_first(activities: list[Activity]) -> list[Activity]:
    return sorted(activities, key=lambda one: one.at.timestamp() if one.at else 0.0, reverse=True)


def _plain(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.splitlines())


def _named(name: str, record_id: str | None) -> str:
    found: dict[str, Any] | None = org().find(name, record_id or "")
    return str(found["Name"]) if found else ""


def _listed(contact: Row) -> pages.Row:
    score = contact.get(manifest().contact["score"].salesforce or "")
    tasks = related("Task", "WhoId", contact)
    return pages.Row(
        url=address(contact["Id"]),
        name=contact["Name"],
        company=_named("Account", contact["AccountId"]),
        owner=owner_name(contact["OwnerId"]),
        score="" if score is None else f"{score:g}",
        category=contact.get(manifest().contact["category"].salesforce or "") or "",
        open_tasks=sum(not task["IsClosed"] for task in tasks),
        notice=_notice(contact),
    )
