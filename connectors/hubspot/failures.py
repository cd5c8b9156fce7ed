"""What HubSpot answers instead of success, in our words.

https://developers.hubspot.com/docs/api-reference/error-handling. Every field of the body is optional;
its ``message`` may repeat a customer's words and is never passed on.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.errors import (
    CrmError,
    MissingRight,
    NeedsReconnect,
    RateLimited,
    Refused,
    Unreachable,
)

LOCKED, MIGRATING = 423, 477
SAFE_WORD = re.compile(r"[A-Za-z0-9_.-]{1,100}")


class Answered(Exception):
    """An answer that is not a success; never leaves this package."""

    def __init__(self, status: int, body: Any, headers: Mapping[str, str] | None) -> None:
        super().__init__(status)
        self.status = status
        self.body = _parsed(body)
        self.headers = {name.lower(): value for name, value in (headers or {}).items()}

    @property
    def codes(self) -> frozenset[str]:
        """The codes HubSpot gave: its category and those of the single errors."""
        return codes_of(self.body)


def translate(answer: Answered, *, write: bool, zone: str, now: Callable[[], datetime]) -> CrmError:
    """*answer* as the error that tells the ledger what to do; 401 means that renewing did not help."""
    correlation = word(answer.body.get("correlationId"))
    error = _error(answer, write=write, zone=zone, now=now)
    error.correlation = correlation
    return error


def _error(answer: Answered, *, write: bool, zone: str, now: Callable[[], datetime]) -> CrmError:
    status = answer.status
    if status == 401:
        return NeedsReconnect("unauthorized", "HubSpot no longer accepts our token.")
    if status in (403, 404) and not answer.body:
        # A gateway's page, not HubSpot's word: nothing is gone and nothing was taken from us.
        return Unreachable("answer_unreadable", f"HubSpot answered {status}.", unknown=write)
    if status == 403:
        return _forbidden(answer)
    if status == 429:
        return _limited(answer, zone, now)
    if status in (LOCKED, MIGRATING):
        words = "HubSpot is moving or locking the account for a while."
        return Unreachable("busy", words, unknown=False, retry_after=_retry_after(answer))
    if status >= 500 or status < 400:
        words = f"HubSpot answered {status}."
        after = _retry_after(answer)
        return Unreachable("crm_error", words, unknown=write, retry_after=after)
    names = ", ".join(sorted(answer.codes)) or "no reason given"
    return Refused("refused", f"HubSpot refused the call with {status} ({names}).")


def _forbidden(answer: Answered) -> MissingRight:
    scopes = sorted(set(_scopes(answer.body)))
    if scopes or "MISSING_SCOPES" in answer.codes:
        return MissingRight("scope_missing", ", ".join(scopes))
    return MissingRight("forbidden", "HubSpot does not allow this call to the connected user.")


def _limited(answer: Answered, zone: str, now: Callable[[], datetime]) -> RateLimited:
    daily = answer.body.get("policyName") == "DAILY"
    after = _retry_after(answer)
    if daily and after is None:
        after = until_midnight(now(), zone)
    words = "The account's calls for today are used up." if daily else "Too many calls."
    return RateLimited("rate_limited", words, retry_after=after, daily=daily)


def until_midnight(at: datetime, zone: str) -> float:
    """Seconds from *at* until the next midnight in *zone* (UTC when the zone is not known)."""
    try:
        local = at.astimezone(ZoneInfo(zone) if zone else UTC)
    except (ZoneInfoNotFoundError, ValueError):
        local = at.astimezone(UTC)
    tomorrow = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return (tomorrow.astimezone(UTC) - at.astimezone(UTC)).total_seconds()


def codes_of(body: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(filter(None, (word(text) for text in _codes(body))))


def properties_of(body: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the properties an error is about."""
    names = (name for detail in details(body) for name in listed(detail, "propertyName"))
    return tuple(dict.fromkeys(filter(None, map(word, names))))


def details(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    errors = body.get("errors")
    yield from (d for d in (errors if isinstance(errors, list) else []) if isinstance(d, dict))


def listed(body: Mapping[str, Any], name: str) -> list[str]:
    """The texts under *name* in the error's context."""
    context = body.get("context")
    values = context.get(name) if isinstance(context, dict) else None
    return [str(value) for value in values] if isinstance(values, list) else []


def word(text: object) -> str:
    """*text* if it is one harmless word (a code, a name, an id), else nothing."""
    return text if isinstance(text, str) and SAFE_WORD.fullmatch(text) else ""


def _codes(body: Mapping[str, Any]) -> Iterable[object]:
    yield from (body.get("category"), body.get("subCategory"), body.get("status_code"))
    yield from (detail.get("code") for detail in details(body))


def _scopes(body: Mapping[str, Any]) -> Iterator[str]:
    for part in (body, *details(body)):
        yield from filter(None, map(word, listed(part, "requiredGranularScopes")))


def _retry_after(answer: Answered) -> float | None:
    text = answer.headers.get("retry-after", "")
    return min(float(text), 86_400.0) if re.fullmatch(r"\d{1,7}(\.\d+)?", text) else None


def _parsed(body: Any) -> dict[str, Any]:
    try:
        parsed = json.loads(body) if isinstance(body, str | bytes) else body
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
