"""The decision about an event, in the worker: one for each, whatever happens on the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.asking.actions import Wish, decide
from plugin.asking.rules import FRESH, Asked
from plugin.asking.store import ask
from plugin.deliveries.verdicts import (
    Delivered,
    Delivery,
    Effect,
    Lane,
    Later,
    Verdict,
    Void,
    Wait,
)
from plugin.errors import Problem
from plugin.people import actions as people
from plugin.people.rules import ContactName
from plugin.services import Services
from plugin.triggers.store import trigger, trigger_event

AT_ONCE = 50
PASSES = ("crm_unavailable", "needs_reconnect", "storage_unavailable", "forbidden")


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event, with its trigger's channel and whether that is on; whose contact it is by now, and when the CRM last
    told us of her."""

    event: Row[Any]
    contact: str
    seen_at: datetime


class TriggerEvents:
    """Kind ``trigger_event``. What the CRM says of the contacts is asked once for the whole batch."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def limit(self, lane: str) -> int:
        return AT_ONCE

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        ends = self._services.clock.monotonic() + within
        with self._services.database.read() as connection:
            events = _events(connection, [row.payload["event"] for row in rows])
        self._acquaint([one for one in events.values() if one.event.is_on])
        return [self._verdict(row, events.get(row.payload["event"]), ends) for row in rows]

    def _acquaint(self, events: Sequence[Waiting]) -> None:
        """Raises ``Wait`` while the CRM cannot be asked: nobody is asked by what was true days ago."""
        services, now = self._services, self._services.clock.now()
        stale = [one for one in events if now - one.seen_at > services.clock.scaled(FRESH)]
        if not stale or services.source is None:
            return
        installation, contacts = stale[0].event.installation, [one.contact for one in stale]
        try:
            found = services.source.people(installation, contacts)
        except Problem as problem:
            raise Wait(problem.code) from None
        with services.database.write() as connection:
            for one in filter(None, found.values()):
                people.see(connection, installation, one, now)
            for contact in (contact for contact, one in found.items() if one is None):
                known = people.of_contact(connection, installation, contact)
                if known is not None:
                    people.gone(connection, known.id, now)

    def _verdict(self, row: Delivery, waiting: Waiting | None, ends: float) -> Verdict:
        if waiting is None:
            return Void("decided")
        event = waiting.event
        if not event.is_on:
            return Void("switched_off")
        if self._services.clock.monotonic() > ends:
            return Later(0)
        if row.in_doubt and (asked := self._asked_before(event)):
            return Delivered(asked, _settled(event, self._now(), state="asked", ask=asked))
        try:
            return self._decided(waiting)
        except Problem as problem:
            if problem.code in PASSES:
                return Later(detail=problem.detail)
            reason = {"state": "failed", "reason": problem.code}
            return Delivered(effect=_settled(event, self._now(), **reason))

    def _decided(self, waiting: Waiting) -> Verdict:
        event, decision = waiting.event, decide(self._services, _wish(waiting))
        if isinstance(decision, Asked):
            reason = "" if self._is_new(decision.ask, event) else "open_already"
            told = {"state": "asked", "ask": decision.ask, "reason": reason}
            return Delivered(decision.ask, _settled(event, self._now(), **told))
        told = {"state": "refused", "reason": decision.reason}
        next_at = decision.next_eligible_at
        return Delivered(effect=_settled(event, self._now(), next_eligible_at=next_at, **told))

    def _is_new(self, ask_id: str, event: Row[Any]) -> bool:
        with self._services.database.read() as connection:
            made = connection.scalar(sa.select(ask.c.created_at).where(ask.c.id == ask_id))
        return made is not None and made >= event.found_at

    def _asked_before(self, event: Row[Any]) -> str:
        """The ask that a try which died had come to."""
        with self._services.database.read() as connection:
            her = people.survivor(connection, event.person)
            query = sa.select(ask.c.id).where(
                ask.c.person == her.id,
                ask.c.touchpoint == event.touchpoint,
                ask.c.trigger == event.trigger,
                ask.c.created_at >= event.found_at,
            )
            return str(connection.scalar(query.limit(1)) or "")

    def _now(self) -> datetime:
        return self._services.clock.now()


def _events(connection: Connection, ids: Sequence[str]) -> Mapping[str, Waiting]:
    """Those that wait for their decision."""
    query = (
        sa.select(trigger_event, trigger.c.channel, trigger.c.is_on)
        .join(trigger, trigger.c.key == trigger_event.c.trigger)
        .where(trigger_event.c.id.in_(ids), trigger_event.c.state == "waiting")
    )
    found = {}
    for row in connection.execute(query).all():
        her = people.survivor(connection, row.person)
        found[row.id] = Waiting(row, her.contact, her.seen_at)
    return found


def _wish(waiting: Waiting) -> Wish:
    event = waiting.event
    return Wish(
        installation=event.installation,
        contact=ContactName(id=waiting.contact),
        touchpoint=event.touchpoint,
        channel=event.channel,
        occurred_at=event.occurred_at,
        trigger=event.trigger,
    )


def _settled(event: Row[Any], now: datetime, **values: Any) -> Effect:
    def record(connection: Connection) -> None:
        connection.execute(
            trigger_event.update()
            .where(trigger_event.c.id == event.id, trigger_event.c.state == "waiting")
            .values(decided_at=now, **values)
        )

    return record
