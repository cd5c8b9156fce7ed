"""What people's corrections teach: a word that speaks for a theme, a phrase that no longer does.

Nothing is learned from fewer than three corrections, and a correction itself is never changed by what was learned."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.answers.store import answer, counted
from plugin.themes.languages import language_of, languages
from plugin.themes.rules import Book, Lessons, Theme
from plugin.themes.store import answer_theme, by_person
from plugin.themes.text import words

ENOUGH = 3  # corrections that a lesson needs
CLEAR = 2.0  # log-odds: about seven times as frequent as elsewhere
SHORTEST = 4  # letters of a word that may speak
CORRECTIONS = 1_000  # the newest, that teach
ELSEWHERE = 500  # comments to compare with


@dataclass(frozen=True, slots=True)
class Lesson:
    """*word* speaks for *theme*, or the phrase *word* no longer does. *corrections* taught it; *weight* is in log-odds,
    below zero for a phrase that fell silent."""

    theme: str
    language: str
    word: str
    corrections: int
    weight: float
    stem: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One correction: *has* is what the person said."""

    theme: str
    has: bool
    language: str
    comment: str


def stamp(connection: Connection) -> str:
    """Another one whenever what people corrected is another."""
    last = sa.func.max(answer_theme.c.at)
    return "{} {}".format(
        *connection.execute(sa.select(sa.func.count(), last).where(by_person)).one()
    )


def book(connection: Connection, themes: Sequence[Theme]) -> Book:
    """The themes with what was learned about them."""
    learned = taught(connection, themes)
    speaks: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in learned:
        if one.stem:
            speaks[one.theme, one.language].add(one.stem)
    silent = frozenset((one.theme, one.language, one.word) for one in learned if not one.stem)
    return Book(
        themes, Lessons({key: frozenset(v) for key, v in speaks.items()}, silent, stamp(connection))
    )


def taught(connection: Connection, themes: Sequence[Theme]) -> list[Lesson]:
    """All lessons, from what people corrected and the comments as they stand now."""
    said = [_said(row) for row in _corrections(connection)]
    if not said:
        return []
    elsewhere = _elsewhere(connection)
    keys = {theme.key for theme in themes}
    found = [*_speaking(said, elsewhere), *_silent(said, Book(themes))]
    return [lesson for lesson in found if lesson.theme in keys]


def _corrections(connection: Connection) -> Sequence[Row[Any]]:
    query: sa.Select[Any] = (
        sa.select(answer_theme.c.theme, answer_theme.c.has, answer.c.comment, answer.c.locale)
        .join(answer, answer.c.id == answer_theme.c.answer)
        .where(by_person, counted, answer.c.comment != "")
        .order_by(answer_theme.c.at.desc(), answer_theme.c.answer, answer_theme.c.theme)
        .limit(CORRECTIONS)
    )
    return connection.execute(query).all()


def _said(row: Any) -> Said:
    return Said(row.theme, row.has, language_of(row.locale, row.comment), row.comment)


def _elsewhere(connection: Connection) -> Mapping[str, Sequence[frozenset[str]]]:
    """The stems of other comments, by language: those nobody corrected."""
    corrected = sa.exists().where(answer_theme.c.answer == answer.c.id, by_person)
    rows = connection.execute(
        sa.select(answer.c.comment, answer.c.locale)
        .where(counted, answer.c.comment != "", ~corrected)
        .order_by(answer.c.id.desc())
        .limit(ELSEWHERE)
    )
    found: dict[str, list[frozenset[str]]] = defaultdict(list)
    for row in rows:
        code = language_of(row.locale, row.comment)
        found[code].append(frozenset(telling(row.comment, code)))
    return found


def telling(comment: str, code: str) -> dict[str, str]:
    """The stems of the words that may tell something, with the word as it was written."""
    if code not in languages():
        return {}
    one = languages()[code]
    return {
        word.stem: word.text.casefold()
        for word in words(comment, one.stemming)
        if not word.text[0].isdigit()
        and len(word.plain) >= SHORTEST
        and word.plain not in one.common
        and word.stem not in one.denials
    }


def _speaking(
    said: Sequence[Said], elsewhere: Mapping[str, Sequence[frozenset[str]]]
) -> Iterable[Lesson]:
    for (theme, code), ones in _grouped(said).items():
        added = [telling(one.comment, code) for one in ones if one.has]
        removed = Counter(
            stem for one in ones if not one.has for stem in telling(one.comment, code)
        )
        others = elsewhere.get(code, [])
        for stem, many in Counter(stem for one in added for stem in one).items():
            weight = _log_odds(many, len(added)) - _log_odds(
                sum(stem in one for one in others), len(others)
            )
            if many - removed[stem] >= ENOUGH and weight >= CLEAR:
                shown = next(one[stem] for one in added if stem in one)
                yield Lesson(theme, code, shown, many, weight, stem)


def _silent(said: Sequence[Said], plain: Book) -> Iterable[Lesson]:
    for (theme, code), ones in _grouped(said).items():
        kept: Counter[str] = Counter()
        taken: Counter[str] = Counter()
        for one in ones:
            (kept if one.has else taken).update(plain.phrases_in(one.comment, code, theme))
        for phrase, many in taken.items():
            weight = log((kept[phrase] + 0.5) / (many + 0.5))
            if many >= ENOUGH and weight <= -CLEAR / 2:
                yield Lesson(theme, code, phrase, many, weight)


def _grouped(said: Sequence[Said]) -> Mapping[tuple[str, str], Sequence[Said]]:
    groups: dict[tuple[str, str], list[Said]] = defaultdict(list)
    for one in said:
        if one.language:
            groups[one.theme, one.language].append(one)
    return groups


def _log_odds(many: int, of: int) -> float:
    return log((many + 0.5) / (of - many + 0.5))
