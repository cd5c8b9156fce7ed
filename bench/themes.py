"""How well the ready themes are found in comments that no word was tuned on.

    python -m bench.themes [--part held_out|indirect|tuning] [--wrong]

Precision: of the themes given, how many a reader gives too. Recall: of those a reader gives, how many were found.
F1 is between the two. A comment may have several themes, or none.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from plugin.themes.rules import Book, ready

SETS = Path(__file__).parents[1] / "tests" / "themes" / "labelled"
PARTS = ("held_out", "indirect", "tuning")


@dataclass(frozen=True, slots=True)
class Comment:
    locale: str
    language: str
    comment: str
    themes: frozenset[str]


@dataclass(slots=True)
class Score:
    """*right* were found, *wrong* given without reason, *missed* not given."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(slots=True)
class Scores:
    overall: Score = field(default_factory=Score)
    languages: dict[str, Score] = field(default_factory=dict)
    themes: dict[str, Score] = field(default_factory=dict)
    wrong: list[tuple[Comment, frozenset[str]]] = field(default_factory=list)


def labelled(part: str) -> list[Comment]:
    lines = (SETS / f"{part}.jsonl").read_text("utf-8").splitlines()
    return [
        Comment(**(given | {"themes": frozenset(given["themes"])}))
        for given in map(json.loads, lines)
    ]


def measure(comments: Iterable[Comment]) -> Scores:
    book, scores = Book(ready()), Scores()
    for one in comments:
        given = frozenset(found.theme for found in book.read(one.comment, one.locale).found)
        for theme in given | one.themes:
            for score in _touched(scores, one.language, theme):
                score.right += theme in given & one.themes
                score.wrong += theme in given - one.themes
                score.missed += theme in one.themes - given
        if given != one.themes:
            scores.wrong.append((one, given))
    return scores


def _touched(scores: Scores, language: str, theme: str) -> Sequence[Score]:
    by_language = scores.languages.setdefault(language, Score())
    return scores.overall, by_language, scores.themes.setdefault(theme, Score())


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--part", choices=PARTS, default=PARTS[0])
    parser.add_argument("--wrong", action="store_true", help="list what differs (tuning part only)")
    args = parser.parse_args()
    if args.wrong and args.part != "tuning":
        parser.error("what is held out is not looked at: use --part tuning")
    comments = labelled(args.part)
    scores = measure(comments)
    _table("language", scores.languages, Counter(one.language for one in comments))
    _table("theme", scores.themes, Counter(theme for one in comments for theme in one.themes))
    _table("all", {"": scores.overall}, {"": len(comments)})
    for one, given in scores.wrong if args.wrong else ():
        print(one.language, sorted(one.themes), "->", sorted(given), "|", one.comment)


def _table(what: str, scores: Mapping[str, Score], counts: Mapping[str, int]) -> None:
    print(f"{what:<24}{'comments':>9}{'precision':>11}{'recall':>8}{'F1':>6}")
    for name, one in sorted(scores.items()):
        print(
            f"{name:<24}{counts.get(name, 0):>9}{one.precision:>11.2f}{one.recall:>8.2f}{one.f1:>6.2f}"
        )


if __name__ == "__main__":
    main()
