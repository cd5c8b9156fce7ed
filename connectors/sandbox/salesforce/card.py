"""The card of a contact, filled from what the org itself holds: it shows the same with our server away."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from connectors.manifest import Field, manifest
from connectors.salesforce.tasks import MARKER
from connectors.sandbox import pages
from connectors.sandbox.card import Answer, Card, FollowUp, Said, Touchpoint, from_fields, words
from connectors.sandbox.salesforce.door import org
from connectors.sandbox.salesforce.org import Row
from connectors.types import TOLD

OWN_MARK = MARKER.format(key="")
SHOWN = 20


def card(contact: Row, address: str, said: Said | None = None) -> Card:
    fields, there = manifest().contact, org().objects["Contact"].fields
    answers = _answers(contact)
    known = from_fields(
        address,
        {key: _typed(field, contact.get(str(field.salesforce))) for key, field in fields.items()},
        set_up=any(field.salesforce in there for field in fields.values()),
        earlier=answers[1:SHOWN],
        more=len(answers) > SHOWN,
        handle=[_follow_up(task) for task in our_tasks(contact) if not task["IsClosed"]],
        touchpoints=[Touchpoint(key, key) for key in org().options.touchpoints],
        typed=not org().options.touchpoints,
        said=said or _answered_request(contact),
        form=pages.opened(),
    )
    if known.newest is None or not answers:
        return known
    return replace(known, newest=replace(known.newest, may_contact=answers[0].may_contact))


def our_tasks(contact: Row) -> list[Row]:
    """The follow-ups, newest first: tasks with our key, or with its mark in their text where the org took no such
    field."""
    tasks = related("Task", "WhoId", contact)
    return [one for one in tasks if _key(one) and not tells(one)]


def tells(task: Row) -> bool:
    """Whether it says what the customer was told: nothing to do, and no follow-up."""
    return _key(task).startswith(TOLD)


def _key(task: Row) -> str:
    _, mark, marked = str(task["Description"] or "").rpartition(OWN_MARK)
    return str(task.get(str(manifest().task["key"].salesforce)) or (marked if mark else ""))


def related(name: str, lookup: str, contact: Row) -> list[Row]:
    """Newest first."""
    rows = [row for row in org().rows[name].values() if row.get(lookup) == contact["Id"]]
    here = (row for row in rows if not row["IsDeleted"])
    return sorted(here, key=lambda row: str(row["Id"]), reverse=True)


def owner_name(record_id: str | None) -> str:
    user = org().find("User", record_id or "")
    if user is not None:
        return user["Name"] if user["IsActive"] else f"{user['Name']} (inactive)"
    queue = org().find("Group", record_id or "")
    return str(queue["Name"]) if queue else ""


def due(task: Row) -> datetime | None:
    at, day = task["ReminderDateTime"], task["ActivityDate"]
    if isinstance(at, datetime):
        return at
    return datetime.combine(day, time(), UTC) if isinstance(day, date) else None


def _answers(contact: Row) -> list[Answer]:
    """Newest first, each with the score before it of its kind."""
    lookup = str(manifest().answer["contact"].salesforce)
    rows = related(manifest().salesforce.answer_record.object, lookup, contact)
    found = sorted(map(_answer, rows), key=lambda one: one.at or datetime.min.replace(tzinfo=UTC))
    return list(reversed(list(_with_before(found))))


def _with_before(oldest_first: Iterable[Answer]) -> Iterable[Answer]:
    last: dict[str, int] = {}
    for one in oldest_first:
        yield replace(one, before=last.get(one.kind))
        last[one.kind] = one.score


def _answer(row: Row) -> Answer:
    held = {key: row.get(str(field.salesforce)) for key, field in manifest().answer.items()}
    return Answer(
        score=int(held["score"] or 0),
        category=str(held["category"] or ""),
        touchpoint=str(held["touchpoint"] or ""),
        kind=str(held["kind"] or ""),
        at=held["answered_at"],
        comment=str(held["comment"] or ""),
        may_contact={"yes": True, "no": False}.get(str(held["may_contact"])),
    )


def _follow_up(task: Row) -> FollowUp:
    return FollowUp(
        "open", owner_name(task["OwnerId"]), due(task), task["Id"], task["Subject"] or ""
    )


def _answered_request(contact: Row) -> Said | None:
    """What became of the last wish that this contact be asked."""
    fields = {key: str(field.salesforce) for key, field in manifest().request.items()}
    requests = related(manifest().salesforce.request.object, fields["contact"], contact)
    if not requests:
        return None
    state, link, reason = (requests[0].get(fields[key]) for key in ("state", "link", "reason"))
    if state is None:
        return Said(words("send_waiting"))
    if state == "asked":
        return Said(words("send_link"), link=str(link or ""))
    return Said(words("send_refused", reason=reason), bad=True)


def _typed(field: Field, value: Any) -> str | int | datetime | None:
    return int(value) if isinstance(value, float) else value
