"""What a customer's page is told of her answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from plugin.answers.judging import Recorded, Result
from plugin.answers.rules import Refusal


@dataclass(frozen=True, slots=True)
class Receipt:
    """An answer as it stands after a post; *first* is whether this post made it. The rest is how its touchpoint
    speaks and promises."""

    answer: str
    first: bool
    revision: int
    standing: str
    score: int
    may_contact: bool | None
    kind: str
    wording: Mapping[str, Any]
    follow_up_hours: int
    follow_up_working_days: bool


def receipt(result: Result) -> Receipt | Refusal:
    """A refusal stays one."""
    return _receipt(result) if isinstance(result, Recorded) else result


def _receipt(recorded: Recorded) -> Receipt:
    said, asked = recorded.said, recorded.ask
    return Receipt(
        answer=recorded.answer,
        first=recorded.before is None,
        revision=said.revision,
        standing=recorded.standing,
        score=said.score,
        may_contact=said.may_contact,
        kind=asked.kind,
        wording=asked.wording,
        follow_up_hours=asked.follow_up_hours,
        follow_up_working_days=asked.follow_up_working_days,
    )
