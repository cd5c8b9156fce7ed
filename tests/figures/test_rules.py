"""The arithmetic: what an NPS and its interval may never be, whatever was answered."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from plugin.errors import Problem
from plugin.figures.rules import LEAST, Counts, Figure, ResponseRate, estimate, tenth
from plugin.periods import ALWAYS, Period, month, month_after

COUNT = st.integers(0, 5000)
COUNTS = st.builds(Counts, COUNT, COUNT, COUNT).filter(lambda counts: counts.n >= LEAST)
RATE = ResponseRate(10, 40)


def figure(counts: Counts, kind: str = "relational") -> Figure:
    return Figure(kind, ALWAYS, counts, RATE)


def mirrored(counts: Counts) -> Counts:
    return Counts(counts.detractors, counts.passives, counts.promoters)


@given(COUNTS)
def test_the_interval_holds_the_score_and_both_stay_on_the_scale(counts: Counts) -> None:
    found = figure(counts)
    assert -100 <= found.interval.low <= found.nps <= found.interval.high <= 100
    assert found.interval.low < found.interval.high


@given(COUNTS)
def test_who_is_pleased_and_who_is_not_may_change_places(counts: Counts) -> None:
    one, other = figure(counts), figure(mirrored(counts))
    assert one.nps == pytest.approx(-other.nps)
    assert one.interval.low == pytest.approx(-other.interval.high)


@given(COUNTS)
def test_a_detractor_won_over_lifts_the_score_and_both_ends(counts: Counts) -> None:
    assume(counts.detractors)
    better = Counts(counts.promoters, counts.passives + 1, counts.detractors - 1)
    assert figure(better).nps > figure(counts).nps
    assert estimate(better).centre > estimate(counts).centre


@given(COUNTS, st.integers(2, 50))
def test_more_answers_of_the_same_kind_never_widen_it(counts: Counts, times: int) -> None:
    many = Counts(
        *(times * count for count in (counts.promoters, counts.passives, counts.detractors))
    )
    one, other = figure(counts).interval, figure(many).interval
    assert figure(many).nps == pytest.approx(figure(counts).nps)
    assert other.high - other.low < one.high - one.low


@pytest.mark.parametrize(
    ("counts", "nps", "low", "high"),
    [
        (Counts(50, 26, 20), 31.2, 14.7, 45.9),
        (Counts(5, 0, 0), 100.0, 17.5, 100.0),
        (Counts(0, 5, 0), 0.0, -30.0, 30.0),
        (Counts(300, 300, 400), -10.0, -15.1, -4.8),
    ],
)
def test_figures_worked_out_by_hand(counts: Counts, nps: float, low: float, high: float) -> None:
    found = figure(counts)
    assert (tenth(found.nps), tenth(found.interval.low), tenth(found.interval.high)) == (
        nps,
        low,
        high,
    )


def test_there_is_no_figure_of_too_few() -> None:
    with pytest.raises(Problem, match="too_few_answers: 4 answers: a figure needs at least 5"):
        figure(Counts(2, 1, 1))
    assert figure(Counts(3, 1, 1)).n == 5


@pytest.mark.parametrize("kind", ["", "csat", "ces", "relational,transactional"])
def test_there_is_no_figure_of_anything_but_one_kind(kind: str) -> None:
    with pytest.raises(Problem, match="kinds_mixed"):
        figure(Counts(10, 10, 10), kind)


def test_a_figure_has_all_that_it_takes_to_believe_it() -> None:
    with pytest.raises(TypeError):
        Figure("relational", ALWAYS, Counts(10, 10, 10))  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="below zero"):
        Counts(10, -1, 10)
    assert ResponseRate(0, 0).percent is None
    assert ResponseRate(1, 4).percent == 25


def test_a_month_is_whole_or_touched_or_neither() -> None:
    may = month(date(2026, 5, 1))
    assert (may.until, month_after(date(2026, 12, 1)), month_after(date(2026, 1, 1), -1)) == (
        date(2026, 5, 31),
        date(2027, 1, 1),
        date(2025, 12, 1),
    )
    assert ALWAYS.holds(may)
    assert may.holds(may)
    late = Period(date(2026, 5, 2))
    assert (late.holds(may), late.meets(may)) == (False, True)
    assert not Period(date(2026, 6, 1)).meets(may)
    assert not Period(until=date(2026, 4, 30)).meets(may)
    assert Period(until=date(2026, 5, 30)).meets(may)
    assert not Period(until=date(2026, 5, 30)).holds(may)
