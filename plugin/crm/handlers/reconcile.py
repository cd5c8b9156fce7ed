"""The nightly comparison with the CRM: a step at a time, and what people wait for goes first."""

from collections.abc import Sequence

from sqlalchemy.engine import Connection

from plugin.crm.connections import Connections
from plugin.crm.handlers.budget import spare
from plugin.crm.handlers.desk import installation_of, open_desk
from plugin.crm.reconciling import nights, run
from plugin.crm.store import change
from plugin.deliveries.verdicts import (
    Delivered,
    Delivery,
    Effect,
    Halve,
    Lane,
    ParkLane,
    Verdict,
)


class Reconciling:
    """Kind ``reconcile``. It never stands still for good: where the CRM cannot be asked, the next night tries again."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._clock = connections.services.clock

    def limit(self, lane: str) -> int:
        return 1

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        try:
            effect = self._step(lane, within)
        except (ParkLane, Halve):
            effect = self._given_up(installation_of(lane.id))
        return [Delivered(effect=effect) for _ in rows]

    def _step(self, lane: Lane, within: float) -> Effect:
        desk = open_desk(self._connections, lane, within)
        spare(desk)
        database = self._connections.services.database
        progress = run.under_way(desk.row, desk.now)
        with desk.reading():
            found = run.step(database, desk.row, desk.connector, progress)

        def record(connection: Connection) -> None:
            now = self._clock.now()
            reached = run.record(connection, desk.row.id, progress, found, now)
            soon = now + self._clock.scaled(nights.PAUSE)
            at = nights.tonight(now) if run.finished(reached) else soon
            nights.owe_step(connection, desk.row.id, at, now)

        return record

    def _given_up(self, installation: str) -> Effect:
        def record(connection: Connection) -> None:
            change(connection, installation, reconciling=None)
            now = self._clock.now()
            nights.owe_step(connection, installation, nights.tonight(now), now)

        return record
