"""What the views of one sandbox share, and the door every API call passes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import request

from connectors.sandbox.card import Said
from connectors.sandbox.hubspot.grants import Grants
from connectors.sandbox.hubspot.limiter import Limiter
from connectors.sandbox.hubspot.portal import Portal
from connectors.sandbox.hubspot.problems import (
    HubProblem,
    invalid,
    missing_scopes,
    not_found,
    unauthenticated,
)
from connectors.sandbox.hubspot.standard import (
    COMPANIES,
    CONTACTS,
    DEALS,
    TICKETS,
    TYPE_IDS,
    TYPES,
)

VERSIONS = ("2026-03", "2026-09")
BATCH_LIMIT = 100
HUB = "sandbox.hub"
P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Hub:
    portal: Portal
    grants: Grants
    limiter: Limiter = field(init=False)
    # by contact: what came of the last thing that was done on its card
    said: dict[str, Said] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.limiter = Limiter(self.portal.options)


def hub() -> Hub:
    found: Hub = request.environ[HUB]
    return found


def portal() -> Portal:
    return hub().portal


def api(*scopes: str, search: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A view of the API: bearer token, rate limit, version and scopes are looked at first,
    and nobody else touches the portal meanwhile."""

    def wrap(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            granted = authenticate()
            hub().limiter.admit(search=search)
            if kwargs.pop("ver") not in VERSIONS:
                raise not_found("no such version")
            require(granted, *scopes)
            with portal().lock:
                return view(*args, **kwargs)

        return guarded

    return wrap


def authenticate() -> frozenset[str]:
    """The scopes of the call's token; a 401 for none, a wrong or an expired one."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    live = hub().grants.live(token) if kind == "Bearer" else None
    if live is None:
        raise unauthenticated()
    return live.scopes


def require(granted: frozenset[str], *scopes: str) -> None:
    missing = [scope for scope in scopes if scope not in granted]
    if missing:
        raise missing_scopes(*missing)


def object_scope(kind: str, right: str) -> str:
    """Notes and tasks are read and written with the contacts' scopes, tickets with one for both."""
    if kind == TICKETS:
        return "tickets"
    return f"crm.objects.{kind if kind in (COMPANIES, DEALS) else CONTACTS}.{right}"


def object_type(name: str) -> str:
    kind = TYPE_IDS.get(name, name)
    if kind not in TYPES:
        raise HubProblem(400, "VALIDATION_ERROR", f"Unable to infer object type from: {name}")
    return kind


def json_body(keys: set[str]) -> dict[str, Any]:
    """The body as an object with no other keys than *keys*."""
    if request.mimetype != "application/json":
        raise HubProblem(415, "VALIDATION_ERROR", "send application/json")
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise invalid("Invalid input JSON")
    unknown = sorted(set(body) - keys)
    if unknown:
        raise invalid(f"Invalid input JSON: unknown field {unknown[0]}")
    return body


def inputs(keys: set[str], *also: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """A batch's inputs, at most a hundred, and the rest of its body."""
    body = json_body({"inputs", *also})
    rows = body.get("inputs")
    if not isinstance(rows, list) or any(not isinstance(row, dict) for row in rows):
        raise invalid("inputs must be a list of objects")
    if not rows:
        raise invalid("inputs must not be empty")
    if len(rows) > BATCH_LIMIT:
        raise invalid(f"maximum batch size of {BATCH_LIMIT} exceeded", "TOO_MANY_INPUTS")
    unknown = sorted({key for row in rows for key in row} - keys)
    if unknown:
        raise invalid(f"Invalid input JSON: unknown field {unknown[0]}")
    return rows, body


def flag(name: str) -> bool:
    value = request.args.get(name, "false")
    if value not in ("true", "false"):
        raise invalid(f"{name} must be true or false")
    return value == "true"
