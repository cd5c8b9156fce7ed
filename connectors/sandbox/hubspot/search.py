"""Search: five a second, two hundred a page, ten thousand a query, and late to see what is new."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from flask import Blueprint

from connectors.sandbox.hubspot.definitions import NUMBER, moment
from connectors.sandbox.hubspot.hub import (
    api,
    authenticate,
    json_body,
    object_scope,
    object_type,
    portal,
    require,
)
from connectors.sandbox.hubspot.portal import Record, now
from connectors.sandbox.hubspot.problems import invalid
from connectors.sandbox.hubspot.shapes import as_json, value_of

search = Blueprint("search", __name__, url_prefix="/crm/objects/<ver>/<name>")
PAGE, DEPTH = 200, 10_000
GROUPS, FILTERS, IN_ALL = 5, 6, 18
BODY = {"filterGroups", "properties", "sorts", "limit", "after", "query"}

OPERATORS: dict[str, Callable[[str | None, dict[str, Any]], bool]] = {
    "EQ": lambda held, f: _fold(held) == _fold(f["value"]),
    "NEQ": lambda held, f: _fold(held) != _fold(f["value"]),
    "IN": lambda held, f: _fold(held) in [_fold(value) for value in f["values"]],
    "HAS_PROPERTY": lambda held, _: bool(held),
    "NOT_HAS_PROPERTY": lambda held, _: not held,
    "GTE": lambda held, f: held is not None and _number(held) >= float(f["value"]),
    "GT": lambda held, f: held is not None and _number(held) > float(f["value"]),
    "CONTAINS_TOKEN": lambda held, f: f["value"].casefold() in _tokens(held),
    "LTE": lambda held, f: held is not None and _number(held) <= float(f["value"]),
}


@search.post("/search")
@api(search=True)
def find(name: str) -> dict[str, Any]:
    kind = object_type(name)
    require(authenticate(), object_scope(kind, "read"))
    body = json_body(BODY)
    groups, limit, after = _groups(body), int(body.get("limit", 10)), int(body.get("after") or 0)
    if not 1 <= limit <= PAGE or after + limit > DEPTH:
        raise invalid(f"at most {PAGE} a page and {DEPTH} a query")
    indexed = now() - timedelta(seconds=portal().options.search_lag)
    hits = [
        record
        for record in portal().records[kind].values()
        if not record.archived and record.created <= indexed and _matches(record, groups)
    ]
    for name in reversed(body.get("sorts", [])):
        hits.sort(key=partial(_place, name.lstrip("-")), reverse=name.startswith("-"))
    wanted = body.get("properties", [])
    answer = {
        "total": len(hits),
        "results": [as_json(record, wanted) for record in hits[after : after + limit]],
    }
    more = after + limit < len(hits)
    return {**answer, "paging": {"next": {"after": str(after + limit)}}} if more else answer


def _groups(body: dict[str, Any]) -> list[list[dict[str, Any]]]:
    groups = [group.get("filters", []) for group in body.get("filterGroups", [])]
    if len(groups) > GROUPS or any(len(group) > FILTERS for group in groups):
        raise invalid(f"at most {GROUPS} groups of {FILTERS} filters")
    if sum(map(len, groups)) > IN_ALL:
        raise invalid(f"at most {IN_ALL} filters")
    for group in groups:
        for one in group:
            _check(one)
    return groups


def _check(one: dict[str, Any]) -> None:
    if one.get("operator") not in OPERATORS:
        raise invalid("no such operator")
    if "value" in one and not isinstance(one["value"], str):
        raise invalid("filter values are strings")


def _matches(record: Record, groups: list[list[dict[str, Any]]]) -> bool:
    return not groups or any(
        all(OPERATORS[f["operator"]](value_of(record, f["propertyName"]), f) for f in group)
        for group in groups
    )


def _number(held: str) -> float:
    """A time is compared by its milliseconds."""
    if NUMBER.fullmatch(held):
        return float(held)
    return moment("", held).timestamp() * 1000


def _place(name: str, record: Record) -> tuple[float, str]:
    held = value_of(record, name) or ""
    return (float(held), "") if held.isdecimal() else (float("inf"), held)


def _tokens(held: str | None) -> list[str]:
    return re.findall(r"\w+", (held or "").casefold())


def _fold(value: str | None) -> str:
    return (value or "").casefold()
