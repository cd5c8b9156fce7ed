"""Calls begin no faster than the lane's rate."""

from plugin.deliveries.pace import Pace


class Seconds:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_calls_begin_apart_by_the_rate() -> None:
    seconds = Seconds()
    pace = Pace(seconds)
    assert pace.wait("lane") == 0
    pace.spend("lane", 4)
    assert pace.wait("lane") == 0.25
    pace.spend("lane", 4)
    assert pace.wait("lane") == 0.5
    assert pace.wait("other") == 0


def test_an_idle_lane_saves_nothing_up() -> None:
    seconds = Seconds()
    pace = Pace(seconds)
    pace.spend("lane", 10)
    seconds.now += 60
    pace.spend("lane", 10)
    assert round(pace.wait("lane"), 6) == 0.1


def test_calls_beyond_the_announced_one_are_paid_afterwards() -> None:
    pace = Pace(Seconds())
    pace.spend("lane", 10)
    pace.spend("lane", 10, 4)
    assert pace.wait("lane") == 0.5
