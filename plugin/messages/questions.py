"""What is wrong with a message, and what is asked before it goes out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from plugin.changes import texts as wording
from plugin.mail import lanes
from plugin.messages.audience import Audience
from plugin.messages.drafts import Draft
from plugin.numbers import number
from plugin.segments import evaluating, known
from plugin.services import Services
from widget.locales import wording as of_language

FEW = 20  # people, all of whom may well have asked for one thing


@dataclass(frozen=True, slots=True)
class Question:
    """To be answered with yes before it goes out. The *key* stays the same as long as the question does."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Check:
    """*wrong* has to be put right first; *questions* are open until they are among those that were accepted."""

    wrong: Sequence[str]
    questions: Sequence[Question]

    def open(self, accepted: Sequence[str]) -> list[Question]:
        return [one for one in self.questions if one.key not in accepted]


def check(
    connection: Connection, services: Services, draft: Draft, found: Audience, now: datetime
) -> Check:
    wrong = [*_wrong(services, draft), *_missing(connection, draft)]
    if not found.counts.told:
        wrong.append("Nobody would be told.")
    questions = [
        *_sizes(connection, draft, now),
        *_everybody(connection, found),
        *_languages(found),
    ]
    return Check(wrong, questions)


def language(tag: str) -> str:
    """A language by its name, where we have one."""
    found = of_language(tag)
    return f"{found.name} ({tag})" if found.locale == tag else tag


def _wrong(services: Services, draft: Draft) -> Iterator[str]:
    if draft.change.state == "dropped":
        yield "The change was dropped."
    for tag, own in draft.texts.items():
        for part in own.values():
            yield from (f"{language(tag)}: {words}" for words in wording.problems(part))
    if not draft.languages:
        yield "There is no whole text for customers yet: a subject and a body in one language."
    if "email" in draft.plan.channels and (off := lanes.why_off(services.settings)):
        yield off


def _missing(connection: Connection, draft: Draft) -> Iterator[str]:
    for key in _segments(draft):
        if known.one(connection, key) is None:
            yield f"The segment “{key}” is not there any more. Take it out."


def _sizes(connection: Connection, draft: Draft, now: datetime) -> Iterator[Question]:
    for key in _segments(draft):
        one = known.one(connection, key)
        if one is None:
            continue
        size = evaluating.size(connection, one.rule, now)
        if size.nobody:
            yield Question(
                f"nobody:{key}", f"Nobody is in the segment “{one.name}”. Is that right?"
            )
        elif size.all:
            text = f"{_all(size.everybody)} in the segment “{one.name}”. Is that right?"
            yield Question(f"everybody:{key}", text)


def _all(everybody: int) -> str:
    return (
        "The one person we know is"
        if everybody == 1
        else f"All {number(everybody)} people we know are"
    )


def _everybody(connection: Connection, found: Audience) -> Iterator[Question]:
    everybody = evaluating.everybody(connection)
    if found.counts.told == everybody > FEW:
        yield Question(
            "everybody", f"All {number(everybody)} people we know would be told. Is that right?"
        )


def _languages(found: Audience) -> Iterator[Question]:
    for tag, many in sorted(found.counts.without.items()):
        gets = found.tags[tag]
        people = "One person reads" if many == 1 else f"{number(many)} people read"
        then = f"told in {language(gets)} instead" if gets else "not told"
        verb = "is" if many == 1 else "are"
        text = f"{people} {language(tag)}, in which there is no text, and {verb} {then}. Is that right?"
        yield Question(f"language:{tag}:{gets or 'none'}", text)


def _segments(draft: Draft) -> list[str]:
    plan = draft.plan
    return list(dict.fromkeys((*plan.plus, *plan.only, *plan.minus)))
