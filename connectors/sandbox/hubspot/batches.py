"""Batches of records: with a trace id in each input rows settle alone, else all or nothing."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from flask import Blueprint

from connectors.sandbox.hubspot.hub import (
    api,
    authenticate,
    flag,
    inputs,
    object_scope,
    object_type,
    portal,
    require,
)
from connectors.sandbox.hubspot.portal import Record, iso, now
from connectors.sandbox.hubspot.problems import HubProblem, invalid, not_found
from connectors.sandbox.hubspot.shapes import as_json

batches = Blueprint("batches", __name__, url_prefix="/crm/objects/<ver>/<name>/batch")
TRACE = "objectWriteTraceId"
Answer = tuple[dict[str, Any], int]


@batches.post("/read")
@api()
def read(name: str) -> Answer:
    kind = _allowed(name, "read")
    rows, body = inputs({"id"}, "properties", "propertiesWithHistory", "idProperty")
    wanted, id_property = body.get("properties", []), body.get("idProperty")
    keys = list(dict.fromkeys(str(row.get("id")) for row in rows))
    found = {key: _read_one(kind, key, id_property) for key in keys}
    missing = [key for key, record in found.items() if record is None]
    results = [as_json(record, wanted) for record in found.values() if record]
    problem = HubProblem(207, "OBJECT_NOT_FOUND", f"Could not get some {kind.upper()} objects")
    return _answer(results, [problem.row({"ids": missing})] if missing else [], 200)


def _read_one(kind: str, key: str, id_property: str | None) -> Record | None:
    if flag("archived"):
        record = portal().records[kind].get(key)
        return record if record and record.archived else None
    return portal().find(kind, key, id_property)


@batches.post("/create")
@api()
def create(name: str) -> Answer:
    kind = _allowed(name, "write")
    rows, _ = inputs({"properties", "associations", TRACE})

    def make(row: dict[str, Any]) -> Record:
        return portal().create(kind, row.get("properties"), row.get("associations"))

    return _write(rows, make, 201)


@batches.post("/update")
@api()
def update(name: str) -> Answer:
    kind = _allowed(name, "write")
    rows, _ = inputs({"id", "idProperty", "properties", TRACE})
    if any(not isinstance(row.get("id"), str) for row in rows):
        raise invalid("each input needs an id")
    twice = [key for key, times in Counter(row["id"] for row in rows).items() if times > 1]
    if twice:
        raise invalid(f"Duplicate IDs found in batch input: {twice}", "DUPLICATE_IDS")

    def change(row: dict[str, Any]) -> Record:
        record = portal().find(kind, row["id"], row.get("idProperty"))
        if record is None:
            raise not_found()
        return portal().update(record, row.get("properties"))

    return _write(rows, change, 200)


@batches.post("/archive")
@api()
def archive(name: str) -> tuple[str, int]:
    kind = _allowed(name, "write")
    rows, _ = inputs({"id"})
    for row in rows:
        record = portal().find(kind, str(row.get("id")))
        if record is not None:
            portal().archive(record)
    return "", 204


def _allowed(name: str, right: str) -> str:
    kind = object_type(name)
    require(authenticate(), object_scope(kind, right))
    return kind


def _write(rows: list[dict[str, Any]], do: Callable[[dict[str, Any]], Record], good: int) -> Answer:
    traces = [row[TRACE] for row in rows if TRACE in row]
    if len(set(traces)) != len(traces):
        raise invalid(f"{TRACE} must be unique in a batch")
    if len(traces) < len(rows):
        return _answer([as_json(record, shown(row)) for row, record in _all(rows, do)], [], good)
    results, errors, missing = [], [], []
    for row in rows:
        try:
            results.append(as_json(do(row), shown(row)))
        except HubProblem as problem:
            if problem.category == "OBJECT_NOT_FOUND":
                missing.append(row["id"])
            else:
                errors.append(problem.row({TRACE: [row[TRACE]]}))
    if missing:
        # The real thing names missing records by their ids, in one error for all of them.
        gone = HubProblem(404, "OBJECT_NOT_FOUND", "Could not get some objects")
        errors.append(gone.row({"ids": missing}))
    # Results come in no particular order: whoever relies on one is wrong.
    return _answer(results[::-1], errors, good)


def _all(
    rows: list[dict[str, Any]], do: Callable[[dict[str, Any]], Record]
) -> list[tuple[dict[str, Any], Record]]:
    snapshot = portal().snapshot()
    try:
        return [(row, do(row)) for row in rows]
    except HubProblem:
        portal().roll_back(snapshot)
        raise


def shown(row: dict[str, Any]) -> list[str]:
    return list(row.get("properties") or {})


def _answer(results: list[Any], errors: list[Any], good: int) -> Answer:
    at = iso(now())
    body = {"status": "COMPLETE", "results": results, "startedAt": at, "completedAt": at}
    if not errors:
        return body, good
    return {**body, "numErrors": len(errors), "errors": errors}, 207
