"""What the ledger knows of somebody who is erased: that something was owed, and no longer what."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.deliveries.store import delivery, settled

_FORGOTTEN: dict[str, Any] = {"payload": {}, "proof": None, "error_detail": None}


def forget(
    connection: Connection, lane: str, subjects: Sequence[str], reason: str, now: datetime
) -> int:
    """Voids what is owed about *subjects* in *lane*, begun or not, and empties all their rows; how many were owed.

    A call that is under way settles nothing any more: its rows are not queued.
    """
    theirs = sa.and_(delivery.c.lane == lane, delivery.c.subject.in_(subjects))
    owed = delivery.c.state.in_(("queued", "parked", "unsure"))
    voided = connection.execute(
        delivery.update()
        .where(theirs, owed)
        .values(state="void", error=reason, settled_at=now, in_doubt=False, **_FORGOTTEN)
    )
    connection.execute(delivery.update().where(theirs, settled).values(**_FORGOTTEN))
    return voided.rowcount


def forget_settled(connection: Connection, lane: str, subjects: Sequence[str]) -> None:
    """Empties the rows about *subjects* in *lane* that are settled; what is owed there goes on."""
    connection.execute(
        delivery.update()
        .where(delivery.c.lane == lane, delivery.c.subject.in_(subjects), settled)
        .values(**_FORGOTTEN)
    )


def empty(connection: Connection, delivery_id: str) -> None:
    """What a delivery carried is not needed any more: it is done, or goes on as another."""
    connection.execute(
        delivery.update().where(delivery.c.id == delivery_id).values(payload={}, error_detail=None)
    )
