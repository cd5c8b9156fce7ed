"""Single records: read (through merges), create, change, bin; merge and privacy deletion."""

from typing import Any

from flask import Blueprint, request

from connectors.sandbox.hubspot.hub import (
    api,
    authenticate,
    flag,
    json_body,
    object_scope,
    object_type,
    portal,
    require,
)
from connectors.sandbox.hubspot.portal import Record
from connectors.sandbox.hubspot.problems import invalid, not_found
from connectors.sandbox.hubspot.shapes import as_json
from connectors.sandbox.hubspot.standard import CONTACTS

objects = Blueprint("objects", __name__, url_prefix="/crm/objects/<ver>")
PAGE_LIMIT = 100
Answer = tuple[dict[str, Any], int]


@objects.get("/<name>")
@api()
def page(name: str) -> dict[str, Any]:
    kind = _allowed(name, "read")
    limit, after = _number("limit", 10), _number("after", 0)
    if not 1 <= limit <= PAGE_LIMIT:
        raise invalid(f"limit must be 1 to {PAGE_LIMIT}")
    every = sorted(portal().records[kind].values(), key=lambda record: int(record.id))
    rows = [r for r in every if r.archived == flag("archived") and int(r.id) > after]
    body: dict[str, Any] = {"results": [as_json(r, _wanted()) for r in rows[:limit]]}
    if len(rows) > limit:
        body["paging"] = {"next": {"after": rows[limit - 1].id}}
    return body


@objects.post("/<name>")
@api()
def create(name: str) -> Answer:
    kind = _allowed(name, "write")
    body = json_body({"properties", "associations", "objectWriteTraceId"})
    made = portal().create(kind, body.get("properties"), body.get("associations"))
    return as_json(made, body["properties"]), 201


@objects.get("/<name>/<record_id>")
@api()
def read(name: str, record_id: str) -> dict[str, Any]:
    kind = _allowed(name, "read")
    id_property = request.args.get("idProperty")
    if flag("archived"):
        record = portal().records[kind].get(record_id)
        record = record if record and record.archived else None
    elif id_property:
        record = portal().find(kind, record_id, id_property)
    else:
        record = portal().survivor(kind, record_id)
    return as_json(_there(record), _wanted())


@objects.patch("/<name>/<record_id>")
@api()
def change(name: str, record_id: str) -> dict[str, Any]:
    kind = _allowed(name, "write")
    body = json_body({"properties", "objectWriteTraceId"})
    record = _there(portal().find(kind, record_id, request.args.get("idProperty")))
    return as_json(portal().update(record, body.get("properties")), body["properties"])


@objects.delete("/<name>/<record_id>")
@api()
def delete(name: str, record_id: str) -> tuple[str, int]:
    kind = _allowed(name, "write")
    record = portal().find(kind, record_id)
    if record is not None:
        portal().archive(record)
    return "", 204


@objects.post("/contacts/merge")
@api("crm.objects.contacts.write")
def merge() -> dict[str, Any]:
    body = json_body({"primaryObjectId", "objectIdToMerge"})
    primary, other = (
        _there(portal().find(CONTACTS, str(body.get(key))))
        for key in ("primaryObjectId", "objectIdToMerge")
    )
    if primary is other:
        raise invalid("a contact cannot be merged with itself")
    return as_json(portal().merge(primary, other), ())


@objects.post("/contacts/gdpr-delete")
@api("crm.objects.contacts.write")
def privacy_delete() -> tuple[str, int]:
    body = json_body({"objectId", "idProperty"})
    record = portal().find(CONTACTS, str(body.get("objectId")), body.get("idProperty"))
    if record is not None:
        portal().purge(record)
    return "", 204


def _allowed(name: str, right: str) -> str:
    kind = object_type(name)
    require(authenticate(), object_scope(kind, right))
    return kind


def _wanted() -> list[str]:
    return [name for part in request.args.getlist("properties") for name in part.split(",")]


def _there(record: Record | None) -> Record:
    if record is None:
        raise not_found()
    return record


def _number(name: str, default: int) -> int:
    text = request.args.get(name, str(default))
    if not text.isdecimal():
        raise invalid(f"{name} must be a number")
    return int(text)
