"""``gensvar api-keys`` and ``gensvar admin-link``."""

import argparse

from plugin.access import actions, keys
from plugin.access.keys import ApiKey
from plugin.access.rules import CLI
from plugin.command import Commands, add, add_json, columns, note, opened, show
from plugin.errors import Problem
from plugin.times import when


def add_commands(commands: Commands) -> None:
    _api_keys(commands)
    link = add(commands, "admin-link", "make a one-time way in for an administrator", _admin_link)
    add_json(link)


def _api_keys(commands: Commands) -> None:
    top = add(commands, "api-keys", "list, add or revoke keys for a host's server", _list)
    add_json(top)
    verbs = top.add_subparsers(title="verbs", metavar="VERB")
    new = add(verbs, "add", "make a key; its text is shown once", _add)
    new.add_argument("name", help="what it is for")
    new.add_argument("--installation", required=True, help="for example hubspot:123")
    add_json(new)
    gone = add(verbs, "revoke", "from now on the key opens nothing", _revoke)
    gone.add_argument("id", help="as listed")
    add_json(gone)


def _list(args: argparse.Namespace) -> int:
    with opened() as shared, shared.database.read() as connection:
        found = keys.listed(connection)
    heads = ("ID", "NAME", "INSTALLATION", "KEY", "LAST USED", "STATE")
    rows = [heads, *(_row(key) for key in found)]
    show(args, [_document(key) for key in found], columns(rows) if found else ["No API keys."])
    return 0


def _add(args: argparse.Namespace) -> int:
    with opened() as shared:
        try:
            key, text = keys.add(shared, CLI, args.name, args.installation)
        except Problem as problem:
            if "installation" not in problem.fields:
                raise
            raise Problem("not_found", f"No installation {args.installation} here.") from None
    show(args, _document(key) | {"key": text}, [text])
    note("This is the only time the key is shown.")
    return 0


def _revoke(args: argparse.Namespace) -> int:
    with opened() as shared:
        key = keys.revoke(shared, CLI, args.id)
    show(args, {"id": key.id, "revoked": True}, [f"{key.name} is revoked."])
    return 0


def _admin_link(args: argparse.Namespace) -> int:
    with opened() as shared:
        address = actions.admin_link(shared)
    show(args, {"url": address}, [address])
    note("It works once, within 48 hours. Whoever has it can become an administrator.")
    return 0


def _row(key: ApiKey) -> tuple[str, ...]:
    used = when(key.last_used_at) if key.last_used_at else "never"
    state = "revoked" if key.revoked_at else "valid"
    return key.id, key.name, key.installation, f"{key.hint}...", used, state


def _document(key: ApiKey) -> dict[str, object]:
    return {
        "id": key.id,
        "name": key.name,
        "installation": key.installation,
        "hint": key.hint,
        "created_at": key.created_at.isoformat(),
        "created_by": key.created_by,
        "last_used_at": key.last_used_at.isoformat() if key.last_used_at else None,
        "revoked_at": key.revoked_at.isoformat() if key.revoked_at else None,
    }
