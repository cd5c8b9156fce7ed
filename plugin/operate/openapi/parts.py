"""The phrases every operation is made of."""

from collections.abc import Sequence
from typing import Any

from plugin.errors import STATUS, TITLES

Part = dict[str, Any]
WAITS = ("rate_limited", "storage_unavailable")


def ref(name: str) -> Part:
    return {"$ref": f"#/components/schemas/{name}"}


def json_body(name: str, example: Any, description: str = "") -> Part:
    found: Part = {"content": {"application/json": {"schema": ref(name), "example": example}}}
    return {"description": description, **found} if description else found


def text(media_type: str, description: str, headers: Sequence[str] = ()) -> Part:
    found: Part = {
        "description": description,
        "content": {media_type: {"schema": {"type": "string"}}},
    }
    if headers:
        found["headers"] = {name: {"schema": {"type": "string"}} for name in headers}
    return found


def in_path(name: str, description: str, **schema: Any) -> Part:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": {"type": "string", **schema},
    }


def in_query(name: str, description: str, **schema: Any) -> Part:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": {"type": "string", **schema},
    }


def required_query(name: str, description: str, *, must: bool = True) -> Part:
    return in_query(name, description) | {"required": must}


def problems(*codes: str) -> Part:
    """The refusals of an operation by status, each code with an example."""
    by_status: dict[int, list[str]] = {}
    for code in codes:
        by_status.setdefault(STATUS[code], []).append(code)
    return {str(status): _problem(by_status[status]) for status in sorted(by_status)}


def _problem(codes: list[str]) -> Part:
    found: Part = {
        "description": "; ".join(f"`{code}`: {TITLES[code].lower()}" for code in codes),
        "content": {
            "application/problem+json": {
                "schema": ref("Problem"),
                "examples": {code: {"value": _example(code)} for code in codes},
            }
        },
    }
    if any(code in WAITS for code in codes):
        found["headers"] = {
            "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}
        }
    return found


def _example(code: str) -> Part:
    shown: Part = {
        "type": f"urn:gensvar:{code}",
        "title": TITLES[code],
        "status": STATUS[code],
        "detail": f"{TITLES[code]}.",
        "code": code,
        "request_id": "01kadhjq2f9x5s4m7t8v6w3y2z",
    }
    fields = {"score": "must be a whole number from 0 to 10"}
    return shown | ({"fields": fields} if code == "field_invalid" else {})
