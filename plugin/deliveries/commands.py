"""``gensvar deliveries`` and ``gensvar replay``."""

import argparse
from typing import Any

from sqlalchemy.engine import Row

from plugin.access.audit import audit
from plugin.access.rules import CLI
from plugin.command import Commands, add, add_json, columns, note, opened, show
from plugin.deliveries import queries
from plugin.deliveries.actions import replay
from plugin.deliveries.words import Explain, reason

MOST = 200


def add_commands(commands: Commands) -> None:
    listing = add(
        commands, "deliveries", "list what is owed to CRMs and was done, with reasons", _list
    )
    listing.add_argument("--state", choices=queries.STATES, help="only those in this state")
    listing.add_argument("--installation", help="only those of this account, as hubspot:123")
    listing.add_argument("--limit", type=int, default=MOST, help="at most so many, newest first")
    add_json(listing)
    again = add(commands, "replay", "put parked deliveries back into the queue, once each", _replay)
    again.add_argument("delivery", nargs="+", help="ids, as `gensvar deliveries` lists them")
    add_json(again)


def _list(args: argparse.Namespace) -> int:
    lanes = (
        [f"crm:{args.installation}", f"setup:{args.installation}"] if args.installation else None
    )
    wanted = queries.Filter(state=args.state, lanes=lanes)
    with opened() as shared, shared.database.read() as connection:
        rows = queries.page(connection, wanted, limit=max(1, args.limit))
        found = [_document(row, shared.explain) for row in rows]
    head = ["DELIVERY", "INSTALLATION", "KIND", "STATE", "REASON OR PROOF"]
    lines = columns([head, *map(_line, found)]) if found else ["Nothing is owed, nothing was done."]
    show(args, found, lines)
    return 0


def _document(row: Row[Any], explain: Explain) -> dict[str, Any]:
    why = reason(row.error, explain)
    return {
        "id": row.id,
        "installation": row.lane.partition(":")[2],
        "lane": row.lane,
        "kind": row.kind,
        "key": row.key,
        "state": row.state,
        "attempts": row.attempts,
        "reason": row.error,
        "words": why.what if why else None,
        "do": why.do if why else None,
        "detail": row.error_detail,
        "proof": row.proof,
        "due_at": row.due_at.isoformat(),
        "created_at": row.created_at.isoformat(),
        "settled_at": row.settled_at.isoformat() if row.settled_at else None,
        "replayed_at": row.replayed_at.isoformat() if row.replayed_at else None,
    }


def _line(each: dict[str, Any]) -> list[str]:
    said = " ".join(part for part in (each["words"], each["detail"], each["do"]) if part)
    return [
        each["id"],
        each["installation"],
        each["kind"],
        each["state"],
        said or each["proof"] or "",
    ]


def _replay(args: argparse.Namespace) -> int:
    with opened() as shared, shared.database.write() as connection:
        done = replay(connection, args.delivery, shared.clock.now())
        for one in done:
            if one.done:
                audit(connection, CLI, "replayed", f"delivery {one.id}")
    for one in done:
        if not one.done:
            note(f"{one.id}: {one.words}")
    show(
        args,
        [{"id": one.id, "replayed": one.done, "words": one.words} for one in done],
        [f"{one.id}: back in the queue" for one in done if one.done],
    )
    return 0 if all(one.done for one in done) else 1
