"""Did it help? Differences of figures with what is known of chance: pure, no I/O."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import TypeAlias

from plugin.errors import Problem
from plugin.figures.rules import Figure, Interval, estimate

# Stricter than a figure's: many changes are looked at, and of a hundred that did nothing five would else look good.
CONFIDENCE = 0.98
Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
Term: TypeAlias = tuple[int, Figure]  # 1 or -1, and what is added or taken away


@dataclass(frozen=True, slots=True)
class Effect:
    """A difference in *points* with its *interval*; *compared*: what happened elsewhere meanwhile is taken off."""

    points: float
    interval: Interval
    compared: bool = False

    @property
    def claimed(self) -> bool:
        return not self.interval.holds(0)

    @property
    def sentence(self) -> str:
        sure = f"{100 * CONFIDENCE:.0f} % interval: {_said(self.interval.low)} to {_said(self.interval.high)}"
        if not self.claimed:
            words = f"No effect can be claimed: the difference of {_said(self.points)} points may be chance"
        elif self.compared:
            way = "better" if self.points > 0 else "worse"
            words = f"NPS went {_said(abs(self.points))} points {way} than in the comparison group"
        else:
            way = "higher" if self.points > 0 else "lower"
            words = f"NPS is {_said(abs(self.points))} points {way} than before"
        return f"{words} ({sure})."


def difference(before: Figure, after: Figure) -> Effect:
    """What *after* has more than *before*; two groups of one period are compared in the same way. Raises
    ``Problem("kinds_mixed")``."""
    return Effect(*_combined([(1, after), (-1, before)], most=200))


def compared(before: Figure, after: Figure, other_before: Figure, other_after: Figure) -> Effect:
    """The difference in differences: how much more changed here than where nothing was done, so that what happened
    to everybody is in neither. Raises ``Problem("kinds_mixed")``."""
    terms = [(1, after), (-1, before), (-1, other_after), (1, other_before)]
    return Effect(*_combined(terms, most=400), compared=True)


def _combined(terms: Sequence[Term], most: float) -> tuple[float, Interval]:
    """The sum, and its interval from the adjusted estimates, as Agresti and Caffo (2000, The American Statistician
    54(4), 280-288) do it for two proportions: with few answers it errs on the side of claiming nothing. It is
    widened to the sum itself where that lies outside, as it may with a handful of answers that all say the same."""
    if len({figure.kind for _, figure in terms}) != 1:
        raise Problem("kinds_mixed", "Figures of different kinds cannot be compared.")
    points = sum(sign * figure.nps for sign, figure in terms)
    parts = [(sign, estimate(figure.counts)) for sign, figure in terms]
    centre = sum(sign * part.centre for sign, part in parts)
    half = Z * sqrt(sum(part.variance for _, part in parts))
    low, high = max(-most, centre - half), min(most, centre + half)
    return points, Interval(min(low, points), max(high, points))


def _said(points: float) -> str:
    """To a tenth: "4.0", "\N{MINUS SIGN}6.2"."""
    return f"{points + 0.0:.1f}".replace("-0.0", "0.0").replace("-", "\N{MINUS SIGN}")
