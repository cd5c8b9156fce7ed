"""What a CRM told us: events of contacts are worked here alone, also while the CRM does not answer; of a task the
CRM is asked how it stands."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connectors.changes import ContactEvent, Happened, TaskState
from connectors.hubspot.events import contact_events
from plugin.crm.connections import Connections
from plugin.crm.handlers.desk import Writing, installation_of, open_desk
from plugin.crm.handling import task_seen
from plugin.crm.happenings import happened
from plugin.deliveries.verdicts import Delivered, Delivery, Effect, Lane, Verdict
from plugin.people.store import person

BATCH = 100


class Events:
    """Kind ``event``."""

    def __init__(self, connections: Connections) -> None:
        self._services = connections.services

    def limit(self, lane: str) -> int:
        return BATCH

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        now, installation = self._services.clock.now(), installation_of(lane.id)
        told = {row.id: contact_events(row.payload, now) for row in rows}
        with self._services.database.read() as connection:
            named = [event.contact_id for events in told.values() for event in events]
            known = _known(connection, installation, named)
        for event in (event for events in told.values() for event in events):
            if event.happened is Happened.MERGED and event.contact_id in known:
                known.add(event.into)  # known as soon as this has happened
        ours = {key: [e for e in events if _concerns(e, known)] for key, events in told.items()}
        return [Delivered(effect=self._effect(installation, ours[row.id])) for row in rows]

    def _effect(self, installation: str, events: Sequence[ContactEvent]) -> Effect | None:
        def record(connection: Connection) -> None:
            for event in events:
                happened(connection, self._services.clock, installation, event)

        return record if events else None


def _known(connection: Connection, installation: str, contacts: Sequence[str]) -> set[str]:
    """Those of *contacts* that anybody here ever heard of: an account tells of many others."""
    theirs = sa.select(person.c.contact).where(
        person.c.installation == installation, person.c.contact.in_(sorted(set(contacts)))
    )
    return set(connection.scalars(theirs))


def _concerns(event: ContactEvent, known: set[str]) -> bool:
    return event.contact_id in known or event.happened is Happened.ERASED


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
