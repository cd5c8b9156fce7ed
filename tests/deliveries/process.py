"""A worker process whose deliveries are effects in a file; it can be told to die or to stop in a call.

python -m tests.deliveries.process DATABASE_URL EFFECTS_FILE [option=value ...]
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from plugin.db import Database
from plugin.deliveries.verdicts import Delivered, Delivery, Halve, Lane, Verdict
from plugin.deliveries.worker import Worker
from tests.deliveries.effects import Effects

LEASE = timedelta(seconds=1)


class Effecting:
    """`signal` is sent to the own process in call number `call`: between effect and settling, or before."""

    def __init__(self, effects: Effects, options: dict[str, str]) -> None:
        self.effects = effects
        self.me = str(os.getpid())
        self.most = int(options.get("most", "20"))
        self.lasts = float(options.get("lasts", "0"))
        self.signal = options.get("signal", "")
        self.call = int(options.get("call", "0"))
        self.before = options.get("when") == "before"
        self.calls = 0

    def limit(self, lane: str) -> int:
        return self.most

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        self.calls += 1
        began = time.monotonic()
        self.strike(self.before)
        if any("poison" in row.key for row in rows):
            raise Halve("poisoned")
        self.write(rows)
        time.sleep(self.lasts)
        self.effects.called(lane.id, len(rows), began, self.me)
        self.strike(not self.before)
        return [Delivered(self.me) for _ in rows]

    def write(self, rows: Sequence[Delivery]) -> None:
        """Looks first where an earlier try may have written, and only there."""
        doubtful = [row.key for row in rows if row.in_doubt]
        known = self.effects.known(doubtful) if doubtful else set()
        missing = [row for row in rows if row.key not in known]
        self.effects.write([(r.key, r.subject, r.payload["n"]) for r in missing], self.me)

    def strike(self, now: bool) -> None:
        if now and self.signal and self.calls == self.call:
            os.kill(os.getpid(), getattr(signal, self.signal))


def main(url: str, file: str, *options: str) -> None:
    given = dict(option.split("=") for option in options)
    effecting = Effecting(Effects(Path(file)), given)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda number, frame: stop.set())
    workers = int(given.get("workers", "1"))
    Worker(Database(url), {"note": effecting}, workers=workers, schedules=(), lease=LEASE).run(stop)


if __name__ == "__main__":
    main(*sys.argv[1:])
