"""Keeps the calls of this process to each lane's rate."""

import threading
from collections.abc import Callable


class Pace:
    """Calls of a lane begin at least 1/rate apart. *monotonic* tells seconds."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._next: dict[str, float] = {}
        self._turn = threading.Lock()

    def wait(self, lane: str) -> float:
        """Seconds until the next call may begin."""
        return max(0.0, self._next.get(lane, 0.0) - self._monotonic())

    def spend(self, lane: str, rate: float, calls: int = 1) -> None:
        """That many calls begin now, or were made beyond the one that was announced."""
        with self._turn:
            begin = max(self._monotonic(), self._next.get(lane, 0.0))
            self._next[lane] = begin + calls / rate
