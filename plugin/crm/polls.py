"""When each installation is asked what happened there: one row on a lane of its own, whose settling owes the next."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.clock import Clock
from plugin.crm.store import every, installation
from plugin.db import new_id
from plugin.deliveries.actions import Owed, ensure_lane, forget, owe, park_lane, resume_lane
from plugin.deliveries.store import delivery, queued
from plugin.deliveries.timers import Schedule

KIND = "poll"
EVERY = timedelta(minutes=5)
LATE = 3  # polls left out, before somebody is told
RATE = 1.0


def poll_lane(installation_id: str) -> str:
    return f"{KIND}:{installation_id}"


def begin(connection: Connection, clock: Clock, installation_id: str) -> None:
    """Polls at once and from then on, whatever stood in the way before."""
    ensure_lane(connection, poll_lane(installation_id), RATE)
    resume(connection, installation_id)
    _owe(connection, installation_id, clock.now(), clock.now())


def resume(connection: Connection, installation_id: str) -> None:
    resume_lane(connection, poll_lane(installation_id))


def stop(connection: Connection, installation_id: str, reason: str) -> None:
    """Until ``resume`` or ``begin``."""
    park_lane(connection, poll_lane(installation_id), reason)


def owe_next(
    connection: Connection,
    clock: Clock,
    installation_id: str,
    *,
    at_once: bool,
    payload: Mapping[str, Any],
) -> None:
    """In the transaction that settles the poll before; of those before that nothing is kept."""
    now = clock.now()
    forget(connection, poll_lane(installation_id))
    due_at = now if at_once else now + clock.scaled(EVERY)
    _owe(connection, installation_id, due_at, now, payload)


def hurry(connection: Connection, clock: Clock, installation_id: str) -> bool:
    """The next poll comes now; ``False`` while none is waiting for its time."""
    topic = poll_lane(installation_id)
    waiting = sa.and_(delivery.c.topic == topic, queued, delivery.c.started_at.is_(None))
    hurried = connection.execute(delivery.update().where(waiting).values(due_at=clock.now()))
    return hurried.rowcount > 0


def ensure(connection: Connection, clock: Clock) -> None:
    """Every connected installation that was ever set up is polled: at start, after an upgrade, and when a poll came to
    nothing."""
    for row in every(connection):
        if polled(row) and not _waiting(connection, row.id):
            ensure_lane(connection, poll_lane(row.id), RATE)
            _owe(connection, row.id, clock.now(), clock.now())


def planning(clock: Clock) -> Schedule:
    """Looks now and then that nobody is left out."""

    def work(connection: Connection, now: datetime) -> bool:
        ensure(connection, clock)
        return False

    return Schedule("plan_polls", timedelta(minutes=15), work)


def polled(row: Row[Any]) -> bool:
    """Whether *row*'s installation is one to be polled: before its first set-up there is nothing to be seen."""
    return row.state == "connected" and bool(row.setup_done_at or row.capabilities)


def late(connection: Connection, clock: Clock) -> Sequence[Row[Any]]:
    """Installations to be polled that were not for too long."""
    limit = clock.now() - clock.scaled(EVERY) * LATE
    since = sa.func.coalesce(installation.c.polled_at, installation.c.connected_at)
    rows = connection.execute(sa.select(installation).where(since < limit)).all()
    return [row for row in rows if polled(row)]


def _waiting(connection: Connection, installation_id: str) -> bool:
    found = sa.select(delivery.c.id).where(
        delivery.c.lane == poll_lane(installation_id), delivery.c.kind == KIND, queued
    )
    return connection.execute(found.limit(1)).first() is not None


def _owe(
    connection: Connection,
    installation_id: str,
    due_at: datetime,
    now: datetime,
    payload: Mapping[str, Any] | None = None,
) -> None:
    topic = poll_lane(installation_id)
    owed = Owed(
        lane=topic,
        kind=KIND,
        key=f"{topic}:{new_id()}",
        topic=topic,
        subject=topic,
        payload=payload or {},
        due_at=due_at,
    )
    owe(connection, [owed], now)
