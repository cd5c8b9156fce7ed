"""When an installation is compared: every night, in steps that are rows of the ledger."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.crm.store import every
from plugin.db import new_id
from plugin.deliveries.actions import Owed, ensure_lane, owe
from plugin.deliveries.store import delivery, queued

RATE = 1.0
PAUSE = timedelta(seconds=20)  # between two steps, so that what people wait for goes first
NIGHT = 2  # o'clock, UTC


def lane(installation: str) -> str:
    return f"reconcile:{installation}"


def plan(connection: Connection, now: datetime) -> None:
    """At start: every connected installation is compared in the next night."""
    for row in every(connection):
        if row.state == "connected":
            plan_one(connection, row.id, now)


def plan_one(connection: Connection, installation: str, now: datetime) -> None:
    """The same for one that was just connected; a step that is planned already is left alone."""
    waiting = sa.select(delivery.c.id).where(delivery.c.lane == lane(installation), queued)
    if connection.execute(waiting.limit(1)).first() is None:
        owe_step(connection, installation, tonight(now), now)


def tonight(now: datetime) -> datetime:
    """The next night."""
    at = now.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    return at if at > now else at + timedelta(days=1)


def owe_step(connection: Connection, installation: str, at: datetime, now: datetime) -> None:
    name = lane(installation)
    ensure_lane(connection, name, RATE)
    key = f"{name}:{new_id()}"
    owe(connection, [Owed(name, "reconcile", key, name, name, {}, at)], now)
