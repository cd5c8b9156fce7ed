"""Waiting for Ctrl-C or for whoever stops us, without a traceback."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def until_told() -> Iterator[threading.Event]:
    """An event that is set by SIGINT, SIGTERM or SIGHUP. Only in the main thread."""
    told = threading.Event()
    before = {number: signal.signal(number, lambda *_: told.set()) for number in SIGNALS}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
