"""export-person, resubscribe, erase."""

import argparse
import sys
import time
from typing import Any

from sqlalchemy.engine import Row

from plugin.access.audit import audit
from plugin.access.rules import CLI
from plugin.command import Commands, WrongUse, add, add_json, as_json, note, opened, show
from plugin.crm.erasing import Erased, erase_person
from plugin.crm.person_export import document, named
from plugin.crm.rules import explain
from plugin.crm.store import find
from plugin.deliveries import queries
from plugin.errors import Problem
from plugin.mail.unsubscribing import subscribe_again
from plugin.services import Services

WAIT = 20.0  # seconds for a worker that is there to clear the CRM
CRM_STATES = {
    "delivered": "In the CRM our fields, notes, answer records and tasks are taken away.",
    "parked": "The CRM refused to take ours away: correct it, then run this command again.",
    "queued": "What we wrote in the CRM is still owed to be taken away; the worker does it by itself.",
}


def add_commands(commands: Commands) -> None:
    exporting = add(commands, "export-person", "everything held on one person, as JSON", _export)
    _whom(exporting)
    add_json(exporting)
    again = add(
        commands, "resubscribe", "undo a person's unsubscribing, because she said so", _resubscribe
    )
    _whom(again)
    add_json(again)
    erasing = add(commands, "erase", "erase one person here, and what we wrote in the CRM", _erase)
    _whom(erasing)
    erasing.add_argument("--yes", action="store_true", help="do not ask first")
    add_json(erasing)


def _whom(command: argparse.ArgumentParser) -> None:
    command.add_argument("installation", metavar="INSTALLATION")
    command.add_argument(
        "contact", metavar="CONTACT", help="the CRM's record id, or an e-mail address known here"
    )


def _export(args: argparse.Namespace) -> int:
    with opened() as services, services.database.read() as connection:
        _known_installation(connection, args.installation)
        found = named(connection, args.installation, args.contact)
        held = document(connection, found, services.clock.now())
    show(args, held, [as_json(held, indent=1)])
    return 0


def _resubscribe(args: argparse.Namespace) -> int:
    with opened() as services, services.database.write() as connection:
        _known_installation(connection, args.installation)
        found = named(connection, args.installation, args.contact)
        done = subscribe_again(connection, found.id, services.clock.now())
        if done:
            audit(connection, CLI, "resubscribed", f"contact {found.contact}")
    whom = f"Contact {found.contact} of {found.installation}"
    words = "may be asked again, by the rules of frequency." if done else "had not unsubscribed."
    document = {"installation": found.installation, "contact": found.contact, "resubscribed": done}
    show(args, document, [f"{whom} {words}"])
    return 0


def _erase(args: argparse.Namespace) -> int:
    with opened() as services:
        with services.database.read() as connection:
            _known_installation(connection, args.installation)
            found = named(connection, args.installation, args.contact)
        _sure(found, yes=args.yes)
        now = services.clock.now()
        with services.database.write() as connection:
            done = erase_person(connection, found.installation, found.contact, now)
            audit(connection, CLI, "erased", f"contact {found.contact} of {found.installation}")
        settled = _cleared(services, done)
    state = settled.state if settled.state in CRM_STATES else "queued"
    why = explain(settled.error or "", settled.error_detail or "") if state == "parked" else ""
    show(args, _document(found, done, state, why), _lines(found, done, state, why))
    return 1 if state == "parked" else 0


def _known_installation(connection: Any, installation: str) -> None:
    if find(connection, installation) is None:
        raise Problem("not_found", f"There is no installation {installation}.")


def _sure(found: Row[Any], *, yes: bool) -> None:
    """Raises ``WrongUse`` where nobody is there to say yes, or says something else."""
    if yes:
        return
    note(
        f"This erases everything about contact {found.contact} of {found.installation} here, and our fields, "
        "notes, answer records and tasks in the CRM. It cannot be undone. The contact itself stays."
    )
    if not sys.stdin.isatty():
        raise WrongUse("Nothing was erased: say --yes where nobody can be asked.")
    if input("Type erase to go on: ").strip() != "erase":
        raise WrongUse("Nothing was erased.")


def _cleared(services: Services, done: Erased) -> Row[Any]:
    """The delivery that clears the CRM, once it is settled or nobody is there to settle it soon."""
    until = time.monotonic() + WAIT
    while True:
        with services.database.read() as connection:
            row = queries.one(connection, str(done.delivery))
            beat = queries.newest_beat_age(connection)
        waiting = row is not None and row.state in ("queued", "sending") and not row.error
        working = beat is not None and beat.total_seconds() < WAIT
        if row is not None and not (waiting and working and time.monotonic() < until):
            return row
        time.sleep(0.2)


def _document(found: Row[Any], done: Erased, state: str, why: str) -> dict[str, Any]:
    return {
        "installation": found.installation,
        "contact": found.contact,
        "contacts": list(done.contacts),
        "erased": done.things,
        "deliveries_voided": done.deliveries,
        "crm": {"delivery": done.delivery, "state": state, "reason": why or None},
    }


def _lines(found: Row[Any], done: Erased, state: str, why: str) -> list[str]:
    merged = len(done.contacts) - 1
    too = f", and of {merged} merged with it," if merged else ""
    return [
        f"Everything about contact {found.contact} of {found.installation}{too} is erased here.",
        f"  {done.things} answers, asks, follow-ups and requests are deleted.",
        f"  {done.deliveries} deliveries are not sent any more.",
        f"{CRM_STATES[state]} {why}".rstrip(),
    ]
