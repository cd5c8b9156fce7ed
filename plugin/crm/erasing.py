"""Everything about a person, gone: what is here at once, what we wrote in the CRM as a delivery."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.crm.belongings import ROOMS
from plugin.crm.leftovers import left_in_crm, owe_erasing
from plugin.db import Timestamp, for_good, new_id
from plugin.deliveries.forgetting import forget, forget_settled
from plugin.mail.lanes import every_lane
from plugin.people import actions as people
from plugin.people.rules import lane_of
from plugin.people.store import person
from plugin.triggers import finding

# What a tombstone keeps; whatever else a person's row has or will have is emptied.
KEPT = {
    "id", "installation", "contact", "survivor", "merged_at", "gone_at", "standing_at",
    "seen_at", "erased_at",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased here: *things* are answers, asks, follow-ups and requests, *deliveries* what was still owed.
    *delivery* is the one that clears the CRM, ``None`` for a contact that was never known here."""

    contacts: tuple[str, ...]
    things: int
    deliveries: int
    delivery: str | None


def erase_person(
    connection: Connection,
    installation: str,
    contact: str,
    now: datetime,
    at: datetime | None = None,
) -> Erased:
    """All there is of the contact and of everyone merged with it. What remains are ids, which say that nobody
    is to ask again, and anonymous counts. *at* is the CRM's time of a privacy deletion.

    Done again it erases what came meanwhile. A contact that was never known here is remembered as erased.
    """
    known = people.of_contact(connection, installation, contact)
    if known is None:
        _remember(connection, installation, contact, at or now)
        return Erased((contact,), 0, 0, None)
    for_good(connection)
    ids = people.identities(connection, known.id)
    people.lock(connection, ids)
    left = left_in_crm(connection, ids, now)
    things = sum(room.forget(connection, ids) for room in ROOMS)
    contacts = _tombstones(connection, ids, at or now)
    owing = (lane_of(installation), *every_lane(connection))
    deliveries = sum(forget(connection, lane, ids, "erased", now) for lane in owing)
    forget(connection, finding.lane(installation), ids, "erased", now)
    for lane in (f"inbox:{installation}", f"poll:{installation}"):
        forget_settled(connection, lane, contacts)
    owed = owe_erasing(connection, installation, ids[0], contacts[0], left, now)
    return Erased(contacts, things, deliveries, owed)


def _remember(connection: Connection, installation: str, contact: str, at: datetime) -> None:
    """A merge that is heard of later must not bring back what is erased."""
    row = {"id": new_id(), "installation": installation, "contact": contact}
    connection.execute(person.insert().values(**row, seen_at=at, erased_at=at))


def _tombstones(connection: Connection, ids: Sequence[str], at: datetime) -> tuple[str, ...]:
    """Ids are what is left; the time is that of the newest erasure, in whatever order they come."""
    empty = {c.name: _nothing(c) for c in person.c if c.name not in KEPT}
    newest = sa.case((person.c.erased_at > at, person.c.erased_at), else_=sa.literal(at, Timestamp))
    theirs = person.c.id.in_(ids)
    connection.execute(
        person.update().where(theirs).values(**empty, seen_at=people.LONG_AGO, erased_at=newest)
    )
    survivor_first = (person.c.survivor.is_not(None), person.c.contact)
    return tuple(
        connection.scalars(sa.select(person.c.contact).where(theirs).order_by(*survivor_first))
    )


def _nothing(column: sa.Column[Any]) -> str | bool | None:
    if column.nullable:
        return None
    return False if isinstance(column.type, sa.Boolean) else ""
