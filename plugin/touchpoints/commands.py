"""``gensvar touchpoints``."""

import argparse

from plugin.access.rules import CLI
from plugin.command import Commands, add, add_json, columns, opened, show
from plugin.touchpoints import actions, reading
from plugin.touchpoints.reading import Touchpoint
from plugin.touchpoints.rules import CHANNELS, KINDS, STAGES, Draft, channels_of
from widget.locales import available


def add_commands(commands: Commands) -> None:
    top = add(commands, "touchpoints", "list what is asked where, or add to it", _list)
    add_json(top)
    verbs = top.add_subparsers(title="verbs", metavar="VERB")
    new = add(verbs, "add", "add a touchpoint", _add)
    new.add_argument("key", help="small letters, digits, - and _; for example support-case")
    new.add_argument("--name", required=True)
    new.add_argument("--kind", required=True, choices=KINDS)
    new.add_argument("--stage", required=True, choices=list(STAGES))
    new.add_argument("--company", default="", help="the company's name in the question")
    new.add_argument("--purpose", default="", help="what the answers are used for")
    new.add_argument(
        "--name-in", action="append", default=[], type=_name_in, metavar="LANGUAGE=NAME",
        help="what customers call it, for example sv='ditt supportärende'; may be repeated",
    )  # fmt: skip
    new.add_argument(
        "--channel", action="append", choices=CHANNELS, help="may be repeated; else all of them"
    )
    new.add_argument("--delay", type=int, default=0, metavar="HOURS", help="to wait before asking")
    new.add_argument(
        "--window", type=int, metavar="DAYS", help="after which asking is pointless; else 60"
    )
    new.add_argument("--sample", type=int, default=100, metavar="PER_CENT", help="of the contacts")
    new.add_argument(
        "--reminders",
        type=int,
        default=1,
        metavar="N",
        help="mails to who has not answered: 0 to 2",
    )
    new.add_argument("--reminder-days", type=int, default=5, metavar="DAYS", help="before each")
    add_json(new)


def _list(args: argparse.Namespace) -> int:
    with opened() as shared, shared.database.read() as connection:
        found = reading.listed(connection)
    heads = ("KEY", "NAME", "KIND", "STAGE", "PROMISE", "STATE")
    rows = [heads, *(_row(one) for one in found)]
    show(args, [_document(one) for one in found], columns(rows) if found else ["No touchpoints."])
    return 0


def _add(args: argparse.Namespace) -> int:
    draft = Draft(
        args.key, args.name, args.kind, args.stage, args.company,
        texts={f"{tag}.subject": name for tag, name in args.name_in},
        purpose=args.purpose, channels=tuple(args.channel or channels_of(args.kind)),
        delay=args.delay, window=args.window, sample=args.sample,
        reminders=args.reminders, reminder_days=args.reminder_days,
    )  # fmt: skip
    with opened() as shared:
        actions.add(shared, CLI, draft)
        with shared.database.read() as connection:
            made = reading.get(connection, args.key)
    show(args, _document(made), [f"Added {made.key}."])
    return 0


def _name_in(given: str) -> tuple[str, str]:
    tag, _, name = given.partition("=")
    if tag not in available() or not name:
        raise argparse.ArgumentTypeError(
            "write it like sv='ditt supportärende'; languages: " + " ".join(available())
        )
    return tag, name


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
        "purpose": one.purpose,
        "names": one.names,
        "channels": list(one.channels),
        "delay_hours": one.delay_hours,
        "window_days": one.window_days,
        "sample": one.sample,
        "reminders": one.reminders,
        "reminder_days": one.reminder_days,
        "created_at": one.created_at.isoformat(),
        "archived_at": one.archived_at.isoformat() if one.archived_at else None,
    }
