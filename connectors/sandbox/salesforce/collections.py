"""sObject Collections: up to 200 records a call, each settled alone, HTTP 200 even if all failed.

https://developer.salesforce.com/docs/platform/api-rest/guide/resources-composite-sobjects-collections-upsert.html
"""

import copy
from collections.abc import Callable
from typing import Any

from connectors.sandbox.salesforce import writing
from connectors.sandbox.salesforce.org import Org
from connectors.sandbox.salesforce.problems import Refusal, SeveralRecords, bad

LIMIT = 200
Writer = Callable[[str, dict[str, Any]], tuple[str, bool | None]]


def create(org: Org, user: str, body: Any) -> list[dict[str, Any]]:
    return _each(org, body, lambda name, values: (writing.create(org, user, name, values), None))


def update(org: Org, user: str, body: Any) -> list[dict[str, Any]]:
    def one(name: str, values: dict[str, Any]) -> tuple[str, None]:
        record_id = values.pop("id", values.pop("Id", None))
        return writing.update(org, user, name, record_id, values), None

    return _each(org, body, one)


def upsert(org: Org, user: str, name: str, key: str, body: Any) -> list[dict[str, Any]]:
    seen: set[Any] = set()

    def one(kind: str, values: dict[str, Any]) -> tuple[str, bool]:
        if kind.lower() != name.lower():
            raise bad("INVALID_TYPE", "all records must be of the type in the address")
        value = values.pop(key, None)
        if value in seen:
            raise bad("DUPLICATE_VALUE", f"Duplicate external id specified: {value}", key)
        seen.add(value)
        return writing.upsert(org, user, name, key, value, values)

    writing.key_field(org, user, org.visible_object(user, name), key)
    return _each(org, body, one)


def delete(org: Org, user: str, record_ids: list[str]) -> list[dict[str, Any]]:
    if len(record_ids) > LIMIT:
        raise _too_many()
    results = []
    for record_id in record_ids:
        found = org.anywhere(record_id)
        try:
            if found is None:
                raise bad("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
            writing.remove(org, user, found[0], record_id)
            results.append({"id": record_id, "success": True, "errors": []})
        except Refusal as refusal:
            results.append({"id": record_id} | refusal.row)
    return results


def _each(org: Org, body: Any, write: Writer) -> list[dict[str, Any]]:
    records = _records(body)
    all_or_none = body.get("allOrNone") is True
    before = copy.deepcopy(org.rows) if all_or_none else None
    results = [_one(record, write) for record in records]
    if before is not None and not all(result["success"] for result in results):
        org.rows = before
        halted = bad("ALL_OR_NONE_OPERATION_ROLLED_BACK", "Record rolled back").row
        return [halted if result["success"] else result for result in results]
    return results


def _one(record: dict[str, Any], write: Writer) -> dict[str, Any]:
    values = dict(record)
    name = values.pop("attributes")["type"]
    try:
        record_id, created = write(name, values)
    except SeveralRecords:
        return bad("DUPLICATE_EXTERNAL_ID", "The external id is on several records").row
    except Refusal as refusal:
        if refusal.code == "JSON_PARSER_ERROR":
            raise
        return refusal.row
    result: dict[str, Any] = {"id": record_id, "success": True, "errors": []}
    return result if created is None else result | {"created": created}


def _records(body: Any) -> list[dict[str, Any]]:
    if not isinstance(body, dict) or not isinstance(body.get("records"), list):
        raise Refusal(400, "JSON_PARSER_ERROR", "The records are missing")
    unknown = set(body) - {"records", "allOrNone"}
    if unknown:
        raise Refusal(400, "JSON_PARSER_ERROR", f"Unrecognized field {sorted(unknown)}")
    records: list[dict[str, Any]] = body["records"]
    if len(records) > LIMIT:
        raise _too_many()
    for record in records:
        attributes = record.get("attributes")
        if not isinstance(attributes, dict) or not isinstance(attributes.get("type"), str):
            raise bad("INVALID_INPUT", "attributes.type is missing")
    return records


def _too_many() -> Refusal:
    return bad("EXCEEDED_ID_LIMIT", "record limit reached. cannot submit more than 200 records")
