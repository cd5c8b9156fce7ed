"""The worker: takes lanes in turn and sends what is due on them, until it is told to stop."""

import threading
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from plugin.clock import Clock
from plugin.db import Database, new_id
from plugin.deliveries import beats
from plugin.deliveries.leases import LEASE
from plugin.deliveries.ledger import Claim, Ledger
from plugin.deliveries.pace import Pace
from plugin.deliveries.pruning import PRUNING
from plugin.deliveries.sending import PATIENCE, Batch
from plugin.deliveries.timers import Schedule, Timer, plan
from plugin.deliveries.trouble import place
from plugin.deliveries.verdicts import Handler

log = structlog.get_logger()

SLICE = 8.0  # seconds that a lane is served before others have their turn
POLL = 0.25
LONGEST_PAUSE = 15.0


class Worker:
    """Serves the ledger with *workers* threads. The order of *handlers* is the order of urgency. *wake* may be
    set by whoever owes something in this process. *schedules* bring their own handlers."""

    def __init__(
        self,
        database: Database,
        handlers: Mapping[str, Handler],
        *,
        clock: Clock | None = None,
        wake: threading.Event | None = None,
        workers: int = 1,
        schedules: Sequence[Schedule] = (PRUNING,),
        lease: timedelta = LEASE,
    ) -> None:
        clock = clock or Clock()
        timers = {schedule.kind: Timer(schedule) for schedule in schedules}
        self._ledger = Ledger(database, {**handlers, **timers}, clock, lease=lease)
        self._database = database
        self._schedules = schedules
        self._pace = Pace(clock.monotonic)
        self._wake = wake or threading.Event()
        self._workers = workers

    def run(self, stop: threading.Event) -> None:
        """Works until *stop* is set; then finishes the calls in hand, gives the lanes back and returns."""
        threads = [
            threading.Thread(target=self._serve, args=(stop,), name=f"worker-{number}", daemon=True)
            for number in range(1, self._workers)
        ]
        for thread in threads:
            thread.start()
        self._serve(stop)
        for thread in threads:
            thread.join()

    def _serve(self, stop: threading.Event) -> None:
        hand = _Hand(self._ledger, self._pace)
        pause = POLL
        planned = False
        while not stop.is_set():
            try:
                planned = planned or self._plan()
                busy = hand.turn(stop)
            except Exception as error:  # noqa: BLE001 - the thread must survive whatever it was
                _complain(error)
                stop.wait(pause)
                pause = min(LONGEST_PAUSE, pause * 2)
            else:
                pause = POLL
                if not busy:
                    self._wake.wait(POLL)
                    self._wake.clear()
        hand.leave()

    def _plan(self) -> bool:
        if self._schedules:
            with self._database.write() as connection:
                plan(connection, self._schedules)
        return True


class _Hand:
    """One thread of the worker."""

    def __init__(self, ledger: Ledger, pace: Pace) -> None:
        self._id = new_id()
        self._ledger = ledger
        self._pace = pace
        self._heart = beats.Heart(ledger.database, self._id)

    def turn(self, stop: threading.Event) -> bool:
        """Serves one lane for a slice of time; ``False`` when there was nothing to do."""
        self._heart.beat()
        claim = self._ledger.take(self._id)
        if claim is None:
            return False
        end = time.monotonic() + SLICE
        while claim is not None:
            if not Batch(self._ledger, claim, self._pace, stop).send():
                return True
            self._heart.beat()
            claim = self._next(claim, end, stop)
        return True

    def _next(self, done: Claim, end: float, stop: threading.Event) -> Claim | None:
        wait = self._pace.wait(done.lease.lane)
        if wait > PATIENCE or time.monotonic() > end or stop.is_set():
            self._ledger.give_back(done.lease, pause=wait)
            return None
        return self._ledger.claim(done.lease, after=done.rows[0].kind)

    def leave(self) -> None:
        try:
            self._heart.stop()
        except SQLAlchemyError as error:
            _complain(error)


def _complain(error: Exception) -> None:
    log.error("worker_trouble", error=type(error).__name__, place=place(error))
