"""Mails of a message go into the ledger a few at a time, at the pace that was chosen: what is not there yet can be
paused, stopped and put off without touching a hundred thousand rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.asking import frequency
from plugin.asking.hours import quiet_end, zone_of
from plugin.db import Timestamp
from plugin.deliveries.actions import Owed, owe
from plugin.mail import lanes
from plugin.messages.store import in_hand, message, recipient, unsent
from plugin.messages.thanking import KIND
from plugin.people.store import person
from plugin.rowset import among, texts
from plugin.services import Services

PIECE = 1000  # rows in one transaction
AHEAD = 3000  # mails in the ledger at most, so that a fast mail server never waits for us
HORIZON = timedelta(seconds=90)  # how far ahead mails stand in the ledger where there is a pace


@dataclass(frozen=True, slots=True)
class Fed:
    """*owed* rows are due in the ledger, *later* were put off to the end of their quiet hours; *next_at* is when the
    mail after them may be due. *more*: another piece would find some."""

    owed: Sequence[tuple[Row[Any], datetime]]
    later: Sequence[tuple[str, datetime]]
    next_at: datetime | None
    more: bool


def read(connection: Connection, services: Services, row: Row[Any], now: datetime) -> Fed:
    """What may be owed now of the message *row*."""
    if not services.settings.sends_mail:
        return Fed((), (), None, more=False)
    room = min(PIECE, AHEAD - in_the_ledger(connection, row.change))
    waiting = _waiting(connection, row.change, now, room) if room > 0 else ()
    gap = timedelta(hours=1) / row.per_hour if row.per_hour else timedelta()
    ends = services.clock.scaled(HORIZON)
    turn = max(now, row.next_at or now)
    limits = frequency.load(connection)
    owed: list[tuple[Row[Any], datetime]] = []
    later: list[tuple[str, datetime]] = []
    for one in waiting:
        if gap and turn > now + ends:
            break
        quiet = _quiet(connection, services, one, limits, turn)
        if quiet is not None:
            later.append((one.id, quiet))
            continue
        owed.append((one, turn))
        turn += services.clock.scaled(gap)
    passed = len(owed) + len(later)
    more = passed == len(waiting) == room == PIECE
    return Fed(owed, later, turn if gap else None, more)


def write(
    connection: Connection, services: Services, row: Row[Any], fed: Fed, now: datetime
) -> None:
    """In one transaction with the step that read it."""
    if fed.owed:
        lane = lanes.ensure(connection, services.settings)
        owe(connection, [_owed(lane, one, due_at) for one, due_at in fed.owed], now)
        ids = [one.id for one, _ in fed.owed]
        connection.execute(_OWED, {"ids": ids, "now": now})
    for recipient_id, due_at in fed.later:
        connection.execute(_LATER, {"mark": recipient_id, "until": due_at})
    if fed.next_at is not None:
        mine = message.c.change == row.change
        connection.execute(message.update().where(mine).values(next_at=fed.next_at))


def in_the_ledger(connection: Connection, change: str) -> int:
    query = sa.select(sa.func.count()).select_from(recipient)
    return connection.scalar(query.where(recipient.c.change == change, in_hand)) or 0


def next_due(connection: Connection, change: str) -> datetime | None:
    """Of those that are not in the ledger yet; ``None`` where there are none."""
    query = sa.select(recipient.c.due_at).where(recipient.c.change == change, unsent)
    found: datetime | None = connection.scalar(query.order_by(recipient.c.due_at).limit(1))
    return found


def key(change: str, recipient_id: str) -> str:
    """Of the one mail that a recipient ever gets."""
    return f"{KIND}:{change}:{recipient_id}"


def _owed(lane: str, one: Row[Any], due_at: datetime) -> Owed:
    name = key(one.change, one.id)
    payload = {"change": one.change, "recipient": one.id}
    return Owed(lane, KIND, name, name, one.person, payload, due_at)


def _waiting(connection: Connection, change: str, now: datetime, most: int) -> Sequence[Row[Any]]:
    query = (
        sa.select(recipient, person.c.time_zone, person.c.installation)
        .join(person, person.c.id == recipient.c.person)
        .where(recipient.c.change == change, unsent, recipient.c.due_at <= now)
        .order_by(recipient.c.due_at, recipient.c.person)
        .limit(most)
    )
    return connection.execute(query).all()


def _quiet(
    connection: Connection, services: Services, one: Row[Any], limits: Any, at: datetime
) -> datetime | None:
    if limits.quiet_from is None or limits.quiet_until is None:
        return None
    account = services.account_says(connection, one.installation, "time_zone")
    zone = zone_of(one.time_zone, account, limits.time_zone)
    return quiet_end(at, zone, limits.quiet_from, limits.quiet_until)


_OWED = (
    recipient.update()
    .where(among(recipient.c.id, texts("ids")))
    .values(owed_at=sa.bindparam("now", type_=Timestamp))
)
_LATER = (
    recipient.update()
    .where(recipient.c.id == sa.bindparam("mark"))
    .values(due_at=sa.bindparam("until", type_=Timestamp))
)
