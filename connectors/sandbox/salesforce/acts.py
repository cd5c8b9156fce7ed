"""What people do on a contact's page: the card's two actions, and what anybody does in a CRM."""

from collections.abc import Iterator

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from connectors.manifest import manifest
from connectors.salesforce import ids
from connectors.sandbox import pages
from connectors.sandbox.pages import Act, Choice
from connectors.sandbox.salesforce import writing
from connectors.sandbox.salesforce.card import our_tasks, owner_name, related
from connectors.sandbox.salesforce.door import org, service
from connectors.sandbox.salesforce.org import Row
from connectors.sandbox.salesforce.problems import Refusal

acts = Blueprint("acts", __name__, url_prefix="/lightning/r/Contact/<record_id>/view")
ADDRESS = "/lightning/r/Contact/{}/view"
OPEN, CLOSED = "In Progress", "Completed"


def address(contact_id: str) -> str:
    """Of a contact's page."""
    return ADDRESS.format(contact_id)


@acts.before_request
def _own_form() -> None:
    pages.own_form()


@acts.errorhandler(Refusal)
def _refused(refusal: Refusal) -> tuple[str, int]:
    return pages.message("Salesforce", "Nothing was saved", refusal.message), refusal.status


@acts.post("/ask")
def ask(record_id: str) -> Response:
    contact = _contact(record_id)
    asked = {"contact": contact["Id"], "touchpoint": request.form.get("touchpoint", "").strip()}
    _write("create", manifest().salesforce.request.object, _named("request", asked))
    return _back(contact)


@acts.post("/handled")
def handled(record_id: str) -> Response:
    contact = _contact(record_id)
    task = _task(contact, request.form.get("follow_up", ""))
    chosen = {key: request.form.get(key, "") for key in ("cause", "outcome")}
    _write("update", "Task", {"Status": CLOSED, **_named("task", chosen)}, task["Id"])
    return _back(contact)


@acts.post("/merge")
def merge(record_id: str) -> Response:
    contact, other = _contact(record_id), _contact(request.form.get("with", ""))
    if other["IsDeleted"] or other["Id"] == contact["Id"]:
        abort(400)
    with org().lock:
        org().merge(contact["Id"], other["Id"])
    return _back(contact)


@acts.post("/delete")
def delete(record_id: str) -> Response:
    contact = _contact(record_id)
    with org().lock:
        org().delete("Contact", contact["Id"])
    return _back(contact)


@acts.post("/undelete")
def undelete(record_id: str) -> Response:
    contact = _contact(record_id)
    with org().lock:
        org().undelete("Contact", contact["Id"])
    return _back(contact)


@acts.post("/case")
def case(record_id: str) -> Response:
    """Closes the contact's case, making one where there is none; ``do=reopen`` opens it again."""
    contact = _contact(record_id)
    status = "Working" if request.form.get("do") == "reopen" else "Closed"
    mine = related("Case", "ContactId", contact)
    if mine:
        _write("update", "Case", {"Status": status}, mine[0]["Id"])
    else:
        values = {"Subject": "A question", "Status": status, "ContactId": contact["Id"]}
        _write("create", "Case", values)
    return _back(contact)


@acts.post("/deal")
def deal(record_id: str) -> Response:
    contact = _contact(record_id)
    with org().lock:
        made = org().insert("Opportunity", Name="A new deal", StageName="Closed Won")
        role = {"OpportunityId": made, "ContactId": contact["Id"], "IsPrimary": True}
        org().insert("OpportunityContactRole", **role)
    return _back(contact)


@acts.post("/task")
def task(record_id: str) -> Response:
    """``do`` is ``close``, ``reopen``, ``give`` (to ``owner``) or ``delete``."""
    contact = _contact(record_id)
    found, do = _task(contact, request.form.get("task", "")), request.form.get("do", "")
    changes = {
        "close": {"Status": CLOSED},
        "reopen": {"Status": OPEN},
        "give": {"OwnerId": request.form.get("owner", "")},
    }
    if do == "delete":
        with org().lock:
            org().delete("Task", found["Id"])
    elif do in changes:
        _write("update", "Task", changes[do], found["Id"])
    else:
        abort(400)
    return _back(contact)


def offered(contact: Row) -> list[Act]:
    """Everything that can be done to *contact* and its tasks just now."""
    here = address(contact["Id"])
    if contact["IsDeleted"]:
        return [Act("Restore this contact", f"{here}/undelete")]
    others = [
        (row["Id"], f"{row['Name']} ({row['Email'] or row['Id']})")
        for row in org().rows["Contact"].values()
        if not row["IsDeleted"] and row["Id"] != contact["Id"]
    ]
    merging = Choice("with", "Another contact", others)
    cases = related("Case", "ContactId", contact)
    return [
        Act("Close a case", f"{here}/case", hidden={"do": "close"}),
        *([Act("Reopen the case", f"{here}/case", hidden={"do": "reopen"})] if cases else []),
        Act("Win a deal", f"{here}/deal"),
        *(act for task in our_tasks(contact) for act in _on_task(here, task)),
        *(
            [Act("Merge it into this one", f"{here}/merge", [merging], grave=True)]
            if others
            else []
        ),
        Act("Delete this contact", f"{here}/delete"),
    ]


def _on_task(here: str, task: Row) -> Iterator[Act]:
    def act(do: str, label: str, *fields: Choice) -> Act:
        return Act(label, f"{here}/task", fields, {"task": task["Id"], "do": do}, about)

    about = f"{task['Subject']} ({task['Status'].lower()}, {owner_name(task['OwnerId'])})"
    yield act("reopen", "Reopen the task") if task["IsClosed"] else act("close", "Close the task")
    about = ""
    people = [(row["Id"], row["Name"]) for row in org().rows["User"].values() if row["IsActive"]]
    yield act("give", "Give it away", Choice("owner", "To", people))
    yield act("delete", "Delete the task")


def _contact(record_id: str) -> Row:
    with org().lock:
        found = org().find("Contact", record_id)
    return found if found is not None else abort(404)


def _task(contact: Row, task_id: str) -> Row:
    wanted = ids.long(task_id) if ids.valid(task_id, "00T") else ""
    with org().lock:
        found = next((one for one in our_tasks(contact) if one["Id"] == wanted), None)
    return found if found is not None else abort(404)


def _named(part: str, values: dict[str, str]) -> dict[str, str]:
    fields = getattr(manifest(), part)
    return {str(fields[key].salesforce): value for key, value in values.items()}


def _write(verb: str, kind: str, values: dict[str, str], record_id: str = "") -> None:
    """As the administrator, with all that the org checks. Raises ``Refusal``."""
    with org().lock:
        if verb == "create":
            writing.create(org(), service().admin, kind, dict(values))
        else:
            writing.update(org(), service().admin, kind, record_id, dict(values))


def _back(contact: Row) -> Response:
    return redirect(address(contact["Id"]), 303)
