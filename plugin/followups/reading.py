"""What pages, metrics and other rooms want to know of follow-ups."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.followups.store import event, followup


@dataclass(frozen=True, slots=True)
class Counts:
    """How many are open, and how many of these are overdue."""

    open: int
    overdue: int


def counts(connection: Connection, now: datetime, installation: str = "") -> Counts:
    """Of one installation, or of all."""
    overdue = sa.func.count().filter(followup.c.due_at < now)
    query = sa.select(sa.func.count(), overdue).where(followup.c.state == "open")
    if installation:
        query = query.where(followup.c.installation == installation)
    return Counts(*connection.execute(query).one())


def events(connection: Connection, followup_id: str) -> list[Row[Any]]:
    """What became of a follow-up, the newest first."""
    query = sa.select(event).where(event.c.followup == followup_id)
    return list(connection.execute(query.order_by(event.c.id.desc())))
