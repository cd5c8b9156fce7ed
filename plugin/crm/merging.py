"""Two contacts that are one: all that is kept of the merged one is the survivor's from then on."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.crm.belongings import ROOMS
from plugin.crm.erasing import erase_person
from plugin.deliveries.actions import owe, put_back
from plugin.people import actions as people
from plugin.people.owing import fields
from plugin.people.rules import lane_of
from plugin.people.store import person


def merge(
    connection: Connection, person_id: str, survivor_contact: str, at: datetime, now: datetime
) -> str:
    """The survivor's person id. *at* is the CRM's time of the merge; the survivor's fields are owed anew."""
    survivor = people.merge(connection, person_id, survivor_contact, at, ROOMS)
    if survivor == person_id:
        return survivor
    row = people.survivor(connection, survivor)
    erased_at = _erased(connection, survivor, person_id, at)
    if erased_at is not None:
        erase_person(connection, row.installation, row.contact, now, erased_at)
    else:
        if row.gone_at is None:  # what could not be written while the merged one was gone
            known_as = people.identities(connection, survivor)
            put_back(connection, lane_of(row.installation), known_as, "contact_gone", now)
        occasion = f"merged:{person_id}:{round(at.timestamp() * 1000)}"
        owe(connection, [fields(row.installation, survivor, occasion, now)], now)
    return survivor


def gather(
    connection: Connection, merged: str, survivor: Row[Any], occasion: str, now: datetime
) -> None:
    """What came to stand under a merged person while the merge was written down; it shows on the survivor."""
    if sum([room.move(connection, merged, survivor.id) for room in ROOMS]):
        owe(connection, [fields(survivor.installation, survivor.id, occasion, now)], now)


def _erased(connection: Connection, survivor: str, merged: str, at: datetime) -> datetime | None:
    """When one of the two was erased: the survivor, or the merged one after it had become the survivor."""
    rows = connection.execute(
        sa.select(person.c.id, person.c.erased_at).where(
            person.c.id.in_((survivor, merged)), person.c.erased_at.is_not(None)
        )
    )
    times = [erased for who, erased in rows if who == survivor or at <= erased]
    return max(times, default=None)
