"""How long failures wait."""

from datetime import timedelta

import pytest

from plugin.clock import Clock
from plugin.deliveries.rules import Waits


def waits(spread: float = 1.0, scale: float = 1.0) -> Waits:
    return Waits(Clock(scale).scaled, lambda: spread)


@pytest.mark.parametrize(
    ("fails", "seconds"), [(1, 1), (2, 2), (5, 16), (10, 512), (11, 900), (12, 900), (10**9, 900)]
)
def test_waits_double_up_to_a_quarter_of_an_hour(fails: int, seconds: int) -> None:
    assert waits().after(fails) == timedelta(seconds=seconds)


def test_waits_are_spread_so_that_not_all_come_back_at_once() -> None:
    assert waits(0.0).after(4) == timedelta(seconds=4)
    assert waits(0.5).after(4) == timedelta(seconds=6)


def test_our_own_waits_are_scaled_and_those_we_were_asked_for_are_not() -> None:
    assert waits(scale=60).after(11) == timedelta(seconds=15)
    assert waits(scale=60).asked(30) == timedelta(seconds=30)
    assert waits().asked(-3) == timedelta(0)
