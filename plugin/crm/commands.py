"""install, check, uninstall; build stands in ``building``."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Row

from connectors.accounts import Finding
from connectors.errors import CrmError, NeedsReconnect
from plugin.access.rules import CLI
from plugin.command import Commands, WrongUse, add, add_json, columns, note, opened, show
from plugin.crm import building, health, tokengiven
from plugin.crm.actions import disconnect, stop_deliveries
from plugin.crm.clients import CRM_NAMES
from plugin.crm.connections import Connections
from plugin.crm.directory import connections as connections_of
from plugin.crm.exporting import export
from plugin.crm.handlers.setting import LEFT_BEHIND
from plugin.crm.rules import explain
from plugin.crm.setup import check, remove_now, set_up_now
from plugin.crm.store import every
from plugin.errors import Problem

CANNOT_DELETE = (
    "The CRM no longer accepts our access, so nothing can be deleted there. Connect it again first."
)


def add_commands(commands: Commands) -> None:
    install = add(commands, "install", "put what we need into a CRM, with a ready token", _install)
    install.add_argument("crm", choices=sorted(CRM_NAMES), metavar="hubspot|salesforce")
    install.add_argument("--instance-url", metavar="U", help="the org's own address (Salesforce)")
    install.add_argument(
        "--token", metavar="T", help="the token, or - to read it from standard input"
    )
    install.add_argument("--token-file", metavar="F", type=Path, help="a file that holds the token")
    install.add_argument("--dry-run", action="store_true", help="print the plan and write nothing")
    add_json(install)
    checking = add(
        commands, "check", "what differs between manifest and CRM, and is missing", _check
    )
    checking.add_argument("installation", nargs="?", metavar="INSTALLATION")
    add_json(checking)
    leaving = add(commands, "uninstall", "take away what we put into a CRM", _uninstall)
    leaving.add_argument("installation", metavar="INSTALLATION")
    leaving.add_argument(
        "--delete-data", action="store_true", help="delete fields, answers, notes and tasks as well"
    )
    leaving.add_argument("--confirm", metavar="NAME", help="the account's name, instead of asking")
    add_json(leaving)
    building.add_commands(commands)


def _install(args: argparse.Namespace) -> int:
    with opened() as services:
        connections = connections_of(services)
        given = tokengiven.read(args)
        if args.dry_run:
            return _dry_run(args, connections, given)
        for installation in _installed(args, connections, given):
            try:
                set_up_now(connections, installation, note)
            except CrmError as error:
                raise _failed(connections, installation, error) from None
            _report(args, connections, installation)
    return 0


def _installed(args: argparse.Namespace, connections: Connections, given: str) -> list[str]:
    """With a token: the account it belongs to, connected. Without: those that are connected already."""
    if not given:
        return tokengiven.connected(connections, args.crm)
    granted = _identified(args, connections, given)
    return [tokengiven.store(connections, granted)]


def _dry_run(args: argparse.Namespace, connections: Connections, given: str) -> int:
    try:
        if given:
            plans = tokengiven.plan(connections, _identified(args, connections, given))
        else:
            plans = tokengiven.plans(connections, args.crm)
    except CrmError as error:
        raise Problem("crm_unavailable", explain(error.code, error.detail)) from None
    lines = [line for name, steps in plans for line in _plan_lines(name, steps)]
    shown = [{"account": name, "plan": [asdict(s) for s in steps]} for name, steps in plans]
    show(args, {"dry_run": True, "accounts": shown}, lines)
    return 0


def _plan_lines(name: str, steps: Any) -> list[str]:
    if not steps:
        return [f"{name}: nothing to do, everything is in place."]
    return [f"{name}: would", *columns([(f"  {s.action}", s.what) for s in steps])]


def _identified(args: argparse.Namespace, connections: Connections, given: str) -> Any:
    try:
        return tokengiven.identified(connections, args.crm, given, args.instance_url or "")
    except NeedsReconnect:
        words = f"{CRM_NAMES[args.crm]} does not accept this token. Nothing was stored."
        raise Problem("crm_unavailable", words) from None
    except CrmError as error:
        raise Problem("crm_unavailable", explain(error.code, error.detail)) from None


def _failed(connections: Connections, installation: str, error: CrmError) -> Problem:
    reason = connections.note(connections.row(installation), error)
    row = connections.row(installation)
    words = explain(reason or error.code, row.reason_detail if reason else error.detail)
    return Problem("crm_unavailable", f"{installation} is connected but not set up. {words}")


def _report(args: argparse.Namespace, connections: Connections, installation: str) -> None:
    try:
        found = check(connections, connections.row(installation))
    except CrmError as error:
        raise _failed(connections, installation, error) from None
    row = connections.row(installation)
    with connections.services.database.read() as connection:
        shown = health.one(connection, installation)
    document = health.document(shown) if shown else {}
    lines = [f"{row.id} ({row.name}) is connected and set up."]
    lines += [f"  {f.what} {f.do}" for f in found]
    show(args, document | {"findings": [asdict(f) for f in found]}, lines)
    if row.crm == "salesforce" and row.way == "token":
        note(tokengiven.ends(connections.services.settings))


def _check(args: argparse.Namespace) -> int:
    with opened() as services:
        connections = connections_of(services)
        rows = _chosen(connections, args.installation)
        found = {row.id: _checked(connections, row) for row in rows}
    document = [
        {"installation": name, "findings": [asdict(f) for f in findings]}
        for name, findings in found.items()
    ]
    show(args, {"installations": document}, _check_lines(found))
    return 1 if any(found.values()) else 0


def _chosen(connections: Connections, installation: str | None) -> list[Row[Any]]:
    if installation:
        return [_known(connections, installation)]
    with connections.services.database.read() as connection:
        return [row for row in every(connection) if row.state != "disconnected"]


def _checked(connections: Connections, row: Row[Any]) -> list[Finding]:
    try:
        return check(connections, row)
    except CrmError as error:  # which hides nothing about the other installations
        return [Finding(error.code, explain(error.code, error.detail), "", fatal=True)]


def _check_lines(found: dict[str, list[Any]]) -> list[str]:
    if not found:
        return ["No CRM is connected."]
    lines = []
    for installation, findings in found.items():
        lines.append(f"{installation}: {'everything is in place' if not findings else ''}".rstrip())
        lines += [f"  {f.what} {f.do}".rstrip() for f in findings]
    return lines


def _uninstall(args: argparse.Namespace) -> int:
    with opened() as services:
        connections = connections_of(services)
        row = _known(connections, args.installation)
        if args.delete_data and row.state != "connected":
            raise Problem("needs_reconnect", CANNOT_DELETE)
        exported = _exported(connections, row) if args.delete_data else None
        if args.delete_data:
            _sure(row, args.confirm)
        if row.state != "disconnected":  # else how it went stays on record
            with services.database.write() as connection:
                stop_deliveries(connection, row.id, CLI)
            _leave(connections, row, delete_data=args.delete_data)
        gone = connections.row(row.id)
    document = {"installation": row.id, "state": gone.state, "exported": exported}
    show(
        args,
        document,
        [f"{row.id} ({row.name}) is {gone.state}.", *filter(None, [gone.setup_words])],
    )
    return 0


def _exported(connections: Connections, row: Row[Any]) -> str:
    stamp = connections.services.clock.now().strftime("%Y%m%d-%H%M%S")
    path = Path(f"gensvar-export-{row.crm}-{row.account}-{stamp}.json").absolute()
    with connections.services.database.read() as connection:
        answers = export(connection, row.id, path)
    note(f"Everything we hold ({answers} answers) was written to {path}.")
    return str(path)


def _sure(row: Row[Any], given: str | None) -> None:
    """Raises ``WrongUse`` unless the account's name was given."""
    if given is None:
        note(f"This deletes our fields, answers, notes and tasks in {row.name} for good.")
        try:
            given = input("Type the account's name to go on: ")
        except EOFError:
            given = ""
    if given.strip() != row.name:
        raise WrongUse(f"Nothing was deleted: that is not the account's name, {row.name}.")


def _leave(connections: Connections, row: Row[Any], *, delete_data: bool) -> None:
    try:
        remove_now(connections, row.id, note, delete_data=delete_data)
    except NeedsReconnect:
        if delete_data:
            raise Problem("needs_reconnect", CANNOT_DELETE) from None
        with connections.services.database.write() as connection:
            disconnect(connection, row.id, LEFT_BEHIND)
    except CrmError as error:
        words = explain(error.code, error.detail)
        raise Problem("crm_unavailable", f"Not finished; run it again. {words}") from None


def _known(connections: Connections, installation: str) -> Row[Any]:
    try:
        return connections.row(installation)
    except LookupError:
        with connections.services.database.read() as connection:
            known = ", ".join(row.id for row in every(connection)) or "none"
        raise Problem(
            "not_found", f"There is no installation {installation}. Known: {known}."
        ) from None
