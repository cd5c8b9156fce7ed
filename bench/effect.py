"""Whether an effect is found where there is one, and none where there is none: ``python -m bench.effect [--runs N]``.

Customers answer before and after a change, and so does a comparison group where nothing was changed. In each run the
answers are drawn anew; meanwhile something happens to everybody. Printed is in how many runs the interval holds the
effect that was put in, and in how many an effect is claimed where none was. It is judged by what the effect page judges
with, and the last ones also go through a database, as that page reads it. Exit 1 when a figure misses its bar.
"""

import argparse
import random
import sys
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from bench.intervals import drawn
from bench.support.around import World, world
from bench.support.figures import say
from plugin.figures.effect import Effect
from plugin.figures.judging import Side, judged, window
from plugin.figures.reading import Tally

Shape = tuple[float, float, float]
BEFORE: Shape = (0.40, 0.30, 0.30)
SIZES = (20, 60, 300)
EFFECTS = (0.0, 12.0, 30.0)
WEATHER = 8.0  # points that everybody gains meanwhile, changed or not
RECOVERED, CLAIMED = 0.95, 0.05
SINCE = date(2026, 6, 1)


def moved(shape: Shape, points: float) -> Shape:
    """As many points more: half of it detractors won over, half passives become promoters."""
    half = points / 200
    return shape[0] + half, shape[1], shape[2] - half


def alone(points: float, size: int, dice: random.Random) -> Effect:
    """Before and after; nothing else happened."""
    return _judged(_side(BEFORE, moved(BEFORE, points), size, dice))


def with_comparison(points: float, size: int, dice: random.Random) -> Effect:
    """The same beside a group that only what happens to everybody happens to."""
    own = _side(BEFORE, moved(BEFORE, WEATHER + points), size, dice)
    return _judged(own, _side(BEFORE, moved(BEFORE, WEATHER), size, dice))


def through(here: World) -> Callable[[float, int, random.Random], Effect]:
    """The same as answers in the database, read as the page reads them."""

    def read(points: float, size: int, dice: random.Random) -> Effect:
        own = _side(BEFORE, moved(BEFORE, WEATHER + points), size, dice)
        return here.effect(own, _side(BEFORE, moved(BEFORE, WEATHER), size, dice))

    return read


def _side(before: Shape, after: Shape, size: int, dice: random.Random) -> Side:
    return Side(*(Tally(drawn(shape, size, dice)) for shape in (before, after)))


def _judged(own: Side, other: Side | None = None) -> Effect:
    around = window(SINCE, 30, SINCE + timedelta(days=60))
    assert around is not None
    effect = judged("relational", around, own, other).effect
    assert effect is not None
    return effect


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.effect", description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    dice, missed = random.Random(given.seed), False
    for name, way in {
        "before and after": alone,
        "with a comparison group": with_comparison,
    }.items():
        for size in SIZES:
            for points in EFFECTS:
                missed |= tried(name, way, size, points, given.runs, dice)
    with world(SINCE) as here:
        for points in EFFECTS:
            missed |= tried(
                "through the page's reading", through(here), 60, points, given.runs, dice
            )
    return int(missed)


def tried(
    name: str,
    way: Callable[[float, int, random.Random], Effect],
    size: int,
    points: float,
    runs: int,
    dice: random.Random,
) -> bool:
    """Prints both figures of one setting; whether one of them misses its bar."""
    effects = [way(points, size, dice) for _ in range(runs)]
    held = sum(one.interval.holds(points) for one in effects) / runs
    claimed = sum(one.claimed for one in effects) / runs
    what = f"{name}, {size} answers each, effect {points:.0f}"
    say(f"{what}: recovered", f"{held:.1%}", f"{RECOVERED:.0%} or more")
    say(f"{what}: claimed", f"{claimed:.1%}", "" if points else f"{CLAIMED:.0%} or less")
    return held < RECOVERED or (not points and claimed > CLAIMED)


if __name__ == "__main__":
    sys.exit(main())
