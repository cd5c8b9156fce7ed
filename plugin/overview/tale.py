"""A follow-up's story, told from what was said, what became of it and what was sent to the CRM."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Row

from plugin.followups.rules import Choices

SENT = {
    "task": "The task was made in the CRM",
    "task_line": "A line was added to the task",
    "task_done": "The task was completed in the CRM",
    "task_again": "The task was opened again in the CRM",
}
BECAME = {
    "handled": "Marked handled here",
    "corrected": "Cause and outcome corrected",
    "completed": "The task was completed in the CRM",
    "deleted": "The task was deleted in the CRM",
    "reopened": "The task was opened again in the CRM",
    "answered_again": "The customer became unhappy again",
    "not_counted": "Closed: the answer does not count",
    "counted_again": "Opened again: the answer counts",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened. *said* are the customer's own words, *by* who did it."""

    at: datetime
    title: str
    by: str = ""
    said: str = ""
    chosen: str = ""


def told(
    revisions: Sequence[Row[Any]],
    events: Iterable[Row[Any]],
    deliveries: Iterable[Row[Any]],
    choices: Choices,
) -> list[Moment]:
    """The newest first."""
    moments = [*_said(revisions), *_became(events, choices), *_sent(deliveries)]
    return sorted(moments, key=lambda moment: moment.at, reverse=True)


def _said(revisions: Sequence[Row[Any]]) -> Iterator[Moment]:
    for one in revisions:
        title = f"Answered with {one.score}" if one.revision == 1 else f"Revised to {one.score}"
        yield Moment(one.at, title, said=one.comment)


def _became(events: Iterable[Row[Any]], choices: Choices) -> Iterator[Moment]:
    for one in events:
        if one.what == "assigned":
            yield Moment(
                one.at, "Given to somebody else" if one.note else "Owned by nobody", one.note
            )
        else:
            yield Moment(one.at, BECAME[one.what], one.by, chosen=_chosen(one, choices))


def _chosen(one: Row[Any], choices: Choices) -> str:
    words = (choices.causes.get(one.cause or ""), choices.outcomes.get(one.outcome or ""))
    return ". ".join(word for word in words if word)


def _sent(deliveries: Iterable[Row[Any]]) -> Iterator[Moment]:
    for row in deliveries:
        if row.kind in SENT and row.state == "delivered" and row.settled_at:
            yield Moment(row.settled_at, SENT[row.kind])
