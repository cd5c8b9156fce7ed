"""What Salesforce's refusals mean. Its own texts stop here: they may hold a customer's words.

Codes: https://developer.salesforce.com/docs/platform/api-rest/guide/errorcodes.html
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from connectors.errors import (
    CrmError,
    MissingRight,
    NeedsReconnect,
    RateLimited,
    Refused,
    Unreachable,
)
from connectors.types import Fate, Outcome

FIELD = re.compile(r"[A-Za-z]\w{0,80}", re.ASCII)
CODE = re.compile(r"[A-Z][A-Z0-9_]{2,80}")

BUSY = {
    "UNABLE_TO_LOCK_ROW",
    "SERVER_UNAVAILABLE",
    "UNKNOWN_EXCEPTION",
    "QUERY_TIMEOUT",
    "REQUEST_RUNNING_TOO_LONG",
    "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "PROCESSING_HALTED",
}
LOST = {"ENTITY_IS_DELETED", "NOT_FOUND", "INVALID_CROSS_REFERENCE_KEY"}
NO_API = (
    "This Salesforce edition has no API. It comes with Enterprise, Performance, Unlimited and "
    "Developer Edition, and with Professional Edition as an add-on."
)
HIDDEN = (
    "is missing or hidden from the connected user: run the install check, and see that the "
    "permission set Gensvar Integration is assigned."
)
RIGHTS = {
    "API_DISABLED_FOR_ORG": ("api_disabled", NO_API),
    "API_CURRENTLY_DISABLED": ("api_disabled", "The connected user lacks the right API Enabled."),
    "UNSUPPORTED_API_VERSION": (
        "api_version_retired",
        "Salesforce no longer answers this API version: update Gensvar.",
    ),
    "INVALID_TYPE": ("object_missing", f"The object for answers {HIDDEN}"),
    "INVALID_FIELD": ("field_missing", f"A field {HIDDEN}"),
}
RIGHTS["INVALID_FIELD_FOR_INSERT_UPDATE"] = RIGHTS["INVALID_FIELD"]
ROWS = {
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": "A validation rule of the org refuses the record.",
    "REQUIRED_FIELD_MISSING": "The org requires a field that Gensvar does not fill.",
    "STRING_TOO_LONG": "A value is longer than the field in the org.",
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": "A value is not in the field's picklist.",
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": "A trigger or flow of the org refuses the record.",
    "DUPLICATES_DETECTED": "A duplicate rule of the org refuses the record.",
    "STORAGE_LIMIT_EXCEEDED": "The org's storage is full.",
    "MALFORMED_ID": "An id is not one of the right kind of record.",
    "INACTIVE_OWNER_OR_USER": "The owner is inactive.",
    "INVALID_CROSS_REFERENCE_KEY": "A record it refers to does not exist or may not be seen.",
    "DUPLICATE_VALUE": "Another record has the same key.",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One error as Salesforce names it, without its message."""

    code: str
    fields: tuple[str, ...] = ()
    concurrent: bool = False


def problems(content: Any) -> list[Problem]:
    """The errors in a body of any of Salesforce's shapes; none in a page of HTML."""
    entries = content if isinstance(content, list) else [content]
    return [_problem(entry) for entry in entries if isinstance(entry, dict)]


def _problem(entry: dict[str, Any]) -> Problem:
    code = str(entry.get("errorCode") or entry.get("statusCode") or entry.get("error") or "")
    fields = entry.get("fields")
    named = tuple(f for f in fields if isinstance(f, str)) if isinstance(fields, list) else ()
    return Problem(
        code if CODE.fullmatch(code) else "UNKNOWN",
        tuple(f for f in named if FIELD.fullmatch(f)),
        concurrent=str(entry.get("message", "")).startswith("ConcurrentRequests"),
    )


def failure(status: int, content: Any, *, retry_after: float | None = None) -> CrmError:
    """What a call that was refused as a whole means."""
    found = problems(content) or [Problem("UNKNOWN")]
    first = found[0]
    if status == 401:
        return NeedsReconnect("token_refused", "Salesforce no longer accepts the sign-in.")
    if first.code == "REQUEST_LIMIT_EXCEEDED":
        return _limited(first)
    if status == 429:
        return RateLimited("too_many_requests", retry_after=retry_after)
    if status == 410:
        return MissingRight(*RIGHTS["UNSUPPORTED_API_VERSION"])
    if first.code in RIGHTS:
        code, words = RIGHTS[first.code]
        return MissingRight(code, _named(words, first.fields))
    if first.code.startswith("INSUFFICIENT_ACCESS"):
        return MissingRight(
            "insufficient_access", "The connected user lacks a permission for this."
        )
    if status >= 500 or status == 420 or first.code in BUSY:
        words = "Salesforce is unavailable."
        return Unreachable("crm_unavailable", words, unknown=True, retry_after=retry_after)
    if 300 <= status < 400 and not isinstance(content, list):
        return NeedsReconnect("moved", "The org answers at another address: connect again.")
    return Refused(first.code.lower(), _named(ROWS.get(first.code, ""), first.fields))


def _limited(problem: Problem) -> RateLimited:
    if problem.concurrent:
        return RateLimited("too_many_at_once", "Too many long calls at once.")
    words = "The org's daily budget of API calls is spent; it is counted over 24 hours."
    return RateLimited("daily_limit", words, daily=True)


def settled(found: Sequence[Problem]) -> Outcome:
    """The fate of one row that was refused, apart from what a look at the contact would tell."""
    first = found[0] if found else Problem("UNKNOWN")
    if any(problem.code in BUSY for problem in found):
        return Outcome(Fate.BUSY, code="busy", detail="Salesforce was busy with this record.")
    if first.code in RIGHTS:
        code, words = RIGHTS[first.code]
        return Outcome(Fate.REFUSED, code=code, detail=_named(words, first.fields))
    if first.code.startswith("INSUFFICIENT_ACCESS"):
        words = "The connected user may not change this record."
        return Outcome(Fate.REFUSED, code="insufficient_access", detail=words)
    words = ROWS.get(first.code, "Salesforce refused the record.")
    return Outcome(Fate.REFUSED, code=first.code.lower(), detail=_named(words, first.fields))


def _named(words: str, fields: Sequence[str]) -> str:
    return f"{words} Fields: {', '.join(fields)}." if fields else words
