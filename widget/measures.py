"""Questions that are not NPS: satisfaction (CSAT) and effort (CES), each with its own words and scale."""

from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from widget.inserted import isolated
from widget.locales import Wording
from widget.question import legend, named, plain_name

Measure = Literal["csat", "ces"]
ENDS: dict[str, tuple[int, int]] = {"csat": (1, 5), "ces": (1, 7)}
NPS = (0, 10)


def ends(kind: str) -> tuple[int, int]:
    """The lowest and the highest score of a question of *kind*; whatever is no measure is NPS."""
    return ENDS.get(kind, NPS)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is shown: texts, the scale's numbers, and what its ends mean."""

    question: str | Markup
    about: str | Markup
    numbers: range
    lowest: str
    highest: str


def asked(words: Wording, kind: str, company: str | None, touchpoint: str | None) -> Asked:
    """The fixed question of *kind*. Satisfaction names what it is about, effort the company."""
    first, last = ends(kind)
    numbers = range(first, last + 1)
    if kind not in ENDS:
        return Asked(
            **legend(words, company, touchpoint),
            numbers=numbers,
            lowest=words.lowest,
            highest=words.highest,
        )
    own = words.measures[kind]
    name = plain_name(touchpoint if kind == "csat" else company)
    about = "" if kind == "csat" else legend(words, None, touchpoint)["about"]
    return Asked(
        question=named(own["question"], name) if name else own["question_neutral"],
        about=about,
        numbers=numbers,
        lowest=own["lowest"],
        highest=own["highest"],
    )


def spoken(words: Wording, kind: str, company: str | None, touchpoint: str | None) -> list[str]:
    """The question as plain lines: what it is about, where that is not in it, and the question itself. Names keep
    their own writing direction."""
    about, company = (isolated(plain_name(n), words.direction) for n in (touchpoint, company))
    own = words.measures.get(kind)
    question, neutral = (
        (own["question"], own["question_neutral"])
        if own
        else (words.question, words.question_neutral)
    )
    slot, name = ("{touchpoint}", about) if kind == "csat" else ("{company}", company)
    line = words.about.replace("{touchpoint}", about) if about and kind != "csat" else ""
    return [one for one in (line, question.replace(slot, name) if name else neutral) if one]
