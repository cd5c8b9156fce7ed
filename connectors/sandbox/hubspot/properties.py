"""Properties and their groups."""

from typing import Any

from flask import Blueprint, request

from connectors.sandbox.hubspot import definitions
from connectors.sandbox.hubspot.hub import api, flag, inputs, json_body, object_type, portal
from connectors.sandbox.hubspot.portal import iso, now
from connectors.sandbox.hubspot.problems import HubProblem, invalid, not_found

properties = Blueprint("properties", __name__, url_prefix="/crm/properties/<ver>/<name>")
READ, WRITE = "crm.schemas.contacts.read", "crm.schemas.contacts.write"
Answer = tuple[dict[str, Any], int]


@properties.get("")
@api(READ)
def every(name: str) -> dict[str, Any]:
    defined = portal().definitions[object_type(name)].values()
    wanted = request.args.get("dataSensitivity", definitions.OPEN), flag("archived")
    return {"results": [d.as_json() for d in defined if (d.sensitivity, d.archived) == wanted]}


@properties.post("")
@api(WRITE)
def create(name: str) -> Answer:
    made = portal().define(object_type(name), json_body(definitions.CREATE_KEYS))
    return made.as_json(), 201


@properties.post("/batch/create")
@api(WRITE)
def create_batch(name: str) -> Answer:
    rows, _ = inputs(definitions.CREATE_KEYS)
    kind, made, errors = object_type(name), [], []
    for row in rows:
        try:
            made.append(portal().define(kind, row).as_json())
        except HubProblem as problem:
            errors.append(problem.row({"name": [str(row.get("name"))]}))
    at = iso(now())
    body = {"status": "COMPLETE", "results": made, "startedAt": at, "completedAt": at}
    if errors:
        return {**body, "numErrors": len(errors), "errors": errors}, 207
    return body, 201


@properties.get("/<prop>")
@api(READ)
def read(name: str, prop: str) -> dict[str, Any]:
    return portal().definition(object_type(name), prop).as_json()


@properties.patch("/<prop>")
@api(WRITE)
def change(name: str, prop: str) -> dict[str, Any]:
    defined = portal().definition(object_type(name), prop)
    definitions.change(defined, json_body(definitions.UPDATE_KEYS))
    return defined.as_json()


@properties.delete("/<prop>")
@api(WRITE)
def archive(name: str, prop: str) -> tuple[str, int]:
    defined = portal().definition(object_type(name), prop)
    if defined.builtin:
        raise HubProblem(403, "FORBIDDEN", "HubSpot's own properties cannot be archived")
    defined.archived = True
    return "", 204


@properties.get("/groups/<group>")
@api(READ)
def read_group(name: str, group: str) -> dict[str, Any]:
    groups = portal().groups[object_type(name)]
    if group not in groups:
        raise not_found()
    return {"name": group, "label": groups[group], "archived": False}


@properties.post("/groups")
@api(WRITE)
def create_group(name: str) -> Answer:
    body = json_body({"name", "label", "displayOrder"})
    kind = object_type(name)
    if not body.get("name") or not body.get("label"):
        raise invalid("a group needs name and label")
    if kind in ("notes", "tasks") and not portal().options.activity_properties:
        raise invalid("Groups cannot be created for this object type", "NOT_ALLOWED")
    if body["name"] in portal().groups[kind]:
        raise HubProblem(409, "CONFLICT", "the group exists already")
    portal().groups[kind][body["name"]] = body["label"]
    return {"name": body["name"], "label": body["label"], "archived": False}, 201


@properties.get("/groups")
@api(READ)
def every_group(name: str) -> dict[str, Any]:
    groups = portal().groups[object_type(name)]
    return {
        "results": [
            {"name": key, "label": label, "archived": False} for key, label in groups.items()
        ]
    }


@properties.delete("/groups/<group>")
@api(WRITE)
def delete_group(name: str, group: str) -> tuple[str, int]:
    kind = object_type(name)
    if any(d.group == group and not d.archived for d in portal().definitions[kind].values()):
        raise invalid("the group still has properties")
    portal().groups[kind].pop(group, None)
    return "", 204
