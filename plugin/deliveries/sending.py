"""Sending one claimed batch: paced, outside any transaction, halved where the whole of it is refused."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import structlog

from plugin.deliveries.leases import Lease
from plugin.deliveries.ledger import Claim, Ledger
from plugin.deliveries.pace import Pace
from plugin.deliveries.rules import Broke
from plugin.deliveries.settling import Judged
from plugin.deliveries.trouble import DATABASE_TROUBLE, place
from plugin.deliveries.verdicts import Delivery, Halve, Lane, Parked, Refusal, Wait

T = TypeVar("T")

log = structlog.get_logger()

PATIENCE = 1.0  # seconds; whoever must wait longer for his next call gives the lane back
MARGIN = 1 / 6  # of the lease, which a call must leave for settling
RENEW = 1 / 30  # of the lease: when that much of it is gone, it is renewed before another call
_RETRIES = (0.2, 0.5, 1.0, 2.0, 4.0)


class Batch:
    """One claimed batch on its way. ``send`` says whether the lane may go on."""

    def __init__(self, ledger: Ledger, claim: Claim, pace: Pace, stop: threading.Event) -> None:
        self._ledger = ledger
        self._lease: Lease = claim.lease
        self._length = claim.lease.length.total_seconds()
        self._pieces = [list(claim.rows)]
        self._pace = pace
        self._stop = stop
        self._began = time.monotonic()
        self._well = False  # something in this batch was answered as it should be
        self._broken = 0  # rows that broke our code, each alone

    def send(self) -> bool:
        while self._pieces:
            if not self._ready():
                return False
            if not self._send(self._pieces.pop()):
                return False
        return True

    def _ready(self) -> bool:
        """Waits for the lane's pace; a batch that cannot go on is given back."""
        wait = self._pace.wait(self._lease.lane)
        if wait > PATIENCE or self._stop.wait(wait):
            self._insist(lambda: self._ledger.give_back(self._lease, self._unsent(), wait))
            return False
        if time.monotonic() - self._began > self._length * RENEW:
            return self._renew()
        return True

    def _renew(self) -> bool:
        self._began = time.monotonic()
        renewed = self._insist(lambda: self._ledger.renew(self._lease))
        if renewed is None:
            return self._lost()
        self._lease = renewed
        return True

    def _send(self, rows: list[Delivery]) -> bool:
        try:
            verdicts = self._call(rows)
        except Halve as refused:
            return self._halve(rows, refused)
        except Refusal as refusal:
            return self._stand_still(refusal, rows)
        except DATABASE_TROUBLE as error:
            log.error("storage_unavailable", error=type(error).__name__, place=place(error))
            return self._stand_still(Wait("storage_unavailable", in_doubt=True), rows)
        except Exception as error:  # noqa: BLE001 - a bug over one row must not stop the others
            return self._broke(rows, error)
        self._well = True
        return self._settle(verdicts)

    def _call(self, rows: Sequence[Delivery]) -> list[Judged]:
        lane = Lane(self._lease.lane)
        self._pace.spend(lane.id, self._lease.rate)
        within = self._length * (1 - MARGIN) - (time.monotonic() - self._began)
        try:
            verdicts = self._ledger.handlers[rows[0].kind].handle(lane, rows, within)
        finally:
            if lane.calls > 1:
                self._pace.spend(lane.id, self._lease.rate, lane.calls - 1)
        return list(zip(rows, verdicts, strict=True))

    def _halve(self, rows: list[Delivery], refused: Halve) -> bool:
        if len(rows) == 1:
            return self._settle([(rows[0], Parked(refused.code, refused.detail))])
        self._split(rows)
        return True

    def _broke(self, rows: list[Delivery], error: Exception) -> bool:
        """Halved like a refusal. A second row that breaks alone before anything went well is no accident of
        these rows: the lane waits."""
        log.error(
            "handler_broke",
            lane=self._lease.lane,
            kind=rows[0].kind,
            rows=len(rows),
            error=type(error).__name__,
            place=place(error),
        )
        if len(rows) > 1:
            self._split([replace(row, in_doubt=True) for row in rows])
            return True
        self._broken += 1
        settled = self._settle([(rows[0], Broke(place(error)))], well=False)
        if settled and not self._well and (self._broken > 1 or not self._pieces):
            return self._stand_still(Wait("internal"), [])
        return settled

    def _split(self, rows: list[Delivery]) -> None:
        middle = len(rows) // 2
        self._pieces += [rows[middle:], rows[:middle]]

    def _settle(self, judged: Sequence[Judged], *, well: bool = True) -> bool:
        if self._insist(lambda: self._ledger.settle(self._lease, judged, well=well)):
            return True
        return self._lost()

    def _stand_still(self, refusal: Refusal, rows: Sequence[Delivery]) -> bool:
        log.warning("lane_stands_still", lane=self._lease.lane, why=refusal.reason)
        unsent = self._unsent()
        if not self._insist(lambda: self._ledger.stand_still(self._lease, refusal, rows, unsent)):
            self._lost()
        return False

    def _unsent(self) -> list[Delivery]:
        return [row for piece in self._pieces for row in piece]

    def _lost(self) -> bool:
        log.warning("lease_lost", lane=self._lease.lane)
        return False

    def _insist(self, step: Callable[[], T]) -> T:
        """What was done outside must be written down here, so a database in trouble is asked again."""
        for pause in _RETRIES:
            try:
                return step()
            except DATABASE_TROUBLE as error:
                log.error("storage_unavailable", error=type(error).__name__, place=place(error))
                time.sleep(pause)
        return step()
