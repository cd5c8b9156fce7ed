"""What was settled long ago is forgotten, some rows at a time; what is parked or unsure stays."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.deliveries.store import delivery, in_state, passing
from plugin.deliveries.timers import Schedule

KEPT = timedelta(days=90)
PASSING_KEPT = timedelta(days=3)  # longer than a CRM goes on sending the same event
AT_ONCE = 2000
SETTLED = ("delivered", "void")


def prune(connection: Connection, now: datetime, at_once: int = AT_ONCE) -> bool:
    """Deletes delivered and void rows settled over 90 days ago, passing ones after three, of the oldest *at_once* of
    each; whether there may be more."""
    done = passing & delivery.c.state.not_in(("parked", "unsure"))
    pruned = [_prune(connection, in_state(state), now - KEPT, at_once) for state in SETTLED]
    pruned.append(_prune(connection, done, now - PASSING_KEPT, at_once))
    return at_once in pruned


def _prune(
    connection: Connection, which: sa.ColumnElement[bool], until: datetime, at_once: int
) -> int:
    oldest = (
        sa.select(delivery.c.id, delivery.c.settled_at)
        .where(which)
        .order_by(delivery.c.id)
        .limit(at_once)
        .subquery()
    )
    old = sa.select(oldest.c.id).where(oldest.c.settled_at < until)
    return connection.execute(delivery.delete().where(delivery.c.id.in_(old))).rowcount


PRUNING = Schedule("prune_deliveries", timedelta(days=1), prune)
