"""What closes a follow-up and what opens it again: pure, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Row

from plugin.errors import Problem

COMPLETED = "task completed in the CRM"
DELETED = "task deleted in the CRM"
NOT_COUNTED = "the answer does not count"

OPEN_AGAIN: Mapping[str, Any] = {
    "state": "open",
    "closed_at": None,
    "closed_by": "",
    "cause": None,
    "outcome": None,
}


@dataclass(frozen=True, slots=True)
class TaskSeen:
    """A follow-up's task as it stands in the CRM now. ``changed_at`` is the CRM's own time of its last change;
    ``owner`` is the CRM's id, empty for a task of nobody's; ``cause`` and ``outcome`` are empty where nobody chose
    one. ``gone``: deleted (the other fields then say nothing)."""

    task_id: str
    changed_at: datetime
    closed: bool = False
    owner: str = ""
    owner_name: str = ""
    cause: str = ""
    outcome: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """The causes and outcomes there are, by value, each as it reads."""

    causes: Mapping[str, str]
    outcomes: Mapping[str, str]

    def check(self, cause: str, outcome: str) -> None:
        """Raises ``Problem("field_invalid")`` that says what is still to be chosen."""
        wrong = {}
        if cause not in self.causes:
            wrong["cause"] = "Choose why the customer was unhappy."
        if outcome not in self.outcomes:
            wrong["outcome"] = "Choose what came of it."
        if wrong:
            raise Problem("field_invalid", " ".join(wrong.values()), fields=wrong)


def after(known: Row[Any], seen: TaskSeen, now: datetime, *, completing: bool) -> dict[str, Any]:
    """The columns of *known* that change by what was seen. A task seen as it stood before a change that is known
    already changes nothing.

    *completing*: that it was handled here is still to be told there, so that its standing open, or closed with
    another cause, says nothing yet.
    """
    told = known.task_changed_at
    if told is not None and seen.changed_at < told:
        return {}
    if seen.gone:
        return closed(DELETED, now) if known.state == "open" else {}
    wanted = {"task_changed_at": seen.changed_at, **_owned(known, seen)}
    if seen.closed:
        wanted |= _seen_closed(known, seen, now, completing)
    elif known.state == "closed" and not completing and _opened_since(known, seen):
        wanted |= OPEN_AGAIN
    return {name: value for name, value in wanted.items() if getattr(known, name) != value}


def closed(by: str, at: datetime) -> dict[str, Any]:
    return {"state": "closed", "closed_at": at, "closed_by": by}


def _owned(known: Row[Any], seen: TaskSeen) -> dict[str, str]:
    """A name that the CRM did not tell this time is the one we know."""
    same = known.owner_name if seen.owner and seen.owner == known.owner else ""
    return {"owner": seen.owner, "owner_name": seen.owner_name or same}


def _seen_closed(
    known: Row[Any], seen: TaskSeen, now: datetime, completing: bool
) -> dict[str, Any]:
    given = {"cause": seen.cause, "outcome": seen.outcome}
    chosen = {name: value for name, value in given.items() if value}
    if known.state == "open":
        return closed(COMPLETED, min(seen.changed_at, now)) | chosen
    return {} if completing else chosen


def _opened_since(known: Row[Any], seen: TaskSeen) -> bool:
    """A task that comes out of the bin may be as old as it was; any other must have changed since."""
    told = known.task_changed_at
    return told is None or seen.changed_at > told or known.closed_by == DELETED
