"""Webhooks: ``python -m bench.webhooks [--database sqlite|postgresql|both] [--seconds 60] [--batch 10]``.

150 events a second for a minute, ten in a call (HubSpot puts up to a hundred into one; ``--batch 1`` is the hardest):
deleted, restored and changed contacts, half of them known here, one in twenty sent twice. Told are how long a call
waits for its answer, whether all events were kept once, and how long after the last one all of them were worked.
"""

import argparse
import json
import random
import time
from collections.abc import Sequence
from contextlib import ExitStack

import sqlalchemy as sa

from bench.support import hubspot, planting
from bench.support.databases import KINDS, fresh
from bench.support.figures import say
from bench.support.load import Loader
from bench.support.processes import free_port, gensvar, processor_seconds, running
from bench.support.settings import environ
from plugin.clock import Clock
from plugin.db import Database, new_id
from plugin.deliveries.store import delivery, queued
from plugin.people.store import person

RATE = 150
KNOWN = 2000
KINDS_OF_EVENT = ("object.deletion", "object.restore", "object.propertyChange")


def main(arguments: Sequence[str] | None = None) -> None:
    args = _parser().parse_args(arguments)
    for kind in KINDS if args.database == "both" else (args.database,):
        with fresh(kind) as url, Loader() as loader:
            _measure(kind, url, loader, args)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--database", choices=(*KINDS, "both"), default="both")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--batch", type=int, default=10, help="events in one call")
    return parser


def _measure(kind: str, url: str, loader: Loader, args: argparse.Namespace) -> None:
    database = Database(url)
    planting.add_touchpoint(database)
    hubspot.add_account(database)
    _people(database)
    port = free_port()
    with ExitStack() as stack:
        serve = gensvar("serve", "--port", f"{port}")
        settings = environ(url, port, **hubspot.SETTINGS)
        program = stack.enter_context(running(serve, port, settings))
        events = [_event(number) for number in range(RATE * args.seconds)]
        calls = _calls(events, args.batch)
        requests = [hubspot.webhook_request(port, json.dumps(call).encode()) for call in calls]
        before = processor_seconds(program)
        outcome = loader.offer(
            port, requests, connections=10, rate=RATE / args.batch, seconds=3 * args.seconds + 60
        )
        behind, took = _waiting(database), _drained(database)
        used = processor_seconds(program) - before
    assert set(outcome.statuses) == {200}, outcome.statuses
    say(
        f"{kind}: events a second, {args.batch} in a call",
        f"{len(events) / outcome.seconds:.0f}",
        f"{RATE}",
    )
    for share, bar in ((0.5, ""), (0.99, "1000 ms")):
        say(f"{kind}: p{share * 100:.0f} of an answer", f"{outcome.percentile(share):.1f} ms", bar)
    each = f"{1000 * used / len(events):.2f} ms"
    say(f"{kind}: processor time an event, kept and worked", each)
    kept = _kept(database)
    say(f"{kind}: events sent, kept", f"{len(events)}, {kept}", "alike")
    say(f"{kind}: waiting when the last was sent, worked after", f"{behind}, {took:.1f} s", "60 s")
    database.close()
    assert kept == len(events)


def _people(database: Database) -> None:
    now = Clock().now()
    with database.write() as connection:
        connection.execute(
            person.insert(),
            [
                {
                    "id": new_id(),
                    "installation": hubspot.INSTALLATION,
                    "contact": str(n),
                    "seen_at": now,
                }
                for n in range(KNOWN)
            ],
        )


def _event(number: int) -> dict[str, object]:
    return {
        "eventId": number, "subscriptionId": 7, "portalId": int(hubspot.PORTAL),
        "appId": int(hubspot.APP), "occurredAt": int(time.time() * 1000) + number,
        "subscriptionType": KINDS_OF_EVENT[number % 3], "objectTypeId": "0-1",
        "attemptNumber": 0, "objectId": 1 + number % (2 * KNOWN), "propertyName": "email",
    }  # fmt: skip


def _calls(events: Sequence[dict[str, object]], batch: int) -> list[list[dict[str, object]]]:
    """One in twenty comes again with the next call."""
    dice, again = random.Random(1), list[dict[str, object]]()
    made = []
    for start in range(0, len(events), batch):
        made.append([*events[start : start + batch], *again])
        again = [event for event in events[start : start + batch] if dice.random() < 0.05]
    return made


def _waiting(database: Database) -> int:
    counted = sa.select(sa.func.count()).where(queued, delivery.c.kind == "event")
    with database.read() as connection:
        return int(connection.scalar(counted) or 0)


def _drained(database: Database) -> float:
    began = time.monotonic()
    while _waiting(database) and time.monotonic() - began < 120:
        time.sleep(0.1)
    return time.monotonic() - began


def _kept(database: Database) -> int:
    counted = sa.select(sa.func.count()).where(
        delivery.c.kind == "event", delivery.c.state == "delivered"
    )
    with database.read() as connection:
        return int(connection.scalar(counted) or 0)


if __name__ == "__main__":
    main()
