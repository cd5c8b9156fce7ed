"""The arithmetic of NPS: pure, no I/O. A figure cannot be made without what it takes to believe it."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from plugin.errors import Problem
from plugin.periods import Period
from plugin.touchpoints.rules import NPS

# The kinds whose answers are NPS; any other measure has a name and figures of its own.
NPS_KINDS = NPS
# With fewer the interval spans more than half of the scale unless all say the same, and who of so few said what is
# easily guessed. From here on it holds the truth in 95 of 100 cases on average (bench/intervals.py).
LEAST = 5
CONFIDENCE = 0.95
Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
# Added to promoters, passives and detractors before the interval is computed.
PSEUDO = (0.75, 1.5, 0.75)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many answers of each category."""

    promoters: int = 0
    passives: int = 0
    detractors: int = 0

    def __post_init__(self) -> None:
        if min(self.promoters, self.passives, self.detractors) < 0:
            raise ValueError("A count is not below zero.")

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.promoters + other.promoters,
            self.passives + other.passives,
            self.detractors + other.detractors,
        )

    @property
    def n(self) -> int:
        return self.promoters + self.passives + self.detractors


@dataclass(frozen=True, slots=True)
class Interval:
    """From *low* to *high*, in points, at 95 % confidence."""

    low: float
    high: float

    def holds(self, points: float) -> bool:
        return self.low <= points <= self.high


@dataclass(frozen=True, slots=True)
class ResponseRate:
    """What became of those who were asked in the period: *answered* of those who were *reached*."""

    answered: int
    reached: int

    @property
    def percent(self) -> float | None:
        """``None`` where nobody was reached."""
        return 100 * self.answered / self.reached if self.reached else None


@dataclass(frozen=True, slots=True)
class Estimate:
    """Where the true score probably lies: a centre in points, and its variance."""

    centre: float
    variance: float

    def within(self, most: float) -> Interval:
        """The interval, cut at what is possible: -*most* to *most*."""
        half = Z * sqrt(self.variance)
        return Interval(max(-most, self.centre - half), min(most, self.centre + half))


def estimate(counts: Counts) -> Estimate:
    """The adjusted Wald estimate of Rocks (2016), "Interval Estimation for the Net Promoter Score", The American
    Statistician 70(4), 365-372 (arXiv:1601.07235): 3/4, 3/2 and 3/4 of an answer are added to promoters, passives
    and detractors. Of the methods compared there it keeps its word best with few answers and with lopsided ones, where
    the plain interval is far too narrow: it has no width at all when everybody is a promoter."""
    added = [
        count + more
        for count, more in zip(
            (counts.promoters, counts.passives, counts.detractors), PSEUDO, strict=True
        )
    ]
    size = sum(added)
    promoters, detractors = added[0] / size, added[2] / size
    score = promoters - detractors
    return Estimate(100 * score, 100**2 * (promoters + detractors - score**2) / size)


@dataclass(frozen=True, slots=True)
class Figure:
    """NPS of one kind in one period. Raises ``Problem``: ``too_few_answers`` below ``LEAST``, ``kinds_mixed`` for
    what is not one kind of NPS. *erased* is how many of the answers are of people who are erased by now."""

    kind: str
    period: Period
    counts: Counts
    response_rate: ResponseRate
    erased: int = 0

    def __post_init__(self) -> None:
        if self.kind not in NPS_KINDS:
            raise Problem("kinds_mixed", f"NPS is of one kind: {' or '.join(NPS_KINDS)}.")
        if self.n < LEAST:
            raise Problem("too_few_answers", too_few(self.n))

    @property
    def n(self) -> int:
        return self.counts.n

    @property
    def nps(self) -> float:
        """Per cent promoters minus per cent detractors: -100 to 100 points."""
        return 100 * (self.counts.promoters - self.counts.detractors) / self.n

    @property
    def interval(self) -> Interval:
        return estimate(self.counts).within(100)


def too_few(n: int) -> str:
    had = "No answer" if not n else "One answer" if n == 1 else f"{n} answers"
    return f"{had}: a figure needs at least {LEAST}."


def tenth(points: float) -> float:
    """As figures are handed out: to a tenth, and never -0.0."""
    return round(points, 1) + 0.0
