"""Servers compared by turns in one run, so that what else the machine does hits all of them alike."""

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.support.figures import median
from bench.support.load import Loader, Outcome
from bench.support.processes import processor_seconds


@dataclass
class Side:
    """A server and its requests; *best* is flat out, *paced* at a fixed rate."""

    name: str
    port: int
    program: subprocess.Popen[bytes]
    requests: Callable[[int], list[bytes]]
    best: list[Outcome] = field(default_factory=list)
    paced: list[Outcome] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)  # milliseconds an answer, flat out
    sent: int = 0

    @property
    def rates(self) -> list[float]:
        return [outcome.rate for outcome in self.best]

    def percentiles(self, share: float) -> list[float]:
        return [outcome.percentile(share) for outcome in self.paced]

    def offer(self, loader: Loader, count: int, connections: int, rate: float | None) -> Outcome:
        requests = self.requests(count)
        before = processor_seconds(self.program)
        outcome = loader.offer(self.port, requests, connections=connections, rate=rate)
        used = processor_seconds(self.program) - before
        assert set(outcome.statuses) <= {200, 201}, outcome.statuses
        self.sent += count
        if rate is None:
            self.best.append(outcome)
            self.processor.append(1000 * used / count)
        else:
            self.paced.append(outcome)
        return outcome


def warm_up(sides: Sequence[Side], loader: Loader, *, count: int, connections: int) -> None:
    """What is seen here does not count."""
    for side in sides:
        side.offer(loader, count, connections, None)
        side.best.clear()
        side.processor.clear()


def flat_out(
    sides: Sequence[Side], loader: Loader, *, rounds: int, count: int, connections: int
) -> None:
    for number in range(rounds):
        for side in _by_turns(sides, number):
            side.offer(loader, count, connections, None)


def at_half(
    sides: Sequence[Side], base: Side, loader: Loader, *, rounds: int, count: int, connections: int
) -> float:
    """Offers to all half of the best rate of *base*, and says what that is."""
    half = median(base.rates) / 2
    for number in range(rounds):
        for side in _by_turns(sides, number):
            side.offer(loader, count, connections, half)
    return half


def _by_turns(sides: Sequence[Side], number: int) -> list[Side]:
    first = number % len(sides)
    return [*sides[first:], *sides[:first]]
