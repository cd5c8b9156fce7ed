"""What became of mails without their handler hearing of it: taken off the ledger because she unsubscribed, given up
after failing again and again, or stopped before they were begun."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.deliveries.actions import void
from plugin.deliveries.store import delivery
from plugin.messages import feeding, outcomes
from plugin.messages.store import in_hand, recipient, unsent
from plugin.messages.thanking import KIND
from plugin.messages.words import PARKED, REASONS

AT_ONCE = 500


def unheard(connection: Connection, change: str) -> Sequence[Row[Any]]:
    """Recipients whose mail is settled in the ledger and not here."""
    key = sa.literal(f"{KIND}:") + recipient.c.change + ":" + recipient.c.id
    query: sa.Select[Any] = (
        sa.select(recipient.c.id, delivery.c.state, delivery.c.error, delivery.c.settled_at)
        .join(delivery, delivery.c.key == key)
        .where(recipient.c.change == change, in_hand, delivery.c.state != "queued")
        .limit(AT_ONCE)
    )
    return connection.execute(query).all()


def settle(connection: Connection, found: Sequence[Row[Any]]) -> None:
    for one in found:
        row = outcomes.of(connection, one.id)
        if row is not None and row.state == "due":
            _settle(connection, row, one)


def _settle(connection: Connection, row: Row[Any], one: Row[Any]) -> None:
    if one.state == "delivered":
        outcomes.mailed(connection, row, one.settled_at)
    elif one.state == "unsure":
        outcomes.unsure(connection, row)
    elif one.state == "parked":
        outcomes.no_mail(connection, row, one.error if one.error in PARKED else "internal")
    else:
        outcomes.no_mail(connection, row, one.error if one.error in REASONS else "off")


def stop(connection: Connection, change: str, now: datetime) -> bool:
    """Of a stopped message: the next of those whose mail nobody has begun are not told; whether there may be more."""
    mine = recipient.c.change == change
    waiting = list(connection.scalars(sa.select(recipient.c.id).where(mine, unsent).limit(AT_ONCE)))
    _not_told(connection, waiting)
    owed = list(connection.scalars(sa.select(recipient.c.id).where(mine, in_hand)))
    void(connection, [feeding.key(change, one) for one in owed], "stopped", now)
    pages = sa.select(recipient.c.id).where(
        mine, recipient.c.state == "due", recipient.c.no_mail.is_not(None)
    )
    unseen = list(connection.scalars(pages.limit(AT_ONCE)))
    _not_told(connection, unseen)
    return AT_ONCE in (len(waiting), len(unseen))


def _not_told(connection: Connection, ids: Sequence[str]) -> None:
    them = recipient.update().where(recipient.c.id.in_(ids))
    connection.execute(them.values(state="void", reason="stopped"))
