"""Changes as points on a trend: where each stands, under which number."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.engine import Connection

from plugin.changes import reading
from plugin.changes.rules import Change
from plugin.figures.chart import Chart
from plugin.figures.trend import Trend

SHOWN = ("announced", "done")


@dataclass(frozen=True, slots=True)
class Mark:
    """*x* is where the change's day stands on the chart; *first* begins its month."""

    number: int
    x: float
    first: date
    change: Change


def shown(connection: Connection) -> list[Change]:
    """Those that have a day and are announced or done, the oldest day first."""
    dated = [one for one in reading.every(connection, states=SHOWN) if one.effective_on]
    return sorted(dated, key=lambda one: (one.effective_on or date.min, one.id))


def marks(trend: Trend, chart: Chart, changes: Sequence[Change]) -> list[Mark]:
    """Those of its touchpoint, and those that came everywhere, in the months of the trend."""
    places = {one.first: at for at, one in enumerate(trend.months)}
    here = [
        (one, one.effective_on)
        for one in changes
        if one.effective_on
        and one.effective_on.replace(day=1) in places
        and (not one.touchpoints or trend.series.touchpoint in one.touchpoints)
    ]
    return [
        Mark(number, _x(chart, places, day), day.replace(day=1), one)
        for number, (one, day) in enumerate(here, start=1)
    ]


def _x(chart: Chart, places: dict[date, int], day: date) -> float:
    each = (chart.right - chart.left) / len(places)
    passed = (day.day - 0.5) / monthrange(day.year, day.month)[1]
    return round(chart.left + (places[day.replace(day=1)] + passed) * each, 1)
