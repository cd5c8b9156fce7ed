"""How often somebody may try to sign in: per address and in total, counted where all processes see it.

An attempt counts before its password is looked at, so that many at once gain nothing; one that
succeeds is taken off again. Addresses are kept only as hashes.
"""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection

from plugin.access.rules import hashed, neighbourhood
from plugin.access.store import attempts
from plugin.errors import Problem
from plugin.services import Services

WINDOW = timedelta(minutes=15)  # lasts as long in every mode
PER_ADDRESS = 10
IN_TOTAL = 300


def take(services: Services, address: str, *, total: bool = True) -> None:
    """Counts one attempt; raises ``Problem("rate_limited")`` with the seconds to wait.

    With *total* false only the address counts, for ways in that cannot be guessed: nobody may be
    locked out of them by somebody else's guessing.
    """
    now = services.clock.now()
    with services.database.write() as connection:
        _forget_old(connection, now)
        wait = _count(connection, services, _bucket(services, address), PER_ADDRESS, now)
        if total and wait is None:
            wait = _count(connection, services, "total", IN_TOTAL, now)
    if wait is not None:
        raise Problem("rate_limited", "Too many attempts to sign in.", retry_after=wait)


def forgive(connection: Connection, services: Services, address: str) -> None:
    """The last attempt was an honest one."""
    forgive_address(connection, services, address)
    connection.execute(
        sa.update(attempts)
        .where(attempts.c.bucket == "total", attempts.c.tries > 0)
        .values(tries=attempts.c.tries - 1)
    )


def forgive_address(connection: Connection, services: Services, address: str) -> None:
    """The same for an attempt that was not counted in total."""
    bucket = _bucket(services, address)
    connection.execute(sa.delete(attempts).where(attempts.c.bucket == bucket))


def _bucket(services: Services, address: str) -> str:
    return hashed(services.settings.signing_keys[0] + neighbourhood(address))


def _count(
    connection: Connection, services: Services, bucket: str, limit: int, now: datetime
) -> int | None:
    """The seconds to wait when *limit* was reached before."""
    insert: Any = sqlite_insert if services.database.embedded else postgresql_insert
    counted = connection.execute(
        insert(attempts)
        .values(bucket=bucket, tries=1, until=now + WINDOW)
        .on_conflict_do_update(
            index_elements=[attempts.c.bucket], set_={"tries": attempts.c.tries + 1}
        )
        .returning(attempts.c.tries, attempts.c.until)
    ).one()
    if counted.tries <= limit:
        return None
    return int((counted.until - now).total_seconds()) + 1


def _forget_old(connection: Connection, now: datetime) -> None:
    connection.execute(sa.delete(attempts).where(attempts.c.until <= now))
