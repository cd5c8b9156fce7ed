"""reconcile."""

import argparse
from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine import Row

from connectors.errors import CrmError
from plugin.command import Commands, add, add_json, opened, show
from plugin.crm.connections import Connections
from plugin.crm.directory import connections as connections_of
from plugin.crm.reconciling import run
from plugin.crm.reconciling.rules import report, summary
from plugin.crm.rules import explain
from plugin.crm.store import every, find
from plugin.errors import Problem


def add_commands(commands: Commands) -> None:
    comparing = add(
        commands, "reconcile", "compare what we hold with the CRM; mend what is safe", _reconcile
    )
    comparing.add_argument("installation", nargs="?", metavar="INSTALLATION")
    comparing.add_argument("--whole", action="store_true", help="every contact, not the next 1,000")
    add_json(comparing)


def _reconcile(args: argparse.Namespace) -> int:
    with opened() as services:
        connections = connections_of(services)
        rows = _chosen(connections, args.installation)
        done = [_one(connections, row, whole=args.whole) for row in rows]
    show(args, {"installations": done}, [line for one in done for line in _lines(one)])
    return 1 if any(one["error"] for one in done) else 0


def _chosen(connections: Connections, installation: str | None) -> list[Row[Any]]:
    with connections.services.database.read() as connection:
        if installation is None:
            return [row for row in every(connection) if row.state == "connected"]
        row = find(connection, installation)
    if row is None:
        raise Problem("not_found", f"There is no installation {installation}.")
    if row.state != "connected":
        raise Problem("needs_reconnect", explain(row.reason or row.state, row.reason_detail))
    return [row]


def _one(connections: Connections, row: Row[Any], *, whole: bool) -> dict[str, Any]:
    services = connections.services
    try:
        connector = connections.connector(row)
        done = run.all_steps(services.database, row, connector, services.clock.now, whole=whole)
    except CrmError as error:
        connections.note(row, error)
        return {"installation": row.id, "error": explain(error.code, error.detail)}
    told = [
        {"code": t.code, "how_many": t.how_many, "mended": t.mended, "what": t.plain.what}
        for t in report(done.document())
    ]
    return {"installation": row.id, "error": None, **done.document(), "differences": told}


def _lines(one: Mapping[str, Any]) -> list[str]:
    if one["error"]:
        return [f"{one['installation']}: not compared. {one['error']}"]
    told = [f"  {t.how_many}: {t.plain.what} {t.plain.do}" for t in report(one)]
    named = [
        f"    {e['code']}: contact {e['contact']} {e['answer']}".rstrip() for e in one["examples"]
    ]
    return [f"{one['installation']}: {summary(one)}", *(told or ["  Nothing differs."]), *named]
