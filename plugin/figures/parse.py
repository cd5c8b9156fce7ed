"""Reading the query of the API strictly: each parameter once, nothing unknown, nothing that is only nearly right."""

from dataclasses import dataclass
from typing import Any

from plugin.db import ID
from plugin.figures.reading import Scope
from plugin.figures.rules import NPS_KINDS
from plugin.periods import Period, day_from
from plugin.requested import query
from plugin.strict import field_invalid

MOST, USUAL = 500, 100


@dataclass(frozen=True, slots=True)
class Place:
    """At most *limit* answers, those after the answer *after*."""

    after: str
    limit: int


def place() -> Place:
    """Raises ``Problem``: ``body_malformed`` or ``field_invalid``."""
    given = query(("after", "limit"))
    after, limit = given.get("after", ""), given.get("limit", str(USUAL))
    wrong = {}
    if after and not ID.fullmatch(after):
        wrong["after"] = "must be an answer's id"
    number = int(limit) if limit.isascii() and limit.isdigit() and len(limit) < 4 else 0
    if not 1 <= number <= MOST:
        wrong["limit"] = f"must be a whole number from 1 to {MOST}"
    if wrong:
        raise field_invalid(wrong)
    return Place(after, number)


def wanted(installation: str) -> tuple[Scope, Period, str]:
    """Whose figure, over which days, and among the people of which segment. Raises ``Problem``: ``body_malformed`` or
    ``field_invalid``."""
    given = query(("touchpoint", "kind", "from", "to", "segment"))
    wrong: dict[str, str] = {}
    since, until = (day_from(given, name, wrong) for name in ("from", "to"))
    wrong = dict.fromkeys(wrong, "must be a day like 2026-11-21")
    if since and until and since > until:
        wrong["to"] = "must not be before from"
    if given.get("kind", NPS_KINDS[0]) not in NPS_KINDS:
        wrong["kind"] = "must be one of " + ", ".join(NPS_KINDS)
    if wrong:
        raise field_invalid(wrong)
    named: dict[str, Any] = {name: given.get(name, "") for name in ("touchpoint", "kind")}
    return Scope(installation, **named), Period(since, until), given.get("segment", "")
