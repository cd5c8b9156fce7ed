"""``gensvar triggers``."""

import argparse
from typing import Any

from plugin.access.rules import CLI
from plugin.command import Commands, add, add_json, columns, opened, show
from plugin.triggers import actions, dryrun, reading, words
from plugin.triggers.rules import KINDS


def add_commands(commands: Commands) -> None:
    top = add(
        commands, "triggers", "list what asks by itself, try one out, switch it on or off", _list
    )
    add_json(top)
    verbs = top.add_subparsers(title="verbs", metavar="VERB")
    trying = add(
        verbs, "try", "say whom it would have asked in the last 30 days; asks nobody", _try
    )
    for verb, run in (("on", _on), ("off", _off)):
        switching = add(verbs, verb, f"switch a trigger {verb}", run)
        switching.add_argument("key")
        switching.add_argument("--why", required=True, help="kept in the audit log")
        add_json(switching)
    trying.add_argument("key")
    add_json(trying)


def _list(args: argparse.Namespace) -> int:
    with opened() as shared, shared.database.read() as connection:
        found = [_document(row) for row in reading.listed(connection)]
    heads = ("KEY", "KIND", "TOUCHPOINT", "CHANNEL", "STATE")
    lines = [
        heads,
        *(
            (one["key"], one["kind"], one["touchpoint"], one["channel"], one["state"])
            for one in found
        ),
    ]
    show(args, found, columns(lines) if found else ["No triggers."])
    return 0


def _try(args: argparse.Namespace) -> int:
    with opened() as shared:
        told = actions.try_out(shared, args.key)
        with shared.database.read() as connection:
            row = reading.get(connection, args.key)
    document = {
        "key": args.key,
        "events": told.events,
        "asked": told.asked,
        "refused": {str(one[0]): one[1] for one in told.reasons},
        "whole": told.whole,
        "each_day": told.each_day,
    }
    lines = [dryrun.sentence(told, row.kind), *(f"  {many}  {one}" for one, many in told.reasons)]
    show(args, document, lines)
    return 0


def _on(args: argparse.Namespace) -> int:
    return _switched(args, actions.switch_on)


def _off(args: argparse.Namespace) -> int:
    return _switched(args, actions.switch_off)


def _switched(args: argparse.Namespace, verb: Any) -> int:
    with opened() as shared:
        verb(shared, CLI, args.key, args.why)
        with shared.database.read() as connection:
            document = _document(reading.get(connection, args.key))
    show(args, document, [f"{args.key} is {document['state']}."])
    return 0


def _document(row: Any) -> dict[str, Any]:
    return {
        "key": row.key,
        "name": row.name,
        "installation": row.installation,
        "kind": row.kind,
        "about": f"{KINDS[row.kind].title}{': ' if words.about(row) else ''}{words.about(row)}",
        "touchpoint": row.touchpoint,
        "channel": row.channel,
        "state": "on" if row.is_on else "off",
        "off_because": words.why_off(row),
        "tried_out_at": row.dry_run_at.isoformat() if row.dry_run_at else None,
        "looked_at": row.looked_at.isoformat() if row.looked_at else None,
    }
