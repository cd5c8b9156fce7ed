"""``gensvar touchpoints``."""

import argparse

from plugin.access.rules import CLI
from plugin.command import Commands, add, add_json, columns, opened, show
from plugin.touchpoints import actions, reading
from plugin.touchpoints.reading import Touchpoint
from plugin.touchpoints.rules import KINDS, STAGES, Draft


def add_commands(commands: Commands) -> None:
    top = add(commands, "touchpoints", "list what is asked where, or add to it", _list)
    add_json(top)
    verbs = top.add_subparsers(title="verbs", metavar="VERB")
    new = add(verbs, "add", "add a touchpoint", _add)
    new.add_argument("key", help="small letters, digits, - and _; for example support-case")
    new.add_argument("--name", required=True)
    new.add_argument("--kind", required=True, choices=KINDS)
    new.add_argument("--stage", required=True, choices=STAGES)
    new.add_argument("--company", default="", help="the company's name in the question")
    add_json(new)


def _list(args: argparse.Namespace) -> int:
    with opened() as shared, shared.database.read() as connection:
        found = reading.listed(connection)
    heads = ("KEY", "NAME", "KIND", "STAGE", "PROMISE", "STATE")
    rows = [heads, *(_row(one) for one in found)]
    show(args, [_document(one) for one in found], columns(rows) if found else ["No touchpoints."])
    return 0


def _add(args: argparse.Namespace) -> int:
    draft = Draft(args.key, args.name, args.kind, args.stage, args.company)
    with opened() as shared:
        actions.add(shared, CLI, draft)
        with shared.database.read() as connection:
            made = reading.get(connection, args.key)
    show(args, _document(made), [f"Added {made.key}."])
    return 0


def _row(one: Touchpoint) -> tuple[str, ...]:
    state = "archived" if one.archived_at else "in use"
    return one.key, one.name, one.kind, one.stage, one.promise, state


def _document(one: Touchpoint) -> dict[str, object]:
    return {
        "key": one.key,
        "name": one.name,
        "kind": one.kind,
        "stage": one.stage,
        "company": one.company,
        "promise": one.promise,
        "created_at": one.created_at.isoformat(),
        "archived_at": one.archived_at.isoformat() if one.archived_at else None,
    }
