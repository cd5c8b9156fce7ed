"""Pipelines, and lists of contacts with their members."""

from typing import Any

from flask import Blueprint, request

from connectors.sandbox.hubspot.hub import (
    api,
    authenticate,
    json_body,
    object_scope,
    object_type,
    portal,
    require,
)
from connectors.sandbox.hubspot.portal import iso, now
from connectors.sandbox.hubspot.problems import invalid, not_found
from connectors.sandbox.hubspot.selling import PIPELINES

audiences = Blueprint("audiences", __name__)
PAGE = 250
SIZE = "hs_list_size"
SEARCH = {
    "listIds",
    "offset",
    "processingTypes",
    "additionalProperties",
    "count",
    "objectTypeId",
    "query",
    "sort",
}


@audiences.get("/crm/pipelines/<ver>/<name>")
@api()
def pipelines(name: str) -> dict[str, Any]:
    kind = object_type(name)
    require(authenticate(), object_scope(kind, "read"))
    at = iso(now())
    common = {"archived": False, "createdAt": at, "updatedAt": at, "displayOrder": 0}
    return {
        "results": [
            {
                **common,
                "id": key,
                "label": label,
                "stages": [
                    {**common, "id": one, "label": words, "metadata": metadata}
                    for one, words, metadata in stages
                ],
            }
            for key, label, stages in PIPELINES.get(kind, [])
        ]
    }


@audiences.post("/crm/lists/<ver>/search")
@api("crm.lists.read")
def search() -> dict[str, Any]:
    asked = json_body(SEARCH)
    if not {"listIds", "offset", "processingTypes"} <= set(asked):
        raise invalid("listIds, offset and processingTypes are required")
    wanted, also = asked.get("objectTypeId"), asked.get("additionalProperties", ())
    found = [
        {
            "listId": key,
            "listVersion": 1,
            "name": one.name,
            "objectTypeId": one.object_type,
            "processingStatus": "COMPLETE",
            "processingType": "MANUAL",
            "additionalProperties": {SIZE: str(len(one.contacts))} if SIZE in also else {},
        }
        for key, one in portal().lists.items()
        if wanted in (None, one.object_type)
    ]
    first, count = int(asked["offset"]), min(int(asked.get("count", 20)), 500)
    rows = found[first : first + count]
    more = first + count < len(found)
    return {"hasMore": more, "lists": rows, "offset": first + len(rows), "total": len(found)}


@audiences.get("/crm/lists/<ver>/<key>/memberships")
@api("crm.lists.read")
def memberships(key: str) -> dict[str, Any]:
    found = portal().lists.get(key)
    if found is None:
        raise not_found()
    limit, after = int(request.args.get("limit", 100)), int(request.args.get("after", 0))
    if not 1 <= limit <= PAGE:
        raise invalid(f"limit must be 1 to {PAGE}")
    rows = found.contacts[after : after + limit]
    body: dict[str, Any] = {
        "results": [{"recordId": one, "membershipTimestamp": iso(now())} for one in rows]
    }
    if after + limit < len(found.contacts):
        body["paging"] = {"next": {"after": str(after + limit)}}
    return body
