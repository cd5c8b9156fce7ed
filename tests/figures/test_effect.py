"""What may be claimed of a difference, and the words for it when nothing may."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.errors import Problem
from plugin.figures.effect import compared, difference
from plugin.figures.mix import chance, shift
from plugin.figures.rules import LEAST, Counts, Figure, ResponseRate
from plugin.periods import ALWAYS

COUNT = st.integers(0, 2000)
FIGURES = st.builds(Counts, COUNT, COUNT, COUNT).filter(lambda one: one.n >= LEAST).map(
    lambda counts: figure(counts)
)  # fmt: skip


def figure(counts: Counts, kind: str = "relational") -> Figure:
    return Figure(kind, ALWAYS, counts, ResponseRate(0, 0))


GOOD, BAD = figure(Counts(70, 20, 10)), figure(Counts(40, 30, 30))


@given(FIGURES, FIGURES)
def test_a_difference_turned_round_is_the_same_with_another_sign(
    one: Figure, other: Figure
) -> None:
    there, back = difference(one, other), difference(other, one)
    assert there.points == pytest.approx(-back.points)
    assert there.interval.low == pytest.approx(-back.interval.high)
    assert there.claimed == back.claimed
    assert -200 <= there.interval.low <= there.points <= there.interval.high <= 200


@given(FIGURES)
def test_nothing_is_claimed_where_nothing_changed(one: Figure) -> None:
    assert not difference(one, one).claimed
    assert not compared(one, one, one, one).claimed


@given(FIGURES, FIGURES)
def test_what_happened_to_everybody_is_no_effect(before: Figure, after: Figure) -> None:
    effect = compared(before, after, before, after)
    assert effect.points == pytest.approx(0)
    assert not effect.claimed


def test_a_clear_difference_is_said_with_its_interval() -> None:
    effect = difference(BAD, GOOD)
    assert effect.claimed
    assert effect.sentence == "NPS is 50.0 points higher than before (98 % interval: 24.1 to 73.0)."
    assert difference(GOOD, BAD).sentence.startswith("NPS is 50.0 points lower than before (98 %")
    assert compared(BAD, GOOD, BAD, BAD).sentence.startswith(
        "NPS went 50.0 points better than in the comparison group (98 % interval: "
    )


def test_a_difference_that_may_be_chance_is_no_effect() -> None:
    few = figure(Counts(4, 2, 1))
    effect = difference(BAD, few)
    assert effect.points == pytest.approx(32.857, abs=0.001)
    assert effect.sentence == (
        "No effect can be claimed: the difference of 32.9 points may be chance "
        "(98 % interval: \N{MINUS SIGN}37.9 to 78.5)."
    )


def test_kinds_are_never_compared() -> None:
    other = figure(Counts(70, 20, 10), "transactional")
    for refused in (lambda: difference(GOOD, other), lambda: compared(BAD, GOOD, BAD, other)):
        with pytest.raises(Problem, match="kinds_mixed"):
            refused()


def test_another_mix_is_said_with_the_group_that_changed_most() -> None:
    found = shift("language", {"sv": 80, "en": 20}, {"sv": 40, "en": 50, "no": 10})
    assert found is not None
    assert found.sentence == (
        "Other people answered than before: by language, sv went from 80 % to 40 % of the answers. "
        "A difference may come from that."
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"sv": 50}),
        ({"sv": 50}, {"sv": 70}),
        ({"sv": 50, "en": 50}, {"sv": 45, "en": 55}),
        ({"sv": 3, "en": 1}, {"sv": 1, "en": 3}),
        ({"sv": 100000, "en": 100000}, {"sv": 101000, "en": 99000}),
        ({"sv": 95, "a": 1, "b": 1, "c": 1}, {"sv": 95, "d": 1, "e": 1, "f": 1}),
    ],
)
def test_the_same_mix_or_too_few_is_no_warning(
    before: dict[str, int], after: dict[str, int]
) -> None:
    assert shift("language", before, after) is None


def test_the_same_base_is_seldom_called_another() -> None:
    dice, wrong = random.Random(5), 0
    for _ in range(400):
        sides = [dice.choices("abcd", (4, 3, 2, 1), k=120) for _ in range(2)]
        before, after = ({name: side.count(name) for name in "abcd"} for side in sides)
        wrong += shift("channel", before, after) is not None
    assert wrong <= 12


@pytest.mark.parametrize(
    ("statistic", "freedom", "expected"),
    [(3.841, 1, 0.05), (6.635, 1, 0.01), (5.991, 2, 0.05), (11.345, 3, 0.01), (18.307, 10, 0.05)],
)
def test_chance_is_what_the_tables_say(statistic: float, freedom: int, expected: float) -> None:
    assert chance(statistic, freedom) == pytest.approx(expected, abs=0.003)
