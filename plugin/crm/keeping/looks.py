"""When fields and lists are looked at: a row each on a lane of the installation's own, whose settling owes the next."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.clock import Clock
from plugin.crm.store import every
from plugin.db import new_id
from plugin.deliveries import store as deliveries
from plugin.deliveries.actions import Owed, forget, owe, resume_lane, void
from plugin.deliveries.store import delivery, queued
from plugin.deliveries.timers import Schedule
from plugin.segments import keeping
from plugin.triggers.finding import open_lane

KIND = "keep"
RATE = 1.0
FIELDS = ""  # the fields of an installation, where a list has its name


def lane(installation: str) -> str:
    return f"{KIND}:{installation}"


def topic(installation: str, name: str) -> str:
    return f"{lane(installation)}:{f'list:{name}' if name else 'fields'}"


def owe_look(
    connection: Connection, clock: Clock, installation: str, name: str, at: datetime
) -> None:
    """*name* is a list's, or ``FIELDS``."""
    about = topic(installation, name)
    open_lane(connection, lane(installation), RATE)
    forget(connection, about)
    payload = {"list": name}
    key = f"{about}:{new_id()}"
    owe(connection, [Owed(lane(installation), KIND, key, about, about, payload, at)], clock.now())


def stop(connection: Connection, clock: Clock, installation: str, name: str) -> None:
    void(connection, [topic(installation, name)], "switched_off", clock.now())


def hurry(connection: Connection, clock: Clock, installation: str) -> None:
    """Whatever is kept in step is looked at now."""
    for name in _wanted(connection, installation):
        owe_look(connection, clock, installation, name, clock.now())


def resume(connection: Connection, installation: str) -> None:
    """After the account was connected again."""
    resume_lane(connection, lane(installation))


def waits(connection: Connection, installation: str) -> str:
    """The code of why nothing of the account is looked at just now; empty while it is."""
    mine = deliveries.lane.c.id == lane(installation)
    query = sa.select(deliveries.lane.c.parked_reason, deliveries.lane.c.wait_reason).where(mine)
    stands = connection.execute(query).one_or_none()
    return str(stands.parked_reason or stands.wait_reason or "") if stands else ""


def ensure(connection: Connection, clock: Clock) -> None:
    """All that is kept in step has its next look: at start, and when a look came to nothing."""
    for row in every(connection):
        for name in _wanted(connection, row.id) if row.state == "connected" else ():
            waiting = sa.select(delivery.c.id).where(
                delivery.c.topic == topic(row.id, name), queued
            )
            if connection.execute(waiting.limit(1)).first() is None:
                owe_look(connection, clock, row.id, name, clock.now())


def planning(clock: Clock) -> Schedule:
    """Looks now and then that nothing is left out."""

    def work(connection: Connection, now: datetime) -> bool:
        ensure(connection, clock)
        return False

    return Schedule("plan_keeping", timedelta(minutes=15), work)


def _wanted(connection: Connection, installation: str) -> Iterator[str]:
    if keeping.wanted(connection, installation):
        yield FIELDS
    yield from [row.list for row in keeping.followed(connection, installation)]
