"""Where the points of a trend stand, and that no line leads over a month nobody knows."""

from datetime import date

from plugin.figures.chart import drawn, height_of
from plugin.figures.reading import Series, Tally
from plugin.figures.rules import Counts
from plugin.figures.trend import Month, Trend
from plugin.periods import month, month_after


def trend(*counts: Counts) -> Trend:
    months = []
    for at, one in enumerate(counts):
        first, tally = month_after(date(2026, 1, 1), at), Tally(one)
        figure = tally.figure("relational", month(first)) if one.n else None
        months.append(Month(first, tally, figure))
    return Trend(Series("yearly", "relational"), months)


FULL, NONE = Counts(5, 5, 5), Counts()


def test_points_stand_on_the_scale_with_their_interval_around_them() -> None:
    chart = drawn(trend(Counts(9, 0, 0), Counts(0, 0, 9)))
    best, worst = chart.spots
    assert (best.y, worst.y) == (height_of(100), height_of(-100))
    assert best.high == best.y < best.low
    assert worst.high < worst.y == worst.low
    assert chart.left < best.x < worst.x < chart.right
    assert worst.low <= chart.floor


def test_a_month_without_a_figure_breaks_the_line() -> None:
    chart = drawn(trend(FULL, FULL, NONE, FULL, NONE, FULL, FULL, FULL))
    assert [len(run.split()) for run in chart.runs] == [2, 3]
    assert [one.y is None for one in chart.spots].count(True) == 2
