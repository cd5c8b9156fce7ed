"""Associations between records."""

from typing import Any

from flask import Blueprint, request

from connectors.sandbox.hubspot.hub import (
    api,
    authenticate,
    inputs,
    object_scope,
    object_type,
    portal,
    require,
)
from connectors.sandbox.hubspot.portal import iso, now
from connectors.sandbox.hubspot.problems import HubProblem, not_found

links = Blueprint("links", __name__)
PAGE = 500
Answer = tuple[dict[str, Any], int]


@links.get("/crm/objects/<ver>/<name>/<record_id>/associations/<to_name>")
@api()
def of_one(name: str, record_id: str, to_name: str) -> dict[str, Any]:
    kind, to = _allowed(name, to_name)
    if portal().find(kind, record_id) is None:
        raise not_found()
    rows = [_row(*pair) for pair in portal().linked(kind, record_id, to).items()]
    after = int(request.args.get("after", "0"))
    limit = min(int(request.args.get("limit", PAGE)), PAGE)
    body: dict[str, Any] = {"results": rows[after : after + limit]}
    if after + limit < len(rows):
        body["paging"] = {"next": {"after": str(after + limit)}}
    return body


@links.post("/crm/associations/<ver>/<name>/<to_name>/batch/read")
@api()
def of_many(name: str, to_name: str) -> Answer:
    kind, to = _allowed(name, to_name)
    rows, _ = inputs({"id", "after"})
    results, missing = [], []
    for key in dict.fromkeys(str(row.get("id")) for row in rows):
        linked = portal().linked(kind, key, to) if portal().find(kind, key) else {}
        if linked:
            targets = [_row(*pair) for pair in linked.items()]
            results.append({"from": {"id": key}, "to": targets})
        else:
            missing.append(key)
    at = iso(now())
    body = {"status": "COMPLETE", "results": results, "startedAt": at, "completedAt": at}
    if not missing:
        return body, 200
    problem = HubProblem(404, "OBJECT_NOT_FOUND", f"No {to} is associated with some {kind}")
    errors = [problem.row({"fromObjectId": missing})]
    return {**body, "numErrors": len(missing), "errors": errors}, 207


def _allowed(name: str, to_name: str) -> tuple[str, str]:
    kind, to = object_type(name), object_type(to_name)
    require(authenticate(), object_scope(kind, "read"), object_scope(to, "read"))
    return kind, to


def _row(to_id: str, type_ids: set[int]) -> dict[str, Any]:
    types = [
        {"category": "HUBSPOT_DEFINED", "typeId": type_id, "label": None}
        for type_id in sorted(type_ids)
    ]
    return {"toObjectId": int(to_id), "associationTypes": types}
