"""Whether answers can be stored and worked on. The web is not loaded to know it."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from plugin.crm.health import late_polls
from plugin.crm.store import installation
from plugin.deliveries import queries
from plugin.services import Services

STALE_WORKER = timedelta(seconds=60)
OLD_BACKLOG = timedelta(minutes=15)


def readiness(shared: Services) -> dict[str, Any]:
    """Whether answers can be stored and worked on, and what stands in the way."""
    try:
        return _readiness(shared)
    except SQLAlchemyError as error:
        return {
            "ready": False,
            "reasons": [f"The database does not answer ({type(error).__name__})."],
        }


def _readiness(shared: Services) -> dict[str, Any]:
    with shared.database.read() as connection:
        late = late_polls(connection, shared.clock)
        beat = queries.newest_beat_age(connection)
        backlog = queries.backlog_age(connection)
        parked = queries.count(connection, "parked")
        unsure = queries.count(connection, "unsure")
        lost = connection.scalars(
            sa.select(installation.c.id).where(installation.c.state == "needs_reconnect")
        ).all()
    blocking = []
    if beat is None or beat > STALE_WORKER:
        blocking.append("No worker is alive: start `gensvar worker`, or serve without --no-worker.")
    warnings = [f"{name} needs to be connected again." for name in lost]
    if backlog is not None and backlog > OLD_BACKLOG:
        warnings.append(f"The oldest delivery has been due for {int(backlog.total_seconds())} s.")
    warnings += [f"{one.installation}: {one.words}" for one in late]
    if parked:
        warnings.append(f"{parked} deliveries are parked: see `gensvar deliveries --state parked`.")
    return {
        "ready": not blocking,
        "reasons": blocking,
        "warnings": warnings,
        "worker_heartbeat_seconds": None if beat is None else beat.total_seconds(),
        "backlog_seconds": 0 if backlog is None else backlog.total_seconds(),
        "parked": parked,
        "unsure": unsure,
        "needs_reconnect": list(lost),
        "polled_late": [one.installation for one in late],
    }
