"""What is known of how an answer came about is forgotten after thirty days, some rows at a time."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.deliveries.timers import Schedule
from plugin.evidence.store import evidence, opening

KEPT = timedelta(days=30)
AT_ONCE = 2000


def prune(connection: Connection, now: datetime, at_once: int = AT_ONCE) -> bool:
    """Whether there may be more."""
    return at_once in [
        _prune(connection, table, now - KEPT, at_once) for table in (evidence, opening)
    ]


def _prune(connection: Connection, table: sa.Table, until: datetime, at_once: int) -> int:
    old = sa.select(table.c.id).where(table.c.at < until).order_by(table.c.at).limit(at_once)
    return connection.execute(table.delete().where(table.c.id.in_(old))).rowcount


PRUNING = Schedule("prune_evidence", timedelta(days=1), prune)
