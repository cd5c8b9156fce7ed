"""What the CRM says of people shortly before they are written to, in batches: an opt-out of a minute ago counts."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.asking.rules import FRESH
from plugin.deliveries.store import delivery, queued
from plugin.errors import Problem
from plugin.people import actions as people
from plugin.people.store import person
from plugin.services import Services

BATCH = 100
PAUSE = timedelta(minutes=1)  # in which a CRM that did not answer is not asked again


class Flags:
    """Reads ahead: whoever is next on the lane is looked up together with whose turn it is."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._silent: dict[str, datetime] = {}

    def stale(self, her: Row[Any]) -> bool:
        """Whether what we know of her is older than ten minutes."""
        age = self._services.clock.now() - her.seen_at
        return bool(age > self._services.clock.scaled(FRESH))

    def read(self, lane: str, her: Row[Any]) -> None:
        """Brings her up to date, and those after her. Raises ``Problem`` where the CRM cannot be asked."""
        now, directory = self._services.clock.now(), self._services.directory
        if directory is None or self._silent.get(her.installation, now) > now:
            raise Problem("crm_unavailable")
        with self._services.database.read() as connection:
            contacts = self._next(connection, lane, her, now)
        try:
            found = directory.known(her.installation, contacts)
        except Problem:
            self._silent[her.installation] = now + self._services.clock.scaled(PAUSE)
            raise
        with self._services.database.write() as connection:
            for contact, seen in found.items():
                if seen is not None:
                    people.see(connection, her.installation, seen, now)
                elif known := people.of_contact(connection, her.installation, contact):
                    people.gone(connection, known.id, now)

    def _next(
        self, connection: Connection, lane: str, her: Row[Any], now: datetime
    ) -> Sequence[str]:
        old = now - self._services.clock.scaled(FRESH)
        waiting = (
            sa.select(person.c.contact)
            .join(delivery, delivery.c.subject == person.c.id)
            .where(
                delivery.c.lane == lane,
                queued,
                delivery.c.due_at <= now,
                person.c.installation == her.installation,
                person.c.survivor.is_(None),
                person.c.seen_at < old,
            )
            .order_by(delivery.c.due_at, delivery.c.id)
            .limit(BATCH)
        )
        ahead = dict.fromkeys([her.contact, *connection.scalars(waiting)])
        return list(ahead)[:BATCH]
