"""What a CRM pushed to us: events of contacts are worked here alone, also while the CRM does not answer; of a task the
CRM is asked how it stands."""

from collections.abc import Sequence

from sqlalchemy.engine import Connection

from connectors.hubspot.events import contact_events
from connectors.types import ContactEvent, TaskState
from plugin.crm.connections import Connections
from plugin.crm.handlers.desk import Writing, installation_of, open_desk
from plugin.crm.handling import task_seen
from plugin.crm.happenings import happened
from plugin.deliveries.verdicts import Delivered, Delivery, Effect, Lane, Verdict

BATCH = 100


class Events:
    """Kind ``event``."""

    def __init__(self, connections: Connections) -> None:
        self._services = connections.services

    def limit(self, lane: str) -> int:
        return BATCH

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        now = self._services.clock.now()
        return [
            Delivered(effect=self._effect(lane.id, contact_events(row.payload, now)))
            for row in rows
        ]

    def _effect(self, lane: str, events: Sequence[ContactEvent]) -> Effect:
        def record(connection: Connection) -> None:
            for event in events:
                happened(connection, self._services.clock, installation_of(lane), event)

        return record


class TaskLooks(Writing):
    """Kind ``task_look``: a task of ours changed."""

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        desk = open_desk(self._connections, lane, within)
        with desk.reading():
            states = desk.connector.task_states([row.payload["task"] for row in rows])

        def effect(state: TaskState) -> Effect:
            def record(connection: Connection) -> None:
                task_seen(connection, desk.row.id, state, desk.now)

            return record

        return [
            Delivered(effect=effect(states[task]) if task in states else None)
            for task in (row.payload["task"] for row in rows)
        ]
