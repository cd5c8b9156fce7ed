"""Fills a company's text for one customer. What is put in is never looked through again: whatever a customer wrote or
is called stays text."""

import re
from dataclasses import dataclass

from plugin.changes.texts import PLACEHOLDERS
from widget.inserted import Inserted, Line, clean, cut
from widget.locales import Wording, wording
from widget.question import plain_name

MOST_WORDS = 280  # characters of her own words inside a sentence
_SLOT = re.compile(r"\{(" + "|".join(PLACEHOLDERS) + r")\}")
_NAME = r"\{first_name\}"
_ADDRESSED = re.compile(rf"^\s*(\w+)[\w/()*:]*\s+{_NAME}\W*$")
# How a name leaves a sentence that has none to put there, the first that fits.
_FIRST = re.compile(rf"^\s*{_NAME}\s*[,:!–-]*\s*(\w?)")
_BETWEEN_COMMAS = re.compile(rf"\s*,\s*{_NAME}\s*,")
_ELSEWHERE = re.compile(rf"\s*[,،]?\s*{_NAME}(?=\s*(?:[.,:;!?…،؟]|$))|\s*{_NAME}")


@dataclass(frozen=True, slots=True)
class Slots:
    """What there is to put in for one customer; empty where it is not known. *words* is what she herself wrote."""

    first_name: str = ""
    company: str = ""
    touchpoint: str = ""
    words: str = ""


def filled(text: str, slots: Slots, locale: str) -> list[Line]:
    """*text*, which is in *locale*, line by line.

    Without a first name the sentence does without; without a company or a touchpoint it says "our company" and "our
    service"; a line with her words is left out where she wrote none. Other braces stay as they are.
    """
    words, given = wording(locale), _given(slots, wording(locale))
    lines = [line for line in text.splitlines() if given["words"] or "{words}" not in line]
    if not given["first_name"]:
        lines = [_nameless(line, words) for line in lines]
    return [_line(line, given) for line in lines]


def _given(slots: Slots, words: Wording) -> dict[str, str]:
    return {
        "first_name": plain_name(clean(slots.first_name)),
        "company": plain_name(clean(slots.company)) or words.heard["company"],
        "touchpoint": plain_name(clean(slots.touchpoint)) or words.heard["touchpoint"],
        "words": cut(" ".join(clean(slots.words).split()), MOST_WORDS),
    }


def _line(text: str, given: dict[str, str]) -> Line:
    parts = _SLOT.split(text)
    return [Inserted(given[part]) if n % 2 else part for n, part in enumerate(parts)]


def _nameless(line: str, words: Wording) -> str:
    addressed = _ADDRESSED.match(line)
    if addressed and addressed[1].casefold() in words.heard["dear"].split():
        return words.mail["greeting"]
    line = _FIRST.sub(lambda found: found[1].upper(), line)
    return _ELSEWHERE.sub("", _BETWEEN_COMMAS.sub("", line))
