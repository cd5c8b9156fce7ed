"""CRM calls for 1,000 waiting answers with 200 detractors: ``python -m bench.crm_calls``.

The answers wait in the ledger; then the real worker drains it against the sandbox CRM in a process of its own,
over HTTP. Contacts have owners of every kind (bench/support/sandbox.py), so looking owners up counts too.
Each call is told by method and path. HubSpot's least possible is 22 (100 rows a call), Salesforce's 11 (200).
"""

import argparse
import re
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing

import sqlalchemy as sa

from bench.support.crm import CRMS, Crm, sandbox
from bench.support.databases import KINDS, fresh
from bench.support.drain import answer, drained
from bench.support.figures import say
from bench.support.settings import environ
from plugin import config
from plugin.crm import polls
from plugin.db import Database
from plugin.deliveries.store import delivery
from plugin.operate.work import start_workers
from plugin.wiring import build_services

BARS = {"hubspot": 27, "salesforce": 14}
DETRACTORS = 5  # one answer in so many


def main(arguments: Sequence[str] | None = None) -> None:
    args = _parser().parse_args(arguments)
    for name in CRMS if args.crm == "both" else (args.crm,):
        with fresh(args.database) as url, sandbox(name, args.answers) as crm:
            _measure(crm, url, args)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--crm", choices=(*CRMS, "both"), default="both")
    parser.add_argument("--database", choices=KINDS, default="sqlite")
    parser.add_argument("--answers", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=120, help="give up after so long")
    return parser


def _measure(crm: Crm, url: str, args: argparse.Namespace) -> None:
    chosen = environ(url, 8000, LOG_LEVEL="error", **crm.settings())
    installation = crm.connect(chosen)
    shared = build_services(config.load(chosen))
    with closing(shared.database):
        answer(shared, installation, crm.contacts, DETRACTORS)
        with shared.database.write() as connection:
            polls.stop(
                connection, installation, "measuring"
            )  # looking for changes has a bench of its own
        crm.forget_calls()
        began = time.monotonic()
        stop = start_workers(shared, threads=1)
        left = drained(shared.database, args.seconds)
        took = time.monotonic() - began
        stop()
        _print(crm, args, took, left, _states(shared.database))


def _states(database: Database) -> list[tuple[str, str, int]]:
    query = (
        sa.select(delivery.c.kind, delivery.c.state, sa.func.count())
        .where(delivery.c.lane.like("crm:%"))
        .group_by(delivery.c.kind, delivery.c.state)
        .order_by(delivery.c.kind)
    )
    with database.read() as connection:
        return [(row[0], row[1], row[2]) for row in connection.execute(query)]


def _print(
    crm: Crm, args: argparse.Namespace, took: float, left: int, states: list[tuple[str, str, int]]
) -> None:
    calls = crm.calls()
    for path, count in sorted(_without_ids(calls).items()):
        say(f"{crm.name}: {path}", f"{count}")
    for kind, state, count in states:
        say(f"{crm.name}: {kind} {state}", f"{count}")
    say(f"{crm.name}: answer records, tasks", f"{len(crm.answers())}, {len(crm.tasks())}")
    say(f"{crm.name}: drained in", f"{took:.1f} s" + (f", {left} left" if left else ""))
    what = f"{crm.name}: calls for {args.answers} answers"
    say(what, f"{sum(calls.values())}", f"{BARS[crm.name]} or less for 1000")


def _without_ids(calls: Counter[str]) -> Counter[str]:
    shown: Counter[str] = Counter()
    for path, count in calls.items():
        shown[re.sub(r"/(\d{4,}|[0-9A-Za-z]{18})(?=/|$)", "/<id>", path)] += count
    return shown


if __name__ == "__main__":
    main()
