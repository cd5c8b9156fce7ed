"""The arithmetic of satisfaction and effort: pure, no I/O. They are no NPS, and no two kinds make one figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from plugin.figures.rules import Z

SATISFIED = 4  # from here on, of 5


@dataclass(frozen=True, slots=True)
class Figure:
    """*value* of *n* answers; with 95 per cent confidence it lies between *low* and *high*, where that can be told."""

    n: int
    value: float
    low: float | None
    high: float | None


def csat(scores: Mapping[int, int]) -> Figure | None:
    """The share in per cent of those who are satisfied (4 or 5 of 5), with Wilson's interval. *scores*: how many
    gave each; ``None`` where nobody did."""
    n = sum(scores.values())
    if not n:
        return None
    share = sum(many for score, many in scores.items() if score >= SATISFIED) / n
    middle = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    wide = Z / (1 + Z**2 / n) * sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    return Figure(n, 100 * share, 100 * max(0.0, middle - wide), 100 * min(1.0, middle + wide))


def ces(scores: Mapping[int, int]) -> Figure | None:
    """The mean of 1 to 7, with Student's interval cut at the ends of the scale; one answer has none."""
    n = sum(scores.values())
    if not n:
        return None
    mean = sum(score * many for score, many in scores.items()) / n
    if n == 1:
        return Figure(n, mean, None, None)
    spread = sum(many * (score - mean) ** 2 for score, many in scores.items()) / (n - 1)
    wide = student(n - 1) * sqrt(spread / n)
    return Figure(n, mean, max(1.0, mean - wide), min(7.0, mean + wide))


def student(freedom: int) -> float:
    """The two-sided 95 per cent quantile of Student's distribution: exact for up to three degrees of freedom, else by
    Cornish and Fisher's expansion (Abramowitz and Stegun 26.7.5), right to a hundredth."""
    if freedom <= 3:
        return (12.7062, 4.3027, 3.1824)[freedom - 1]
    terms = (
        Z,
        (Z**3 + Z) / 4,
        (5 * Z**5 + 16 * Z**3 + 3 * Z) / 96,
        (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / 384,
    )
    return float(sum(term / freedom**power for power, term in enumerate(terms)))


FIGURES = {"csat": csat, "ces": ces}
