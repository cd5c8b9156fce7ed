"""Whether an effect is found where there is one, and none where there is none: ``python -m bench.effect [--runs N]``.

Customers answer before and after a change, and so does a comparison group that nobody told. In each run the answers
are drawn anew; meanwhile something happens to everybody. Printed is in how many runs the interval holds the effect that
was put in, and in how many an effect is claimed where none was. Exit 1 when a figure misses its bar.
"""

import argparse
import random
import sys
from collections.abc import Callable, Sequence

from bench.intervals import drawn
from bench.support.figures import say
from plugin.figures.effect import Effect, compared, difference
from plugin.figures.rules import Figure, ResponseRate
from plugin.periods import ALWAYS

Shape = tuple[float, float, float]
BEFORE: Shape = (0.40, 0.30, 0.30)
SIZES = (20, 60, 300)
EFFECTS = (0.0, 12.0, 30.0)
WEATHER = 8.0  # points that everybody gains meanwhile, changed or not
RECOVERED, CLAIMED = 0.95, 0.05


def moved(shape: Shape, points: float) -> Shape:
    """As many points more: half of it detractors won over, half passives become promoters."""
    half = points / 200
    return shape[0] + half, shape[1], shape[2] - half


def alone(points: float, size: int, dice: random.Random) -> Effect:
    """Before and after; nothing else happened."""
    return difference(_figure(BEFORE, size, dice), _figure(moved(BEFORE, points), size, dice))


def with_comparison(points: float, size: int, dice: random.Random) -> Effect:
    """The same beside a group that only what happens to everybody happens to."""
    after, other = moved(BEFORE, WEATHER + points), moved(BEFORE, WEATHER)
    sides = (BEFORE, after, BEFORE, other)
    return compared(*(_figure(shape, size, dice) for shape in sides))


def _figure(shape: Shape, size: int, dice: random.Random) -> Figure:
    return Figure("relational", ALWAYS, drawn(shape, size, dice), ResponseRate(size, 2 * size))


WAYS: dict[str, Callable[[float, int, random.Random], Effect]] = {
    "before and after": alone,
    "with a comparison group": with_comparison,
}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.effect", description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    dice, missed = random.Random(given.seed), False
    for name, way in WAYS.items():
        for size in SIZES:
            for points in EFFECTS:
                effects = [way(points, size, dice) for _ in range(given.runs)]
                held = sum(one.interval.holds(points) for one in effects) / given.runs
                claimed = sum(one.claimed for one in effects) / given.runs
                what = f"{name}, {size} answers each, effect {points:.0f}"
                say(f"{what}: recovered", f"{held:.1%}", f"{RECOVERED:.0%} or more")
                say(
                    f"{what}: claimed", f"{claimed:.1%}", "" if points else f"{CLAIMED:.0%} or less"
                )
                missed |= held < RECOVERED or (not points and claimed > CLAIMED)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
