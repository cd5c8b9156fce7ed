"""Deliveries that were set apart, told to an administrator all in one, and not again before a day has passed since."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.db import milliseconds, moment_at
from plugin.deliveries.store import delivery, in_state
from plugin.overview.troubles import Trouble

EVERY = timedelta(days=1)
_NAME = "set-apart:"


def untold_since(connection: Connection, topic: str, now: datetime) -> datetime | None:
    """From when on the mails of *topic* have not told; ``None`` while one waits and for a day after one has left."""
    begun = sa.select(delivery.c.settled_at).where(
        delivery.c.topic == topic, delivery.c.started_at.is_not(None)
    )
    told = connection.scalars(begun).all()
    if None in told:
        return None
    last = max((at for at in told if at), default=now - EVERY)
    return last if last <= now - EVERY else None


def since(connection: Connection, then: datetime) -> Trouble | None:
    """What was set apart from *then* on and still is."""
    counted = sum(
        connection.scalar(
            sa.select(sa.func.count()).where(in_state(state), delivery.c.settled_at >= then)
        )
        or 0
        for state in ("parked", "unsure")
    )
    what = "A delivery needs" if counted == 1 else f"{counted} deliveries need"
    text = (
        "They were refused for good, or nobody can find out whether they arrived. The page says why, "
        "and what to do about each. Everything else goes on."
    )
    page = "/admin/deliveries?state=parked"
    key = f"{_NAME}{milliseconds(then)}"
    return Trouble(key, f"{what} a person", text, page) if counted else None


def begins(key: str) -> datetime | None:
    """From when on a trouble of that key counts; ``None`` for other troubles' keys."""
    if not key.startswith(_NAME):
        return None
    return moment_at(int(key.removeprefix(_NAME)))
