"""What people do on a contact's page: the card's two actions, and what anybody does in HubSpot."""

from collections.abc import Callable, Iterator

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from connectors.sandbox import pages
from connectors.sandbox.card import Said
from connectors.sandbox.hubspot import card
from connectors.sandbox.hubspot.hub import hub, portal
from connectors.sandbox.hubspot.portal import Record
from connectors.sandbox.hubspot.problems import HubProblem
from connectors.sandbox.hubspot.selling import CLOSED, NEW, WON
from connectors.sandbox.hubspot.standard import CONTACTS, DEALS, TASKS, TICKETS
from connectors.sandbox.pages import Act, Choice

acts = Blueprint("acts", __name__, url_prefix="/contacts/<int:portal_id>/record/0-1/<record_id>")
STATUS = "hs_task_status"
OPEN, DONE = "NOT_STARTED", "COMPLETED"


@acts.before_request
def _own_form() -> None:
    pages.own_form()


@acts.errorhandler(HubProblem)
def _refused(problem: HubProblem) -> tuple[str, int]:
    return pages.message("HubSpot", "Nothing was saved", problem.message), problem.status


@acts.url_value_preprocessor
def _this_portal(endpoint: str | None, values: dict[str, object] | None) -> None:
    if values is not None and values.pop("portal_id") != portal().id:
        abort(404)


@acts.post("/ask")
def ask(record_id: str) -> Response:
    return _said(
        record_id, card.ask(hub(), _alive(record_id).id, request.form.get("touchpoint", ""))
    )


@acts.post("/handled")
def handled(record_id: str) -> Response:
    chosen = {key: request.form.get(key, "") for key in ("follow_up", "cause", "outcome")}
    return _said(record_id, card.handled(hub(), _alive(record_id).id, chosen))


@acts.post("/workflow")
def workflow(record_id: str) -> Response:
    touchpoint = request.form.get("touchpoint", "").strip()
    return _said(record_id, card.action(hub(), _alive(record_id).id, touchpoint))


@acts.post("/merge")
def merge(record_id: str) -> Response:
    primary, other = _alive(record_id), _alive(request.form.get("with", ""))
    if primary is other:
        abort(400)
    with portal().lock:
        made = portal().merge(primary, other)
    return redirect(address(made.id), 303)


@acts.post("/email")
def email(record_id: str) -> Response:
    contact = _alive(record_id)
    with portal().lock:
        portal().update(contact, {"email": request.form.get("email", "").strip()})
    return redirect(address(contact.id), 303)


@acts.post("/delete")
def delete(record_id: str) -> Response:
    return _with(record_id, portal().archive)


@acts.post("/restore")
def restore(record_id: str) -> Response:
    return _with(record_id, lambda contact: portal().restore(CONTACTS, contact.id))


@acts.post("/privacy")
def privacy(record_id: str) -> Response:
    with portal().lock:
        portal().purge(_there(record_id))
    return redirect("/", 303)


@acts.post("/ticket")
def ticket(record_id: str) -> Response:
    """Closes the contact's ticket, making one where there is none; ``do=reopen`` opens it again."""
    contact, stage = _alive(record_id), NEW if request.form.get("do") == "reopen" else CLOSED
    with portal().lock:
        mine = list(portal().linked(CONTACTS, contact.id, TICKETS))
        if mine:
            portal().update(portal().records[TICKETS][mine[-1]], {"hs_pipeline_stage": stage})
        else:
            values = {"subject": "A question", "hs_pipeline": "0", "hs_pipeline_stage": stage}
            _about(contact, portal().create(TICKETS, values), 16)
    return redirect(address(contact.id), 303)


@acts.post("/deal")
def deal(record_id: str) -> Response:
    contact = _alive(record_id)
    with portal().lock:
        values = {"dealname": "A new deal", "pipeline": "default", "dealstage": WON}
        _about(contact, portal().create(DEALS, values), 3)
    return redirect(address(contact.id), 303)


def _about(contact: Record, made: Record, link: int) -> None:
    portal().link(made.type, made.id, CONTACTS, contact.id, [link])


