"""NPS by month, for each touchpoint and kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.engine import Connection

from plugin.figures.effect import Effect, difference
from plugin.figures.reading import Scope, Series, Tally, tallies
from plugin.figures.rules import LEAST, Figure
from plugin.periods import month, month_after

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """What the month that begins with the day *first* came to; ``figure`` is nothing where answers were too few."""

    first: date
    tally: Tally
    figure: Figure | None


@dataclass(frozen=True, slots=True)
class Trend:
    """The months of one touchpoint and kind, the oldest first."""

    series: Series
    months: Sequence[Month]

    @property
    def known(self) -> list[Month]:
        """Those that have a figure."""
        return [one for one in self.months if one.figure]

    @property
    def latest(self) -> Effect | None:
        """The last figure against the one before; nothing where there are no two."""
        figures = [one.figure for one in self.months if one.figure]
        return difference(*figures[-2:]) if len(figures) > 1 else None


def trends(connection: Connection, scope: Scope, last: date) -> list[Trend]:
    """Of every touchpoint and kind where anybody was reached or answered in the twelve months of which *last*
    begins the last one."""
    firsts = [month_after(last, -back) for back in reversed(range(MONTHS))]
    found = tallies(connection, scope, [month(first) for first in firsts])
    series = sorted({one for one, _ in found}, key=lambda one: (one.touchpoint, one.kind))
    return [
        Trend(
            one,
            [_month(one, first, found.get((one, at), Tally())) for at, first in enumerate(firsts)],
        )
        for one in series
    ]


def _month(series: Series, first: date, tally: Tally) -> Month:
    enough = tally.counts.n >= LEAST
    return Month(first, tally, tally.figure(series.kind, month(first)) if enough else None)
