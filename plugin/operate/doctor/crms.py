"""Every connected CRM, asked by the product's own check."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy.engine import Row

from connectors.errors import CrmError
from plugin.crm.connections import Connections
from plugin.crm.health import late_polls
from plugin.crm.reconciling.rules import report
from plugin.crm.rules import explain, plain
from plugin.crm.setup import check
from plugin.crm.store import every
from plugin.operate.doctor.finding import Finding, bad, look, ok
from plugin.services import Services


def crms(shared: Services) -> Iterator[Finding]:
    with shared.database.read() as connection:
        rows = every(connection)
    if not rows:
        yield look(
            "CRMs", "None is connected.", "Connect one under Installations on the admin pages."
        )
    connections = Connections(shared)
    for row in rows:
        yield from _one(connections, row)
    with shared.database.read() as connection:
        found = late_polls(connection, shared.clock)
    for one in found:
        yield look(one.installation, one.words, "See that a worker runs; else nothing to do.")


def _one(connections: Connections, row: Row[Any]) -> Iterator[Finding]:
    if row.state == "disconnected":
        yield look(row.id, f"{row.name} is disconnected.", "Connect it again to go on.")
        return
    try:
        found = check(connections, row)
    except CrmError as error:
        words = explain(error.code, error.detail)
        yield bad(row.id, f"{row.name} could not be asked. {words}", "Try again in a few minutes.")
        return
    for told in report(row.reconciled or {}):
        if not told.mended:
            yield look(row.id, f"{told.how_many}: {told.plain.what}", told.plain.do)
    if not found:
        yield ok(row.id, f"{row.name} answers, and everything is in place")
    for one in found:
        known = plain(one.code).do
        say = bad if one.fatal else look
        yield say(row.id, one.what.removesuffix(known).strip(), one.do or known)
