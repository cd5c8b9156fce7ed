"""A trend drawn: where its points and intervals stand. No script, no colour that means anything by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from plugin.figures.trend import Month, Trend

WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 8, 44, 12, 56  # room for the scale, and for the months and their counts
SCALE = (100, 50, 0, -50, -100)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the scale."""

    y: float
    points: int


@dataclass(frozen=True, slots=True)
class Spot:
    """One month: where it stands, and its figure's point with both ends of the interval, if it has one."""

    x: float
    month: Month
    y: float | None = None
    high: float = 0
    low: float = 0


@dataclass(frozen=True, slots=True)
class Chart:
    """*runs* are the points of months that follow each other: across a month without a figure there is no line."""

    lines: Sequence[Line]
    spots: Sequence[Spot]
    runs: Sequence[str]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    floor: int = HEIGHT - BOTTOM


def drawn(trend: Trend) -> Chart:
    each = (WIDTH - LEFT - RIGHT) / len(trend.months)
    spots = [_spot(LEFT + (at + 0.5) * each, one) for at, one in enumerate(trend.months)]
    return Chart([Line(height_of(points), points) for points in SCALE], spots, _runs(spots))


def height_of(points: float) -> float:
    """Where so many points stand, from the top."""
    return round(TOP + (100 - points) / 200 * (HEIGHT - TOP - BOTTOM), 1)


def _spot(x: float, month: Month) -> Spot:
    figure, x = month.figure, round(x, 1)
    if figure is None:
        return Spot(x, month)
    interval = figure.interval
    return Spot(x, month, height_of(figure.nps), height_of(interval.high), height_of(interval.low))


def _runs(spots: Sequence[Spot]) -> list[str]:
    grouped = [(seen, list(some)) for seen, some in groupby(spots, lambda one: one.y is not None)]
    return [
        " ".join(f"{one.x},{one.y}" for one in some) for seen, some in grouped if seen and some[1:]
    ]
