"""New themes that the comments suggest: words and pairs of words that recur where no theme was found.

Nobody's name is suggested: words of the names and companies of those who wrote, e-mail addresses, web addresses and
numbers are left out, and so is what stands after Mr, Frau or Herr or is written like a name."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.answers.store import answer, counted
from plugin.people.store import person
from plugin.themes.languages import Language, languages
from plugin.themes.store import answer_theme, theme_reading
from plugin.themes.text import Word, plain, words

LOOKED_AT = 1_000  # the newest comments of each kind
PEOPLE = 4  # different ones who wrote it
CLEAR = 1.0  # log-odds: about three times as frequent as in the other comments
SHORTEST = 4  # letters
MOST = 12
ALIKE = 0.5  # of the comments that hold either, those that hold both
ADDRESS = re.compile(r"\S+@\S+|\b(?:https?://|www\.)\S+", re.IGNORECASE)
TITLES = frozenset(
    {"mr", "mrs", "ms", "miss", "dr", "herr", "frau", "fru", "hr", "fr", "froken", "rouva", "herra"}
)
NOUNS_ARE_CAPITAL = "de"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """*words* as they were written, the strongest first; *comments* are the ids of the answers that hold one."""

    language: str
    words: Sequence[str]
    comments: Sequence[str]
    weight: float


@dataclass(frozen=True, slots=True)
class _Comment:
    id: str
    person: str
    caught: bool
    terms: Mapping[str, str]  # by stem, or pair of stems: as written


@dataclass(frozen=True, slots=True)
class _Term:
    shown: str
    weight: float
    ids: frozenset[str]


def suggest(connection: Connection) -> list[Suggestion]:
    """The strongest first, of every language."""
    found: list[Suggestion] = []
    for code, comments in _by_language(connection).items():
        found += _groups(code, _recurring(comments))
    return sorted(found, key=lambda one: (-len(one.comments), one.words))[:MOST]


def _by_language(connection: Connection) -> Mapping[str, Sequence[_Comment]]:
    rows = [*_rows(connection, caught=False), *_rows(connection, caught=True)]
    names = {plain(part) for row in rows for part in _name_parts(row)}
    groups: dict[str, list[_Comment]] = defaultdict(list)
    for row in rows:
        terms = _terms(row.comment, languages()[row.language], names)
        groups[row.language].append(_Comment(row.id, row.person, row.caught, terms))
    return groups


def _rows(connection: Connection, *, caught: bool) -> Sequence[Row[Any]]:
    has = sa.exists().where(answer_theme.c.answer == answer.c.id, answer_theme.c.has)
    query: sa.Select[Any] = (
        sa.select(
            answer.c.id,
            answer.c.person,
            answer.c.comment,
            theme_reading.c.language,
            person.c.name,
            person.c.company_name,
            sa.literal(caught).label("caught"),
        )
        .join(theme_reading, theme_reading.c.answer == answer.c.id)
        .join(person, person.c.id == answer.c.person)
        .where(counted, answer.c.comment != "", has if caught else ~has)
        .where(theme_reading.c.language.in_(list(languages())))
        .order_by(answer.c.id.desc())
        .limit(LOOKED_AT)
    )
    return connection.execute(query).all()


def _name_parts(row: Any) -> Iterator[str]:
    for part in re.findall(r"[^\W\d_]+", f"{row.name or ''} {row.company_name or ''}"):
        yield part.casefold()


def _terms(comment: str, language: Language, names: set[str]) -> dict[str, str]:
    text = words(ADDRESS.sub(" . ", comment), language.stemming, language.conjunctions)
    kept = [word if _tells(text, at, language, names) else None for at, word in enumerate(text)]
    terms = {word.stem: word.text.casefold() for word in kept if word}
    for one, other in pairwise(kept):
        if one and other and one.clause == other.clause:
            terms[f"{one.stem} {other.stem}"] = f"{one.text} {other.text}".casefold()
    return terms


def _tells(text: Sequence[Word], at: int, language: Language, names: set[str]) -> bool:
    word = text[at]
    return (
        len(word.plain) >= SHORTEST
        and not word.text[0].isdigit()
        and word.plain not in names
        and word.plain.removesuffix("s") not in names
        and word.plain not in language.common
        and word.stem not in language.denials
        and not _like_a_name(text, at, language)
    )


def _like_a_name(text: Sequence[Word], at: int, language: Language) -> bool:
    """After a title, or with a capital inside a sentence; where all nouns have one, that says nothing."""
    inside = at > 0 and text[at - 1].sentence == text[at].sentence
    if inside and text[at - 1].plain in TITLES:
        return True
    first = text[at].text
    capital = first[0].isupper() and not (len(first) > 1 and first.isupper())
    return inside and capital and language.code != NOUNS_ARE_CAPITAL


def _recurring(comments: Sequence[_Comment]) -> list[_Term]:
    """Terms that several people wrote where nothing was caught, and that are rarer elsewhere."""
    holding: dict[str, list[_Comment]] = defaultdict(list)
    for one in comments:
        for term in one.terms:
            holding[term].append(one)
    without = sum(not one.caught for one in comments)
    found = []
    for term, ones in holding.items():
        here = [one for one in ones if not one.caught]
        if len({one.person for one in here}) < PEOPLE:
            continue
        elsewhere = len(ones) - len(here)
        weight = _log_odds(len(here), without) - _log_odds(elsewhere, len(comments) - without)
        if weight >= CLEAR:
            ids = frozenset(one.id for one in here)
            found.append(_Term(here[0].terms[term], weight, ids))
    return found


def _groups(code: str, terms: Iterable[_Term]) -> list[Suggestion]:
    """Terms that stand in much the same comments are one suggestion, a pair before its words."""
    groups: list[list[_Term]] = []
    for term in sorted(terms, key=lambda one: (-len(one.ids), -len(one.shown), one.shown)):
        group = next((g for g in groups if _alike(g[0].ids, term.ids)), None)
        groups.append([term]) if group is None else group.append(term)
    return [
        Suggestion(
            code,
            [one.shown for one in group][:5],
            sorted(frozenset().union(*(one.ids for one in group)), reverse=True),
            max(one.weight for one in group),
        )
        for group in groups
    ]


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= ALIKE * len(one | other)


def _log_odds(many: int, of: int) -> float:
    return log((many + 0.5) / (of - many + 0.5))
