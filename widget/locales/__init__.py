"""The fixed wording of the question, one file per language, and which language serves whom."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

FALLBACK = "en"
SAME_AS = {"no": "nb", "nn": "nb"}

Category = Literal["promoter", "passive", "detractor"]
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Wording:
    """Every text a customer can see, in one language. Texts are plain, never markup.

    ``{company}``, ``{touchpoint}``, ``{person}`` and ``{within}`` are filled in uninflected, so the
    sentences around them are built to be right with any name. ``pages`` holds title and text.
    """

    locale: str
    name: str
    direction: Literal["ltr", "rtl"]
    survey: str
    title: str
    about: str
    question: str
    question_neutral: str
    lowest: str
    highest: str
    measures: Mapping[str, Mapping[str, str]]
    why: Mapping[Category, str]
    why_neutral: str
    contact: str
    yes: str
    no: str
    send: str
    sending: str
    retry: str
    close: str
    saved: str
    thanks: Mapping[Category, str]
    next: Mapping[str, str]
    within: Mapping[str, Mapping[str, str]]
    failed: str
    already_answered: str
    no_longer_valid: str
    change: str
    link: str
    mail: Mapping[str, str]
    heard: Mapping[str, str]
    pages: Mapping[str, tuple[str, str]]


@cache
def available() -> tuple[str, ...]:
    """The languages there are, by tag."""
    return tuple(sorted(file.stem for file in _HERE.glob("*.json")))


def wording(tag: str) -> Wording:
    """The wording for a language tag. Its ``locale`` is the language used: where it is not the one
    asked for (``is_fallback``), the caller logs it; the customer is asked all the same."""
    return _read(resolve(tag))


@lru_cache(1000)
def resolve(tag: str) -> str:
    """The language that serves a tag: ``sv-FI`` becomes ``sv``, ``no`` becomes ``nb``, and what
    nothing serves becomes English."""
    parts = tag.strip().replace("_", "-").lower().split("-")
    for length in range(len(parts), 0, -1):
        candidate = "-".join(parts[:length])
        candidate = SAME_AS.get(candidate, candidate)
        if candidate in available():
            return candidate
    return FALLBACK


def is_fallback(tag: str) -> bool:
    """Whether a tag's own language is missing, so that the customer reads another one."""
    language = tag.strip().replace("_", "-").lower().split("-")[0]
    return resolve(tag) != SAME_AS.get(language, language)


def category(score: int) -> Category:
    """What a score from 0 to 10 makes of its giver."""
    if score >= 9:
        return "promoter"
    return "passive" if score >= 7 else "detractor"


@cache
def _read(locale: str) -> Wording:
    return Wording(locale=locale, **json.loads((_HERE / f"{locale}.json").read_text("utf-8")))
