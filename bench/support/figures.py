"""How figures are printed: one a line, what it is, and the bar it is held against."""

from collections.abc import Sequence
from statistics import median

__all__ = ["median", "say", "spread"]


def say(what: str, figure: str, bar: str = "") -> None:
    print(f"{what:<64} {figure:>18}" + (f"   bar: {bar}" if bar else ""), flush=True)


def spread(values: Sequence[float], digits: int = 0, unit: str = "") -> str:
    """The median, and in brackets the least and the most."""
    low, mid, high = (f"{v:.{digits}f}" for v in (min(values), median(values), max(values)))
    return f"{mid}{unit} [{low}-{high}]"
