"""The languages that comments are read in: their themes, small words and stemming, one file each in ``words/``; and
which of them a comment is written in."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from plugin.themes.text import plain, stem, words
from widget.locales import SAME_AS

_HERE = Path(__file__).parent / "words"
FIRST = "en"
SURE = 2  # small words of another language, more than of the answer's own, before that is believed


@dataclass(frozen=True, slots=True)
class ReadyTheme:
    name: str
    words: Sequence[str]


@dataclass(frozen=True, slots=True)
class Language:
    """*denials* are words for "not" (as stems), *only* what takes that back ("not only"), *conjunctions* what begins a
    new clause, *common* the frequent small words."""

    code: str
    name: str
    stemming: str
    denials: frozenset[str]
    only: frozenset[str]
    conjunctions: frozenset[str]
    common: frozenset[str]
    themes: Mapping[str, ReadyTheme]


@cache
def languages() -> Mapping[str, Language]:
    """By code, the first of all first."""
    codes = sorted(
        (file.stem for file in _HERE.glob("*.json")), key=lambda code: (code != FIRST, code)
    )
    return {code: _read(code) for code in codes}


def _read(code: str) -> Language:
    given = json.loads((_HERE / f"{code}.json").read_text("utf-8"))
    stemming = given["stemmer"]
    return Language(
        code=code,
        name=given["name"],
        stemming=stemming,
        denials=frozenset(stem(word, stemming) for word in given["not"]),
        only=frozenset(stem(word, stemming) for word in given["only"]),
        conjunctions=frozenset(given["but"]),
        common=frozenset(plain(word) for word in given["common"]),
        themes={key: ReadyTheme(**theme) for key, theme in given["themes"].items()},
    )


@cache
def ready_themes() -> Sequence[str]:
    """The keys of the ready themes, in their order."""
    return tuple(languages()[FIRST].themes)


def language_of(locale: str, comment: str) -> str:
    """The answer's own language, unless the comment's small words clearly say another; empty for none of ours."""
    own, counts = own_language(locale), small_words(comment)
    best = max(counts, key=lambda code: counts[code])
    if own in counts:
        return best if counts[best] - counts[own] >= SURE else own
    return best if counts[best] >= SURE else ""


def own_language(locale: str) -> str:
    tag = locale.strip().replace("_", "-").lower().split("-")[0]
    return SAME_AS.get(tag, tag)


def small_words(comment: str) -> Mapping[str, int]:
    """How many small words of each of our languages it holds."""
    said = {word.plain for word in words(comment, languages()[FIRST].stemming)}
    return {code: len(said & one.common) for code, one in languages().items()}
