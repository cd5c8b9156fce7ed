"""A comment as words: cut at pauses, without endings and accents, so that how it was typed matters little."""

import re
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from snowballstemmer import stemmer

_PARTS = re.compile(
    r"(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)|(?P<number>\d+(?:[.,:]\d+)*)"
    r"|(?P<end>[.!?…\n]+)|(?P<pause>[,;:()\"]|\s[-–—]\s|—)"
)
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'"})
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "đ": "d", "ł": "l"})


@dataclass(frozen=True, slots=True)
class Word:
    """*plain* is the whole word without accents, *stem* that without its ending. Words of one *clause* stand between
    two pauses, those of one *sentence* between two full stops."""

    text: str
    plain: str
    stem: str
    clause: int
    sentence: int


def words(text: str, stemming: str, conjunctions: frozenset[str] = frozenset()) -> list[Word]:
    """The words of *text*, numbers among them. *stemming* is Snowball's name of the language; a conjunction (but)
    begins a clause."""
    return list(_cut(unicodedata.normalize("NFKC", text), stemming, conjunctions))


def _cut(text: str, stemming: str, conjunctions: frozenset[str]) -> Iterator[Word]:
    clause = sentence = 0
    for found in _PARTS.finditer(text.translate(_APOSTROPHES)):
        kind, shown = str(found.lastgroup), found.group()
        if kind in ("end", "pause"):
            clause += 1
            sentence += kind == "end"
            continue
        word = shown.casefold()
        clause += word in conjunctions
        if kind == "number":
            yield Word(shown, shown, shown, clause, sentence)
        else:
            yield Word(shown, plain(word), stem(word, stemming), clause, sentence)


@lru_cache(50_000)
def stem(word: str, stemming: str) -> str:
    """Without its ending and its accents."""
    return plain(_stemmers.of(stemming).stemWord(word))


@lru_cache(50_000)
def plain(word: str) -> str:
    """Without accents: å is a, ø is o."""
    apart = unicodedata.normalize("NFD", word.translate(_LETTERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


class _Stemmers(threading.local):
    """One of each language for each thread: a stemmer holds the word it works on."""

    def of(self, stemming: str) -> "stemmer":
        known = self.__dict__.setdefault("known", {})
        if stemming not in known:
            from snowballstemmer import stemmer  # with the first comment: it is thirty languages

            known[stemming] = stemmer(stemming)
        return known[stemming]


_stemmers = _Stemmers()
