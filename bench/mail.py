"""Invitations over SMTP with kill -9 of the worker: ``python -m bench.mail [--mails N] [--kills N] [--database ...]``.

Everybody of *mails* people was asked by e-mail just now. A worker sends, and is killed and started again *kills* times
in the middle of it. The mail server is a process of its own that writes down who got what. In the end nobody has two
mails, everybody has one unless hers is listed as unsure, and few are. Exit code 1 when somebody got two or none.

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

import sqlalchemy as sa

from bench.support import planting
from bench.support.databases import KINDS, analyze, fresh
from bench.support.mail_storm import PATIENCE, Sent, kill_by_shares, told, unsure, working
from bench.support.processes import free_port, gensvar, python, running
from bench.support.settings import environ
from plugin.asking.store import ask
from plugin.clock import Clock
from plugin.config import Settings, load
from plugin.db import Database, new_id
from plugin.deliveries.actions import Owed, owe
from plugin.deliveries.store import delivery
from plugin.mail import lanes
from plugin.people.store import person

INSTALLATION = "hubspot:1"
CHUNK = 1000


def main(arguments: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(arguments)
    bad = 0
    for kind in KINDS if args.database == "both" else (args.database,):
        with fresh(kind) as url:
            bad += storm(kind, url, args.mails, args.kills, random.Random(args.seed))
    return 1 if bad else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--database", choices=(*KINDS, "both"), default="both")
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    return parser


def storm(kind: str, url: str, mails: int, kills: int, dice: random.Random) -> int:
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
        people = _asked(database, load(chosen), mails)
        sink = python("-m", "bench.support.mail_sink", f"{smtp}", f"{sent.file}")
        stack.enter_context(running(sink, smtp, log=folder / "sink"))
        began = time.monotonic()
        command = gensvar("serve", "--port", f"{web}") if database.embedded else gensvar("worker")
        with working(command, chosen, folder / "log") as worker:
            kill_by_shares(worker, database, sent, mails, kills, dice)
            left = _drained(database, mails)
        sent.seconds = time.monotonic() - began
        sent.unsure = unsure(database)
        return told(kind, "invitations", people, sent, kills, left)


def _asked(database: Database, settings: Settings, mails: int) -> list[str]:
    """Everybody's address. What the CRM says of them is as fresh as it stays for the whole run."""
    planting.add_touchpoint(database)
    planting.add_lane(database, INSTALLATION)
    addresses = [f"c{number}@customer.example" for number in range(mails)]
    for begin in range(0, mails, CHUNK):
        _chunk(database, settings, addresses[begin : begin + CHUNK])
    analyze(database)
    return addresses


def _chunk(database: Database, settings: Settings, addresses: Sequence[str]) -> None:
    now = Clock().now()
    rows = [(new_id(), new_id(), address) for address in addresses]
    with database.write() as connection:
        lane = lanes.ensure(connection, settings)
        people = [
            {
                "id": who, "installation": INSTALLATION, "contact": who, "email": address,
                "opted_out": False, "seen_at": now + timedelta(hours=1),
            }
            for who, _, address in rows
        ]  # fmt: skip
        asks = [
            {
                "id": asked, "installation": INSTALLATION, "person": who, "channel": "email",
                "touchpoint": planting.TOUCHPOINT, "locale": "en", "created_at": now,
                "expires_at": now + timedelta(days=60),
            }
            for who, asked, _ in rows
        ]  # fmt: skip
        connection.execute(person.insert(), people)
        connection.execute(ask.insert(), asks)
        names = [(f"invitation:{asked}", who, asked) for who, asked, _ in rows]
        owed = [Owed(lane, "invitation", n, n, who, {"ask": a}, now) for n, who, a in names]
        owe(connection, owed, now)


def _drained(database: Database, mails: int) -> int:
    """How many are still queued when none is, or when it took too long."""
    waiting = sa.select(sa.func.count()).where(
        delivery.c.state == "queued", delivery.c.kind == "invitation"
    )
    over = time.monotonic() + PATIENCE * mails + 60
    left = 1
    while left and time.monotonic() < over:
        time.sleep(0.2)
        with database.read() as connection:
            left = connection.scalar(waiting) or 0
    return left


if __name__ == "__main__":
    sys.exit(main())
