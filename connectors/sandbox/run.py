"""A sandbox as its own process: ``python -m connectors.sandbox.<crm> [--port N] [--empty]``."""

import argparse
import signal
import sys
import threading
from collections.abc import Callable
from typing import TypeVar

from connectors.sandbox.life import LocalSandbox

S = TypeVar("S", bound=LocalSandbox)


def run(words: str, made: Callable[[int], S], seed: Callable[[S], object]) -> None:
    """Serves what *made* makes of a port until SIGINT or SIGTERM; the first line printed is its address."""
    parser = argparse.ArgumentParser(description=words)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--empty", action="store_true", help="without the demo's people")
    asked = parser.parse_args()
    ended = threading.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: ended.set())
    with made(asked.port) as sandbox:
        if not asked.empty:
            seed(sandbox)
        sys.stdout.write(f"{sandbox.url}\n")
        sys.stdout.flush()
        ended.wait()
