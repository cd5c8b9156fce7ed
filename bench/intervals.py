"""Whether the interval of an NPS keeps its word: ``python -m bench.intervals [--rounds N] [--seed S]``.

For several shapes of a base of customers, and several numbers of answers, answers are drawn at random and the share of
the intervals is counted that hold the true score: 95 % is meant. The plain (Wald) interval is printed beside it, which
is what most reports show. Exit 1 when the mean or the least is under its bar: with few answers there are few intervals
to be had, so for a single shape it is sometimes a little too narrow and sometimes too wide.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Sequence
from math import sqrt
from statistics import mean

from bench.support.figures import say
from plugin.figures.rules import LEAST, Counts, Z, estimate

# Shares of promoters, passives and detractors.
SHAPES = {
    "even": (0.34, 0.33, 0.33),
    "usual": (0.5, 0.3, 0.2),
    "divided": (0.48, 0.04, 0.48),
    "pleased": (0.8, 0.15, 0.05),
    "delighted": (0.95, 0.04, 0.01),
    "angry": (0.03, 0.12, 0.85),
    "lukewarm": (0.05, 0.9, 0.05),
}
SIZES = (LEAST, 7, 10, 20, 50, 200, 1000)
MEAN, LEAST_OF_ALL = 0.94, 0.87


def drawn(shape: tuple[float, float, float], size: int, dice: random.Random) -> Counts:
    """*size* answers of a base of that shape."""
    found = Counter(dice.choices(range(3), shape, k=size))
    return Counts(found[0], found[1], found[2])


def coverage(
    shape: tuple[float, float, float], size: int, rounds: int, dice: random.Random
) -> tuple[float, float]:
    """The share of intervals that hold the truth: ours, and the plain ones."""
    truth = 100 * (shape[0] - shape[2])
    ours = plain = 0
    for _ in range(rounds):
        counts = drawn(shape, size, dice)
        ours += estimate(counts).within(100).holds(truth)
        plain += _plain(counts, truth)
    return ours / rounds, plain / rounds


def _plain(counts: Counts, truth: float) -> bool:
    promoters, detractors = counts.promoters / counts.n, counts.detractors / counts.n
    score = promoters - detractors
    half = Z * sqrt((promoters + detractors - score**2) / counts.n)
    return abs(truth / 100 - score) <= half


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.intervals", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5000, help="samples of each shape and size")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    dice, seen = random.Random(given.seed), list[float]()
    for name, shape in SHAPES.items():
        for size in SIZES:
            ours, plain = coverage(shape, size, given.rounds, dice)
            say(f"{name}, {size} answers (plain interval: {plain:.1%})", f"{ours:.1%}")
            seen.append(ours)
    say("coverage, mean", f"{mean(seen):.1%}", f"{MEAN:.0%} or more")
    say("coverage, least", f"{min(seen):.1%}", f"{LEAST_OF_ALL:.0%} or more")
    return int(mean(seen) < MEAN or min(seen) < LEAST_OF_ALL)


if __name__ == "__main__":
    sys.exit(main())
