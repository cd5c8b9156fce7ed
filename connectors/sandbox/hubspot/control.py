"""Orders to the sandbox from other processes, as JSON below ``/_sandbox``.

A browser cannot send these from a foreign page: the content type needs a preflight, which fails.
"""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, request

from connectors.sandbox.hubspot.hub import hub, portal
from connectors.sandbox.hubspot.portal import Owner
from connectors.sandbox.hubspot.problems import invalid, not_found
from connectors.sandbox.hubspot.shapes import as_json
from connectors.sandbox.hubspot.standard import CONTACTS
from connectors.sandbox.wire import Fault, Wire

control = Blueprint("control", __name__, url_prefix="/_sandbox")
DONE: tuple[dict[str, Any], int] = ({}, 200)


@control.before_request
def json_only() -> None:
    if request.method != "GET" and request.mimetype != "application/json":
        raise invalid("send application/json")


@control.get("")
def about() -> dict[str, Any]:
    grants = hub().grants
    client = {"id": grants.client_id, "secret": grants.client_secret}
    return {"crm": "hubspot", "portal_id": portal().id, "client": client}


@control.get("/calls")
def calls() -> dict[str, Any]:
    return {"calls": [asdict(call) for call in wire().calls]}


@control.delete("/calls")
def forget_calls() -> tuple[dict[str, Any], int]:
    wire().calls.clear()
    return DONE


@control.post("/faults")
def order() -> tuple[dict[str, Any], int]:
    wire().faults.append(Fault(**_body()))
    return {}, 201


@control.delete("/faults")
def forget_faults() -> tuple[dict[str, Any], int]:
    wire().faults.clear()
    return DONE


@control.post("/tokens")
def token() -> tuple[dict[str, Any], int]:
    body = _body()
    made = hub().grants.issue(body.get("scopes") or ALL_SCOPES, body.get("ttl"), oauth=False)
    return {"token": made}, 201


@control.post("/expire")
def expire() -> tuple[dict[str, Any], int]:
    hub().grants.expire()
    return DONE


@control.post("/uninstall")
def uninstall() -> tuple[dict[str, Any], int]:
    hub().grants.uninstall()
    return DONE


@control.post("/options")
def options() -> tuple[dict[str, Any], int]:
    for name, value in _body().items():
        if not hasattr(portal().options, name):
            raise invalid(f"no option {name}")
        setattr(portal().options, name, value)
    return DONE


@control.get("/records/<kind>")
def records(kind: str) -> dict[str, Any]:
    with portal().lock:
        every = [as_json(r, r.properties) for r in portal().records[kind].values()]
        links = {r["id"]: list(portal().linked(kind, r["id"], CONTACTS)) for r in every}
    return {"results": every, "contacts": links}


@control.post("/records/<kind>")
def make(kind: str) -> tuple[dict[str, Any], int]:
    with portal().lock:
        return as_json(portal().create(kind, _body()["properties"]), ()), 201


@control.post("/records/<kind>/<record_id>/<verb>")
def act(kind: str, record_id: str, verb: str) -> tuple[dict[str, Any], int]:
    with portal().lock:
        record = portal().records[kind].get(record_id)
        if record is None:
            raise not_found()
        if verb == "merge":
            other = portal().records[kind][_body()["with"]]
            return as_json(portal().merge(record, other), ()), 200
        verbs = {"delete": portal().archive, "purge": portal().purge}
        if verb == "restore":
            portal().restore(kind, record_id)
        else:
            verbs[verb](record)
        return DONE


@control.post("/owners/<owner_id>")
def owner(owner_id: str) -> tuple[dict[str, Any], int]:
    owner: Owner = portal().owners[owner_id]
    owner.archived = not _body()["active"]
    return DONE


def wire() -> Wire:
    found: Wire = request.environ["gensvar.wire"]
    return found


def _body() -> dict[str, Any]:
    body = request.get_json()
    if not isinstance(body, dict):
        raise invalid("an object is needed")
    return body


ALL_SCOPES = (
    "oauth",
    "crm.objects.contacts.read",
    "crm.objects.contacts.write",
    "crm.schemas.contacts.read",
    "crm.schemas.contacts.write",
    "crm.objects.owners.read",
    "crm.objects.companies.read",
)
