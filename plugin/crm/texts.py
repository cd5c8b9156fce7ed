"""What a follow-up task and the lines above it say: plain text, worded by the manifest. Connectors escape it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.manifest import manifest

MAY_CONTACT = "The customer may be contacted."


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What is known of a detractor when the task is written."""

    name: str
    score: int
    category: str
    touchpoint: str
    comment: str
    answered_at: datetime
    due_at: datetime
    may_contact: bool | None
    link: str


@dataclass(frozen=True, slots=True)
class Revised:
    """One revision of an answer, for the line that tells of it."""

    score: int
    comment: str
    may_contact: bool | None
    at: datetime


def task_subject(facts: TaskFacts) -> str:
    texts = manifest().task_texts
    return texts.subject.format(score=facts.score, name=one_line(facts.name))


def task_body(facts: TaskFacts, *, unassigned: bool) -> str:
    """That the customer does not want to be contacted stands first of all."""
    texts = manifest().task_texts
    first = [texts.no_contact] if facts.may_contact is False else []
    flag = [texts.unassigned] if unassigned else []
    body = texts.body.format(
        score=facts.score,
        category=manifest().contact["category"].label_of(facts.category),
        touchpoint=one_line(facts.touchpoint),
        answered_at=moment(facts.answered_at),
        due_at=moment(facts.due_at),
        comment=facts.comment or texts.no_comment,
        link=facts.link,
    )
    return "\n\n".join([*first, *flag, body])


def revision_line(before: Revised, after: Revised) -> str:
    """What changed, on one line with the time; empty when it is nothing a rep must know.

    Whether the customer may be contacted stands first, and a refusal is said again above whatever is added later.
    """
    texts = manifest().task_texts
    at = _second(after.at)
    told = []
    if after.score != before.score:
        told.append(texts.revised.format(at=at, before=before.score, after=after.score))
    if after.comment != before.comment:
        comment = one_line(after.comment) or texts.no_comment
        told.append(texts.commented.format(at=at, comment=comment))
    asked = after.may_contact != before.may_contact
    if asked or (told and after.may_contact is False):
        told.insert(0, f"{at}: {MAY_CONTACT if after.may_contact else texts.no_contact}")
    return " ".join(told)


def standing_line(at: datetime, *, counts: bool) -> str:
    """That the answer does not count any more, or does again."""
    texts = manifest().task_texts
    return (texts.counted_again if counts else texts.not_counted).format(at=_second(at))


def _second(at: datetime) -> str:
    """So exactly that two lines never read alike."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def one_line(text: str) -> str:
    return " ".join(text.split())
