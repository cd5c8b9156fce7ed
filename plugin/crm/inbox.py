"""What a CRM pushed to us, or told when it was asked, kept as rows of the ledger before anybody looks at what it
means: one that breaks holds back no other. Ids and times only."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from connectors.changes import ContactEvent
from connectors.hubspot.events import Pushed
from plugin.crm.actions import INBOX_RATE, inbox_lane
from plugin.crm.apps import is_ours
from plugin.db import milliseconds
from plugin.deliveries.actions import Owed, ensure_lane, owe
from plugin.deliveries.store import lane
from plugin.followups.store import followup, with_task
from plugin.people.rules import lane_of


@dataclass(frozen=True, slots=True)
class Received:
    """One call: its events, and the installations (by account) that its signature may speak for."""

    accounts: Mapping[str, Row[Any]]
    events: Sequence[Pushed]


class Inbox:
    """Where received events are kept; one per process."""

    def __init__(self) -> None:
        self._lanes: frozenset[str] = frozenset()  # seen to be there; a lane is never taken away

    def keep(
        self, connection: Connection, received: Sequence[Received], now: datetime
    ) -> list[int]:
        """Owes a look at every event of an account we are connected to, each once; how many of each call those
        were."""
        kept = [list(_mine(one)) for one in received]
        everything = [pair for pairs in kept for pair in pairs]
        about_people = [(row, event) for row, event in everything if event.contact]
        self._open({inbox_lane(row.id) for row, _ in about_people}, connection)
        owed = [_event(row, event, now) for row, event in about_people]
        owed += _tasks(connection, [(row, event) for row, event in everything if event.task], now)
        owe(connection, owed, now)
        return [len(pairs) for pairs in kept]

    def _open(self, wanted: Set[str], connection: Connection) -> None:
        if wanted <= self._lanes:
            return
        there = connection.scalars(sa.select(lane.c.id).where(lane.c.id.in_(sorted(wanted))))
        self._lanes |= frozenset(there)
        for missing in sorted(wanted - self._lanes):
            ensure_lane(connection, missing, INBOX_RATE)


def keep_told(
    connection: Connection, installation: str, events: Iterable[ContactEvent], now: datetime
) -> None:
    """What a poll brought, each event once however often it is told."""
    ensure_lane(connection, inbox_lane(installation), INBOX_RATE)
    owe(connection, [_told(installation, event, now) for event in events], now)


def _told(installation: str, event: ContactEvent, now: datetime) -> Owed:
    at = milliseconds(event.at)
    key = f"event:{installation}:{event.happened.value}:{event.contact_id}:{event.into}:{at}"
    payload = {"what": event.happened.value, "at": at, "contacts": [event.contact_id]}
    if event.into:
        payload["into"] = event.into
    return Owed(inbox_lane(installation), "event", key, key, event.contact_id, payload, now)


def _mine(received: Received) -> Iterator[tuple[Row[Any], Pushed]]:
    for event in received.events:
        row = received.accounts.get(event.portal)
        if row is not None and row.state != "disconnected" and is_ours(row, event.app):
            yield row, event


def _event(row: Row[Any], event: Pushed, now: datetime) -> Owed:
    return Owed(
        lane=inbox_lane(row.id),
        kind="event",
        key=event.key,
        topic=event.key,
        subject=event.contact,
        payload=event.payload,
        due_at=now,
    )


def _tasks(
    connection: Connection, seen: Sequence[tuple[Row[Any], Pushed]], now: datetime
) -> list[Owed]:
    """A look at those tasks that are ours: an account has many others. The CRM is asked how they stand, so they wait
    where everything else waits that is asked of it."""
    if not seen:
        return []
    found = connection.execute(
        sa.select(followup.c.installation, followup.c.task).where(
            followup.c.installation.in_(sorted({row.id for row, _ in seen})),
            followup.c.task.in_(sorted({event.task for _, event in seen})),
            with_task,
        )
    )
    ours = {(row.installation, row.task) for row in found}
    return [_look(row, event, now) for row, event in seen if (row.id, event.task) in ours]


def _look(row: Row[Any], event: Pushed, now: datetime) -> Owed:
    return Owed(
        lane=lane_of(row.id),
        kind="task_look",
        key=event.key,
        topic=event.key,
        subject=f"task:{event.task}",
        payload={"task": event.task},
        due_at=now,
    )
