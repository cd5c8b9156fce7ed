"""Which themes a comment is about, and by which words: pure, no I/O."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from plugin.themes.languages import Language, language_of, languages, ready_themes, small_words
from plugin.themes.phrases import Finder, Hit, parse
from plugin.themes.text import Word, words

REACH = 3  # words between a "not" and what it denies
WORDS_MOST = 8  # shown for one theme of one answer


@dataclass(frozen=True, slots=True)
class Theme:
    """*names* and *words* by language; those of a ready theme come before the company's own words."""

    key: str
    names: Mapping[str, str]
    words: Mapping[str, Sequence[str]]
    ready: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One theme of one comment. *by* is ``rule`` or ``learned``; *words* are the customer's."""

    theme: str
    by: str
    words: Sequence[str]


@dataclass(frozen=True, slots=True)
class Lessons:
    """What corrections taught, by language: a stem that speaks for a theme, a phrase that no longer does."""

    speaks: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    silent: frozenset[tuple[str, str, str]] = frozenset()
    stamp: str = ""  # of the corrections they came from


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in a comment; *language* is empty where it is none of ours."""

    language: str
    found: Sequence[Found]


class Book:
    """The themes that are on, and what was learned, ready to read comments. *edition* changes with any of it."""

    def __init__(self, themes: Sequence[Theme], lessons: Lessons | None = None) -> None:
        self._lessons = lessons or Lessons()
        self._finders = {code: _finder(code, _written(code, themes)) for code in languages()}
        self._on = {theme.key for theme in themes}
        self.edition = _edition(themes, self._lessons)

    def read(self, comment: str, locale: str = "") -> Reading:
        read = self._read(comment, language_of(locale, comment))
        if read.found or small_words(comment).get(read.language):
            return read
        # Two or three words say little of their language: whichever knows them.
        others = [self._read(comment, code) for code in languages() if code != read.language]
        best = max(others, key=lambda one: len(one.found))
        return best if best.found else read

    def phrases_in(self, comment: str, language: str, theme: str) -> frozenset[str]:
        """The phrases by which the rules give *theme* to a comment in that language."""
        hits = self._hits(self._words(comment, languages()[language]), languages()[language])
        return frozenset(hit.phrase.written for hit in hits if hit.phrase.theme == theme)

    def _read(self, comment: str, code: str) -> Reading:
        if not code:
            return Reading("", [])
        text = self._words(comment, languages()[code])
        found = self._by_rule(text, languages()[code])
        learned = self._learned(text, code, set(found))
        return Reading(
            code,
            [Found(theme, "rule", said) for theme, said in found.items()]
            + [Found(theme, "learned", said) for theme, said in learned.items()],
        )

    def _words(self, comment: str, language: Language) -> list[Word]:
        return words(comment, language.stemming, language.conjunctions)

    def _hits(self, text: Sequence[Word], language: Language) -> list[Hit]:
        found = self._finders[language.code].hits(text)
        return [hit for hit in found if not denied(text, hit, language)]

    def _by_rule(self, text: Sequence[Word], language: Language) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for hit in self._hits(text, language):
            key = hit.phrase.theme
            if (key, language.code, hit.phrase.written) in self._lessons.silent:
                continue
            said = " ".join(word.text for word in text[hit.first : hit.last + 1])
            kept = found.setdefault(key, [])
            if said not in kept and len(kept) < WORDS_MOST:
                kept.append(said)
        return found

    def _learned(self, text: Sequence[Word], code: str, known: set[str]) -> dict[str, list[str]]:
        said = {word.stem: word.text for word in text}
        found = {}
        for (theme, language), stems in self._lessons.speaks.items():
            if language == code and theme in self._on - known and (heard := stems & said.keys()):
                found[theme] = sorted(said[one] for one in heard)[:WORDS_MOST]
        return found


def denied(text: Sequence[Word], hit: Hit, language: Language) -> bool:
    """Whether a "not" stands shortly before it in the same clause: not slow, inte alls dyrt. A phrase that holds a
    "not" itself means it."""
    if hit.phrase.denies:
        return False
    for at in range(max(0, hit.first - REACH), hit.first):
        same = text[at].clause == text[hit.first].clause
        if same and text[at].stem in language.denials and text[at + 1].stem not in language.only:
            return True
    return False


def ready() -> list[Theme]:
    """The themes that come with the product."""
    return [
        Theme(
            key,
            {code: one.themes[key].name for code, one in languages().items()},
            {code: one.themes[key].words for code, one in languages().items()},
            ready=True,
        )
        for key in ready_themes()
    ]


def _written(code: str, themes: Sequence[Theme]) -> tuple[tuple[str, str], ...]:
    return tuple((theme.key, phrase) for theme in themes for phrase in theme.words.get(code, ()))


@lru_cache(24)
def _finder(code: str, written: tuple[tuple[str, str], ...]) -> Finder:
    """Kept, because all languages take 40 ms to prepare, and a correction changes no phrase."""
    language = languages()[code]
    return Finder(
        parse(theme, phrase, language.stemming, language.denials, language.common)
        for theme, phrase in written
    )


def _edition(themes: Sequence[Theme], lessons: Lessons) -> str:
    """By the corrections, not by what came of them: that depends a little on when it was worked out, and two workers
    must not read each other's comments again for ever."""
    words = {
        theme.key: {code: list(said) for code, said in theme.words.items()} for theme in themes
    }
    told = json.dumps([words, lessons.stamp], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]
