"""What was settled long ago is forgotten, some rows at a time; what is parked or unsure stays."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.deliveries.store import delivery, in_state
from plugin.deliveries.timers import Schedule

KEPT = timedelta(days=90)
AT_ONCE = 2000


def prune(connection: Connection, now: datetime, at_once: int = AT_ONCE) -> bool:
    """Deletes delivered and void rows settled over 90 days ago, of the oldest *at_once* of each state;
    whether there may be more."""
    pruned = [_prune(connection, state, now - KEPT, at_once) for state in ("delivered", "void")]
    return at_once in pruned


def _prune(connection: Connection, state: str, until: datetime, at_once: int) -> int:
    oldest = (
        sa.select(delivery.c.id, delivery.c.settled_at)
        .where(in_state(state))
        .order_by(delivery.c.id)
        .limit(at_once)
        .subquery()
    )
    old = sa.select(oldest.c.id).where(oldest.c.settled_at < until)
    return connection.execute(delivery.delete().where(delivery.c.id.in_(old))).rowcount


PRUNING = Schedule("prune_deliveries", timedelta(days=1), prune)