@acts.post("/task")
def task(record_id: str) -> Response:
    """``do`` is ``close``, ``reopen``, ``give`` (to ``owner``), ``delete`` or ``restore``."""
    found, do = _task(record_id, request.form.get("task", "")), request.form.get("do", "")
    changes = {
        "close": {STATUS: DONE},
        "reopen": {STATUS: OPEN},
        "give": {"hubspot_owner_id": request.form.get("owner", "")},
    }
    with portal().lock:
        if do == "delete":
            portal().archive(found)
        elif do in changes:
            portal().update(found, changes[do])
        else:
            abort(400)
    return redirect(address(record_id), 303)


def address(contact_id: str) -> str:
    """Of a contact's page."""
    return f"/contacts/{portal().id}/record/0-1/{contact_id}"


def offered(contact: Record, touchpoints: list[tuple[str, str]]) -> list[Act]:
    """Everything that can be done to *contact* and its tasks just now."""
    here = address(contact.id)
    gone = Act(
        "Delete for privacy", f"{here}/privacy", grave=True,
        about="Everything about this person goes for good, here and in Gensvar.",
    )  # fmt: skip
    if contact.archived:
        return [Act("Restore this contact", f"{here}/restore"), gone]
    return [*_on_tasks(here, contact), *_on_contact(here, contact, touchpoints), gone]


def _on_contact(here: str, contact: Record, touchpoints: list[tuple[str, str]]) -> Iterator[Act]:
    about = Choice("touchpoint", "Touchpoint", touchpoints)
    yield Act("Run the workflow: send an NPS survey", f"{here}/workflow", [about])
    yield Act(
        "Change the e-mail address", f"{here}/email", [Choice("email", "E-mail", (), "email")]
    )
    yield Act("Close a ticket", f"{here}/ticket", hidden={"do": "close"})
    if portal().linked(CONTACTS, contact.id, TICKETS):
        yield Act("Reopen the ticket", f"{here}/ticket", hidden={"do": "reopen"})
    yield Act("Win a deal", f"{here}/deal")
    others = [
        (one.id, f"{name_of(one)} ({one.properties.get('email', one.id)})")
        for one in portal().records[CONTACTS].values()
        if not one.archived and one is not contact
    ]
    if others:
        merging = Choice("with", "Another contact", others)
        yield Act("Merge it with this one", f"{here}/merge", [merging], grave=True)
    yield Act("Delete this contact", f"{here}/delete")


def _on_tasks(here: str, contact: Record) -> Iterator[Act]:
    people = [(one.id, one.name) for one in portal().owners.values() if not one.archived]
    for key in portal().linked(CONTACTS, contact.id, TASKS):
        held = portal().records[TASKS][key].properties
        closed = held.get(STATUS) == DONE

        def act(do: str, label: str, *fields: Choice, about: str = "", task: str = key) -> Act:
            return Act(label, f"{here}/task", fields, {"task": task, "do": do}, about)

        about = f"{held.get('hs_task_subject', '')} ({'closed' if closed else 'open'})"
        do, label = ("reopen", "Reopen the task") if closed else ("close", "Close the task")
        yield act(do, label, about=about)
        if people:
            yield act("give", "Give it away", Choice("owner", "To", people))
        yield act("delete", "Delete the task")


def name_of(contact: Record) -> str:
    held = contact.properties
    whole = f"{held.get('firstname', '')} {held.get('lastname', '')}".strip()
    return whole or held.get("email", contact.id)


def _with(record_id: str, act: Callable[[Record], None]) -> Response:
    with portal().lock:
        act(_there(record_id))
    return redirect(address(record_id), 303)


def _said(record_id: str, said: Said) -> Response:
    hub().said[record_id] = said
    return redirect(f"{address(record_id)}?open=said#nps", 303)


def _there(record_id: str) -> Record:
    """In the bin or not."""
    return portal().records[CONTACTS].get(record_id) or abort(404)


def _alive(record_id: str) -> Record:
    with portal().lock:
        return portal().find(CONTACTS, record_id) or abort(404)


def _task(record_id: str, task_id: str) -> Record:
    with portal().lock:
        mine = portal().linked(CONTACTS, _alive(record_id).id, TASKS)
        return portal().records[TASKS][task_id] if task_id in mine else abort(404)
