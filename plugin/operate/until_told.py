"""Waiting for Ctrl-C or for whoever stops us, without a traceback."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PAUSE = 0.1


@dataclass
class Told:
    """Whether we were told to end. A plain flag and no event: an event's lock may be held by the very
    thread that a signal interrupts, and then handler and thread wait for each other for ever."""

    to_end: bool = False

    def wait(self, seconds: float = float("inf")) -> bool:
        """Returns when told, or after *seconds*; whether it was told."""
        until = time.monotonic() + seconds
        while not self.to_end and time.monotonic() < until:
            time.sleep(PAUSE)
        return self.to_end


@contextmanager
def until_told() -> Iterator[Told]:
    """Told by SIGINT, SIGTERM or SIGHUP. Only in the main thread."""
    told = Told()

    def tell(*_: object) -> None:
        told.to_end = True

    before = {number: signal.signal(number, tell) for number in SIGNALS}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
