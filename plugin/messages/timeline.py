"""What was told stands on the contact's timeline in the CRM too, where the message wants it so.

Whoever settles a mail as delivered, or hears that a notice was seen, owes it in the same transaction.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.deliveries.actions import Owed
from plugin.messages.store import message, recipient
from plugin.people.rules import lane_of

KIND = "told"


@dataclass(frozen=True, slots=True)
class Cost:
    """*records* are made in the CRM, one for each person who is told. They take about *calls*, and never more than
    *most*: what is told slowly is not always written in full batches."""

    records: int
    calls: int
    most: int


class Estimate(Protocol):
    """What it costs in the CRMs; plugged in by ``create_app``."""

    def __call__(self, people: Mapping[str, int], per_hour: int | None = None) -> Cost:
        """Of telling that many people of each installation by mail, *per_hour* of them in an hour. Who is only told
        on a page costs a record too, and a call, when it is seen."""
        ...


def owed(installation: str, change: str, person: str, now: datetime) -> Owed:
    """Once for a person and a change, by whatever ways she is told."""
    name = key(change, person)
    return Owed(
        lane=lane_of(installation),
        kind=KIND,
        key=name,
        topic=name,
        subject=person,
        payload={"change": change, "person": person},
        due_at=now,
    )


def key(change: str, person: str) -> str:
    """By which the entry is found again in the CRM; *person* as she was when she was told, merged or not since."""
    return f"{KIND}:{change}:{person}"


def keys(connection: Connection, people: Iterable[str], *, standing: bool = False) -> list[str]:
    """Of every entry that may have been owed about these people, who are one and the same contact; *standing*: only of
    what the CRM has taken."""
    known = sorted(people)
    told = sa.select(recipient.c.change).where(recipient.c.person.in_(known)).distinct()
    if standing:
        told = told.where(recipient.c.timeline_at.is_not(None))
    return [key(change, one) for change in connection.scalars(told) for one in known]


def not_wanted(connection: Connection, change: str, person: str) -> str:
    """Why nothing is to be written there, as a reason's code: it was switched off meanwhile, or stands there already
    because two people who were told turned out to be one."""
    row = connection.execute(
        sa.select(message.c.timeline, recipient.c.timeline_at)
        .join(recipient, recipient.c.change == message.c.change)
        .where(message.c.change == change, recipient.c.person == person)
    ).one_or_none()
    if row is None:
        return ""
    if not row.timeline:
        return "timeline_off"
    return "" if row.timeline_at is None else "timeline_already"


def stands(connection: Connection, change: str, person: str, now: datetime) -> None:
    """The CRM has taken it."""
    hers = (recipient.c.change == change, recipient.c.person == person)
    connection.execute(recipient.update().where(*hers).values(timeline_at=now))
