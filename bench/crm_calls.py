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

from bench.support import planting
from bench.support.crm import CRMS, Crm, sandbox
from bench.support.databases import KINDS, fresh
from bench.support.figures import say
from bench.support.settings import environ
from plugin import config
from plugin.answers.actions import Post
from plugin.answers.rules import Submission
from plugin.app import build_services, create_app
from plugin.db import Database
from plugin.deliveries.store import delivery
from plugin.operate.work import start_workers
from plugin.services import Services

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
        _answer(shared, installation, crm.contacts)
        crm.forget_calls()
        began = time.monotonic()
        stop = start_workers(shared, threads=1)
        left = _drained(shared.database, args.seconds)
        took = time.monotonic() - began
        stop()
        _print(crm, args, took, left, _states(shared.database))


def _answer(shared: Services, installation: str, contacts: Sequence[str]) -> None:
    """Each contact answers once, one in five as a detractor; all is due at once."""
    planting.add_touchpoint(shared.database)
    tokens = planting.tokens(shared.database, installation, contacts)
    app = create_app(shared)
    opener, recorder = app.extensions["gensvar.tokens"], app.extensions["gensvar.answers"].recorder
    for number, token in enumerate(tokens):
        score = 3 if number % DETRACTORS == 0 else 9
        said = Submission(token, score, f"Comment number {number}", None)
        recorder.submit(Post(opener.open(token).id, said))
    with shared.database.write() as connection:
        connection.execute(delivery.update().values(due_at=shared.clock.now()))


def _drained(database: Database, seconds: float) -> int:
    """How many deliveries are left when none is queued any more, or after *seconds*."""
    over = time.monotonic() + seconds
    waiting = sa.select(sa.func.count()).where(delivery.c.state == "queued")
    while time.monotonic() < over:
        with database.read() as connection:
            left = connection.scalar(waiting.where(delivery.c.lane.like("crm:%"))) or 0
        if not left:
            return 0
        time.sleep(0.2)
    return left


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
