"""Phrases as administrators write them, and where they stand in a comment.

``slow reply`` are two words beside each other, whatever their endings. ``slow/late reply`` allows either word,
``slow ... reply`` up to four words between, ``deliver*`` any word that begins so, ``*invoice`` any that ends so.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from plugin.themes.text import Word, plain, stem

GAP = 4  # words that "..." may stand for
SHORTEST = 3  # letters before or after a star
TYPO_FROM = 7  # letters of a word in which one may be wrong
STEM_FROM = 6  # letters of its stem


@dataclass(frozen=True, slots=True)
class Slot:
    """One word of a phrase: one of these stems, beginnings or endings, at most *gap* words after the one before."""

    stems: frozenset[str]
    beginnings: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    gap: int = 0

    def fits(self, word: Word) -> bool:
        return (
            word.stem in self.stems
            or (bool(self.beginnings) and word.plain.startswith(self.beginnings))
            or (bool(self.endings) and word.plain.endswith(self.endings))
        )


@dataclass(frozen=True, slots=True)
class Phrase:
    theme: str
    written: str
    slots: tuple[Slot, ...]
    denies: bool = False  # it holds a "not" itself


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a phrase stands: the words from *first* to *last*."""

    phrase: Phrase
    first: int
    last: int


def parse(
    theme: str,
    written: str,
    stemming: str,
    denials: frozenset[str],
    common: frozenset[str] = frozenset(),
) -> Phrase:
    """*common* are the language's small words. Raises ``ValueError`` for one without words, or with less than three
    letters at a star."""
    slots: list[Slot] = []
    gap = 0
    for part in written.casefold().replace("’", "'").split():
        if part in ("...", "…"):
            gap = GAP
            continue
        slots.append(_slot(part, stemming, common, gap))
        gap = 0
    if not slots:
        raise ValueError("A phrase needs a word.")
    denies = any(slot.stems & denials for slot in slots)
    return Phrase(theme, written, tuple(slots), denies)


def _slot(part: str, stemming: str, common: frozenset[str], gap: int) -> Slot:
    stems, beginnings, endings = set(), [], []
    for word in filter(None, part.split("/")):
        bare = plain(word.strip("*"))
        if "*" in word and (len(bare) < SHORTEST or "*" in bare):
            raise ValueError("A star needs at least three letters before or after it.")
        if word.endswith("*"):
            beginnings.append(bare)
        elif word.startswith("*"):
            endings.append(bare)
        elif (root := stem(word, stemming)) in common and root != bare:
            beginnings.append(bare)  # Swedish varor (goods) is no var (was), whose stem it has
        else:
            stems.add(root)
    if not (stems or beginnings or endings):
        raise ValueError("A phrase needs a word.")
    return Slot(frozenset(stems), tuple(beginnings), tuple(endings), gap)


class Finder:
    """Many phrases of one language, looked up by how their first word may look."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._stems: dict[str, list[Phrase]] = defaultdict(list)
        self._beginnings: dict[str, list[Phrase]] = defaultdict(list)
        self._endings: dict[str, list[Phrase]] = defaultdict(list)
        self.known: set[str] = set()
        for phrase in phrases:
            self._add(phrase)
        self._typos = {hole: whole for whole in self.known for hole in _holes(whole)}

    def _add(self, phrase: Phrase) -> None:
        first = phrase.slots[0]
        for one in first.stems:
            self._stems[one].append(phrase)
        for one in {beginning[:SHORTEST] for beginning in first.beginnings}:
            self._beginnings[one].append(phrase)
        for one in {ending[-SHORTEST:] for ending in first.endings}:
            self._endings[one].append(phrase)
        for slot in phrase.slots:
            self.known |= slot.stems

    def hits(self, text: Sequence[Word]) -> Iterator[Hit]:
        read = [self._meant(word) for word in text]
        for at, word in enumerate(read):
            for phrase in self._candidates(word):
                if phrase.slots[0].fits(word):
                    last = _end(phrase.slots, read, at)
                    if last is not None:
                        yield Hit(phrase, at, last)

    def _candidates(self, word: Word) -> Iterator[Phrase]:
        yield from self._stems.get(word.stem, ())
        yield from self._beginnings.get(word.plain[:SHORTEST], ())
        yield from self._endings.get(word.plain[-SHORTEST:], ())

    def _meant(self, word: Word) -> Word:
        """The word itself, or the one it means with one letter wrong, missing or too much, never the first."""
        if len(word.plain) < TYPO_FROM or word.stem in self.known:
            return word
        meant = next((self._typos[hole] for hole in _holes(word.stem) if hole in self._typos), None)
        if meant is None or abs(len(meant) - len(word.stem)) > 1:
            return word
        return Word(word.text, word.plain, meant, word.clause, word.sentence)


def _holes(word: str) -> Iterator[str]:
    """The word, and it without one letter; nothing for a short one."""
    if len(word) >= STEM_FROM:
        yield word
        for at in range(1, len(word)):
            yield word[:at] + word[at + 1 :]


def _end(slots: Sequence[Slot], text: Sequence[Word], at: int) -> int | None:
    """Where the phrase that begins at *at* ends, if it stands there, in one sentence."""
    if len(slots) == 1:
        return at
    following = slots[1]
    for after in range(at + 1, min(at + 2 + following.gap, len(text))):
        if text[after].sentence != text[at].sentence:
            return None
        if following.fits(text[after]):
            last = _end(slots[1:], text, after)
            if last is not None:
                return last
    return None
