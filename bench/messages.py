"""Thanks over SMTP with kill -9 of the worker: ``python -m bench.messages [--recipients N] [--kills K]``.

*recipients* people spoke of slow replies, and the change is told to all of them. From the click on, a worker writes
down whom it is for, feeds their mails into the ledger and sends them; it is killed and started again *kills* times in
the middle of it. The mail server is a process of its own that writes down who got what. In the end nobody has two
mails, everybody has one unless hers is listed as unsure, few are, and the worker's memory is flat. Exit code 1 when
somebody got two or none.

A dead worker holds its lane for half a minute; that time is cut short, so that the next kill meets work again.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path

from bench.support import planting
from bench.support.databases import KINDS, analyze, fresh
from bench.support.figures import say
from bench.support.mail_storm import PATIENCE, Sent, Worker, kill_by_shares, told, unsure, working
from bench.support.processes import free_port, gensvar, python, running
from bench.support.settings import environ
from plugin.access.rules import CLI
from plugin.answers.store import answer
from plugin.asking.store import ask
from plugin.changes.store import change, change_theme
from plugin.clock import Clock
from plugin.config import Settings, load
from plugin.db import MILLISECOND, Database, lowest_id, new_id
from plugin.messages import actions, drafts
from plugin.people.store import person
from plugin.themes.store import answer_theme, theme_reading
from plugin.themes.sweep import Books
from plugin.wiring import build_services

INSTALLATION = "hubspot:1"
THEME = "slow_reply"
CHUNK = 1000
LONG = timedelta(hours=6)  # for which what the CRM says of people stays fresh
MEGABYTE = 2**20


def main(arguments: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(arguments)
    bad = 0
    for kind in KINDS if args.database == "both" else (args.database,):
        with fresh(kind) as url:
            bad += storm(kind, url, args.recipients, args.kills, random.Random(args.seed))
    return 1 if bad else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--database", choices=(*KINDS, "both"), default="both")
    parser.add_argument("--recipients", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    return parser


def storm(kind: str, url: str, recipients: int, kills: int, dice: random.Random) -> int:
    """One run on the migrated, empty database at *url*; how many got two mails or none."""
    with ExitStack() as stack:
        database = stack.enter_context(closing(Database(url)))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sent = Sent(folder / "mails")
        smtp, web = free_port(), free_port()
        chosen = environ(
            url, web, LOG_LEVEL="error", MAIL_URL=f"smtp://127.0.0.1:{smtp}?rate=10000",
            MAIL_FROM="nps@bench.example", MAIL_REPLY_TO="care@bench.example",
        )  # fmt: skip
        people = _customers(database, recipients)
        sink = python("-m", "bench.support.mail_sink", f"{smtp}", f"{sent.file}")
        stack.enter_context(running(sink, smtp, log=folder / "sink"))
        began = time.monotonic()
        change_id = _click(load(chosen), _change(database))
        say(f"{kind}: seconds from the click to the page", f"{time.monotonic() - began:.1f}")
        command = gensvar("serve", "--port", f"{web}") if database.embedded else gensvar("worker")
        with working(command, chosen, folder / "log") as worker:
            kill_by_shares(worker, database, sent, recipients, kills, dice)
            left = _drained(database, change_id, worker, sent, recipients)
        sent.seconds = time.monotonic() - began
        sent.unsure = unsure(database)
        _say_memory(kind, sent, recipients)
        return told(kind, "recipients of a message", people, sent, kills, left)


def _change(database: Database) -> str:
    texts = {"en": {"subject": "You were heard", "body": "Hello {first_name},\n\nWe reply faster."}}
    row = {"id": new_id(), "title": "Faster replies", "created_at": Clock().now(), "texts": texts}
    with database.write() as connection:
        connection.execute(change.insert().values(**row, created_by="bench", state="done"))
        connection.execute(change_theme.insert().values(change=row["id"], theme=THEME))
    return str(row["id"])


def _click(settings: Settings, change_id: str) -> str:
    """Everybody would be told, and that is right."""
    services = build_services(settings)
    with services.database.read() as connection:
        stamp = drafts.load(connection, change_id).stamp
    outcome = actions.send(services, CLI, change_id, stamp, ["everybody"])
    assert outcome.done, outcome.words
    services.database.close()
    return change_id


def _customers(database: Database, number: int) -> list[str]:
    """Everybody's address."""
    planting.add_touchpoint(database)
    planting.add_lane(database, INSTALLATION)
    addresses = [f"c{number}@customer.example" for number in range(number)]
    edition = Books().current(database).edition
    for begin in range(0, number, CHUNK):
        _chunk(database, addresses[begin : begin + CHUNK], begin, edition)
    analyze(database)
    return addresses


def _chunk(database: Database, addresses: Sequence[str], begin: int, edition: str) -> None:
    """Their answers are a month old, and were read long ago."""
    now = Clock().now()
    then = now.replace(microsecond=0) - timedelta(days=30)
    rows = [
        (new_id(), new_id(), lowest_id(then + number * MILLISECOND), address)
        for number, address in enumerate(addresses, begin)
    ]
    here = {"installation": INSTALLATION, "touchpoint": planting.TOUCHPOINT, "channel": "widget"}
    times = {"created_at": then, "answered_at": then, "expires_at": now}
    said = {"kind": "transactional", "locale": "en", "score": 3, "category": "detractor"}
    said |= {"comment": "It took you four days to answer.", "revision": 1}
    with database.write() as connection:
        people = [
            {
                "id": who, "installation": INSTALLATION, "contact": who, "email": address,
                "name": "Kim Berg", "opted_out": False, "seen_at": now + LONG,
            }
            for who, _, _, address in rows
        ]  # fmt: skip
        asks = [{"id": a, "person": w, "state": "answered", **here, **times} for w, a, _, _ in rows]
        answers = [
            {
                "id": one,
                "ask": a,
                "person": w,
                "answered_at": then,
                "revised_at": then,
                **here,
                **said,
            }
            for w, a, one, _ in rows
        ]
        about = [{"answer": one, "theme": THEME, "by": "rule", "at": now} for _, _, one, _ in rows]
        read = [
            {"answer": one, "revision": 1, "edition": edition, "language": "en", "at": now}
            for _, _, one, _ in rows
        ]
        for table, values in (
            (person, people),
            (ask, asks),
            (answer, answers),
            (answer_theme, about),
            (theme_reading, read),
        ):
            connection.execute(table.insert(), values)


def _drained(
    database: Database, change_id: str, worker: Worker, sent: Sent, recipients: int
) -> int:
    """0 when the message is done, 1 when it took too long."""
    over = time.monotonic() + PATIENCE * recipients + 60
    while time.monotonic() < over:
        time.sleep(0.2)
        worker.look(sent)
        with database.read() as connection:
            if drafts.load(connection, change_id).state == "done":
                return 0
    return 1


def _say_memory(kind: str, sent: Sent, recipients: int) -> None:
    """The most that was held while the first and the last tenth of the mails arrived."""
    tenth = recipients // 10
    first = [held for number, held in sent.memory if number <= tenth]
    last = [held for number, held in sent.memory if number >= recipients - tenth]
    words = (f"{max(held, default=0) / MEGABYTE:.0f} MB" for held in (first, last))
    say(f"{kind}: memory of the worker, first and last tenth", ", ".join(words), "the same")


if __name__ == "__main__":
    sys.exit(main())
