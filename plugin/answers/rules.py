"""What an answer is and when it may change: pure, no I/O."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from widget.locales import Category, category
from widget.measures import ENDS, ends

EDIT_WINDOW = timedelta(hours=24)
COUNTED, PROVISIONAL, SET_ASIDE = "counted", "provisional", "set_aside"
SETTLE = timedelta(seconds=2)  # the CRM is told once the customer has stopped for so long


@dataclass(frozen=True, slots=True)
class Submission:
    """What one post said; ``None`` is a field left out, which keeps its earlier value."""

    token: str
    score: int | None = None
    comment: str | None = None
    may_contact: bool | None = None
    evidence: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a customer has said so far, as of one revision."""

    score: int
    comment: str
    may_contact: bool | None
    revision: int
    answered_at: datetime

    @property
    def category(self) -> Category:
        return category(self.score)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a submission was not recorded: ``already_answered``, ``score_missing`` in a first post, or
    ``score_not_on_scale`` of the question that was asked."""

    code: str


def category_of(kind: str, score: int) -> str:
    """The NPS category; empty for satisfaction and effort, which have none."""
    return "" if kind in ENDS else category(score)


def on_scale(kind: str, score: int | None) -> bool:
    lowest, highest = ends(kind)
    return score is None or lowest <= score <= highest


def next_said(
    before: Said | None, post: Submission, now: datetime, window: timedelta
) -> Said | Refusal:
    """What stands after *post*: *before* itself when nothing new was said."""
    if before is None:
        if post.score is None:
            return Refusal("score_missing")
        return Said(post.score, post.comment or "", post.may_contact, 1, now)
    if now - before.answered_at >= window:
        return Refusal("already_answered")
    after = replace(
        before,
        score=before.score if post.score is None else post.score,
        comment=before.comment if post.comment is None else post.comment,
        may_contact=before.may_contact if post.may_contact is None else post.may_contact,
    )
    return before if after == before else replace(after, revision=before.revision + 1)
