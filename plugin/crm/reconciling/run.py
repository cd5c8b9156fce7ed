"""Comparing an installation from one end to the other: all at once for the command, or step by step at night."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection, Row

from connectors.protocol import Connector
from plugin.crm.reconciling.reading import Expected, expected
from plugin.crm.reconciling.rules import Progress, load, onward
from plugin.crm.reconciling.step import Seen, look, settle
from plugin.crm.store import change
from plugin.db import Database


def begin(row: Row[Any], now: datetime, *, whole: bool) -> Progress:
    """From the start, or for a sample behind the last one: so that many nights see everything."""
    after = "" if whole else (row.reconciled or {}).get("after", "")
    return Progress(whole=whole, started_at=now.isoformat().replace("+00:00", "Z"), after=after)


def under_way(row: Row[Any], now: datetime) -> Progress:
    """The night's comparison that is not finished yet, or a new one."""
    return load(row.reconciling) if row.reconciling else begin(row, now, whole=False)


def finished(progress: Progress) -> bool:
    return progress.enough or not progress.after


def step(
    database: Database,
    row: Row[Any],
    connector: Connector,
    progress: Progress,
) -> tuple[Expected, Seen]:
    """Reads here and asks there; raises ``CrmError``."""
    with database.read() as connection:
        wanted = expected(connection, row.id, progress.after, connector.limits.batch)
    return wanted, look(connector, wanted)


def record(
    connection: Connection,
    installation: str,
    progress: Progress,
    found: tuple[Expected, Seen],
    now: datetime,
) -> Progress:
    """Writes down what a step found and how far it came."""
    progress = onward(progress, settle(connection, installation, *found, now))
    if finished(progress):
        done = progress.document()
        change(connection, installation, reconciling=None, reconciled=done, reconciled_at=now)
    else:
        change(connection, installation, reconciling=progress.document())
    return progress


def all_steps(
    database: Database,
    row: Row[Any],
    connector: Connector,
    now: Callable[[], datetime],
    *,
    whole: bool,
) -> Progress:
    """All steps at once. Raises ``CrmError``; what was mended until then stays so."""
    progress = begin(row, now(), whole=whole)
    while True:
        found = step(database, row, connector, progress)
        with database.write() as connection:
            progress = record(connection, row.id, progress, found, now())
        if finished(progress):
            return progress
