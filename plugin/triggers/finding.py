"""Events that were found become rows, each once; deciding about them is owed in the same transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.db import new_id
from plugin.deliveries import store as deliveries
from plugin.deliveries.actions import Owed, ensure_lane, owe
from plugin.people import actions as people
from plugin.people.rules import FoundContact
from plugin.triggers import rules
from plugin.triggers.rules import Happening
from plugin.triggers.store import trigger_event

KIND = "trigger_event"
RATE = 5.0


def lane(installation: str) -> str:
    return f"trigger:{installation}"


def news(connection: Connection, row: Row[Any], happenings: Iterable[Happening]) -> list[Happening]:
    """Those that nobody here has heard of yet, each once."""
    by_name = {(one.record, one.contact): one for one in happenings}
    if not by_name:
        return []
    known = _known(connection, row, {record for record, _ in by_name})
    return [one for name, one in by_name.items() if name not in known]


def keep(
    connection: Connection,
    row: Row[Any],
    happenings: Sequence[Happening],
    found: Mapping[str, FoundContact | None],
    now: datetime,
    day: timedelta,
) -> int:
    """How many were new. A contact that was merged is its survivor: what it was asked about before, it was asked."""
    seen = {
        contact: people.see(connection, row.installation, one, now)
        for contact, one in found.items()
        if one is not None
    }
    asked = _asked_about(connection, row, happenings, seen)
    fresh = [
        one
        for one in news(connection, row, happenings)
        if (one.record, seen.get(one.contact)) not in asked
    ]
    events = list(_events(connection, row, fresh, seen, now, day))
    if events:
        connection.execute(trigger_event.insert(), events)
    owe_decisions(connection, row.installation, [e for e in events if e["state"] == "waiting"], now)
    return len(events)


def _events(
    connection: Connection,
    row: Row[Any],
    fresh: Sequence[Happening],
    seen: Mapping[str, str],
    now: datetime,
    day: timedelta,
) -> Iterable[dict[str, Any]]:
    given = rules.parameters_of(row)
    latest = _latest(connection, row.key) if given.per_day else None
    twice: set[tuple[str, str]] = set()
    turns = rules.turns(row.kind, given, len(fresh), now, latest, day)
    for one, due_at in zip(fresh, turns, strict=True):
        person = seen.get(one.contact)
        if person is not None and (one.record, person) in twice:
            continue
        twice |= {(one.record, person)} if person else set()
        yield {
            "id": new_id(),
            "trigger": row.key,
            "installation": row.installation,
            "touchpoint": row.touchpoint,
            "record": one.record,
            "contact": one.contact,
            "person": person,
            "occurred_at": one.at and min(one.at, now),  # a clock ahead of ours tells no future
            "found_at": now,
            "due_at": due_at,
            "state": "waiting" if person else "failed",
            "reason": "" if person else "gone",
            "decided_at": None if person else now,
        }


def owe_decisions(
    connection: Connection, installation: str, events: Iterable[Any], now: datetime
) -> None:
    """A decision about each of *events* (rows, or what makes one), at its time."""
    open_lane(connection, lane(installation), RATE)
    owed = [
        Owed(
            lane=lane(installation),
            kind=KIND,
            key=f"{KIND}:{event['id']}:{new_id()}",
            topic=topic(event["id"]),
            subject=event["person"],
            payload={"event": event["id"]},
            due_at=max(event["due_at"], now),
        )
        for event in events
    ]
    owe(connection, owed, now)


def open_lane(connection: Connection, name: str, rate: float) -> None:
    """Made once; its rate may have been changed since."""
    if (
        connection.scalar(sa.select(deliveries.lane.c.id).where(deliveries.lane.c.id == name))
        is None
    ):
        ensure_lane(connection, name, rate)


def topic(event: str) -> str:
    return f"{KIND}:{event}"


def _known(connection: Connection, row: Row[Any], records: set[str]) -> set[tuple[str, str]]:
    query = sa.select(trigger_event.c.record, trigger_event.c.contact).where(
        *_here(row), trigger_event.c.record.in_(sorted(records))
    )
    return {(one.record, one.contact) for one in connection.execute(query)}


def _asked_about(
    connection: Connection,
    row: Row[Any],
    happenings: Sequence[Happening],
    seen: Mapping[str, str],
) -> set[tuple[str, str | None]]:
    records = sorted({one.record for one in happenings})
    query = sa.select(trigger_event.c.record, trigger_event.c.person).where(
        *_here(row),
        trigger_event.c.record.in_(records),
        trigger_event.c.person.in_(sorted(set(seen.values()))),
    )
    return {(one.record, one.person) for one in connection.execute(query)}


def _here(row: Row[Any]) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        trigger_event.c.installation == row.installation,
        trigger_event.c.touchpoint == row.touchpoint,
    )


def _latest(connection: Connection, key: str) -> datetime | None:
    found: datetime | None = connection.scalar(
        sa.select(trigger_event.c.due_at)
        .where(trigger_event.c.trigger == key)
        .order_by(trigger_event.c.due_at.desc())
        .limit(1)
    )
    return found
