"""Kill -9 of web and worker at random moments: ``python -m bench.chaos [--database sqlite|postgresql|both]``.

4,000 customers answer over HTTP, some twice, while in each of 20 rounds `gensvar serve` or `gensvar worker`
(or one process of the web, or all) is killed and started again, or the processes that write answers are killed.
The CRMs are sandboxes in processes of their own. Customers try again with the same words when a connection breaks.
In the end every answer that a customer was told of must stand in the database and in its CRM in the right revision:
one answer record, one task for a detractor, the newest comment on the contact. Exit code 1 when something was lost
or doubled.

A dead worker holds its lane for up to half a minute. Where all workers were killed that time is cut short in
the database, so that the next kill meets work again; ``--patient`` waits instead, and also kills single
workers and single processes.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from bench.support import planting
from bench.support.crm import CRMS, Crm, sandbox
from bench.support.customers import Crowd, Customer, customers
from bench.support.databases import KINDS, fresh
from bench.support.figures import say
from bench.support.fleet import Fleet
from bench.support.processes import free_port
from bench.support.settings import environ
from bench.support.verdict import Verdict, judge
from plugin.db import Database
from plugin.deliveries.store import delivery, lane

ANSWERING = 6.0  # seconds in which the kill of a round falls
SHOWN = 20


@dataclass(frozen=True)
class Plan:
    """How much of it, and how rough."""

    rounds: int = 20
    answers: int = 4000
    crms: Sequence[str] = CRMS
    patient: bool = False
    seed: int = 1
    keys: bool = True
    seconds: float = 180  # for what is left to deliver in the end


def main(arguments: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(arguments)
    crms = CRMS if args.crm == "both" else (args.crm,)
    plan = Plan(args.rounds, args.answers, crms, args.patient, args.seed, not args.bare)
    bad = 0
    for kind in KINDS if args.database == "both" else (args.database,):
        with fresh(kind) as url:
            verdict = storm(kind, url, plan)
        bad += len(verdict.lost) + len(verdict.doubled)
    return 1 if bad else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--database", choices=(*KINDS, "both"), default="both")
    parser.add_argument("--crm", choices=(*CRMS, "both"), default="both")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--answers", type=int, default=4000)
    parser.add_argument("--patient", action="store_true")
    parser.add_argument(
        "--bare", action="store_true", help="CRMs without unique keys on activities"
    )
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    return parser


def storm(kind: str, url: str, plan: Plan) -> Verdict:
    """One run on the database at *url*, which is migrated and empty."""
    dice = random.Random(plan.seed)
    port = free_port()
    with ExitStack() as stack:
        database = stack.enter_context(closing(Database(url)))
        share = plan.answers // len(plan.crms)
        crms = {
            name: stack.enter_context(sandbox(name, share, keys=plan.keys)) for name in plan.crms
        }
        chosen = environ(url, port, LOG_LEVEL="error", **_places(crms))
        crowd = _crowd(database, crms, chosen, dice)
        log = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "log"
        with Fleet(url, port, chosen, log) as fleet:
            kills = _rounds(fleet, crowd, f"http://127.0.0.1:{port}", plan, dice)
            left = _drained(database, plan.seconds)
        verdict = judge(database, crms, crowd)
        _print(kind, plan, crowd, kills, _states(database), left, verdict)
        _lanes(kind, database)
    return verdict


def _places(crms: Mapping[str, Crm]) -> dict[str, str]:
    return {name: value for crm in crms.values() for name, value in crm.settings().items()}


def _crowd(
    database: Database, crms: Mapping[str, Crm], chosen: Mapping[str, str], dice: random.Random
) -> list[Customer]:
    planting.add_touchpoint(database)
    crowd = []
    for name, crm in crms.items():
        installation = crm.connect(chosen)
        tokens = planting.tokens(database, installation, crm.contacts)
        crowd += customers(name, tokens, crm.contacts, dice)
    dice.shuffle(crowd)
    return crowd


def _rounds(
    fleet: Fleet, crowd: Sequence[Customer], url: str, plan: Plan, dice: random.Random
) -> list[str]:
    people = Crowd(16, url, dice)
    size = -(-len(crowd) // plan.rounds)
    kills = []
    for start in range(0, len(crowd), size):
        done = people.answer(crowd[start : start + size])
        time.sleep(dice.uniform(0, ANSWERING))
        kills.append(fleet.harm(dice, patient=plan.patient))
        done.wait()
    people.close()
    return kills


def _drained(database: Database, seconds: float) -> int:
    query = sa.select(sa.func.count()).where(
        delivery.c.state == "queued", delivery.c.lane.like("crm:%")
    )
    over = time.monotonic() + seconds
    left = 1
    while left and time.monotonic() < over:
        time.sleep(0.3)
        with database.read() as connection:
            left = connection.scalar(query) or 0
    return left


def _states(database: Database) -> dict[str, int]:
    query = sa.select(delivery.c.state, sa.func.count()).group_by(delivery.c.state)
    with database.read() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def _lanes(kind: str, database: Database) -> None:
    """Why a lane stands still, where one does."""
    with database.read() as connection:
        rows = connection.execute(sa.select(lane).where(lane.c.id.like("crm:%"))).all()
    for row in rows:
        why = row.parked_reason or row.wait_reason or (row.owner and "held")
        if why:
            say(f"{kind}: lane {row.id} stands still", f"{why}, fails {row.fails}")


def _print(
    kind: str,
    plan: Plan,
    crowd: Sequence[Customer],
    kills: Sequence[str],
    states: Mapping[str, int],
    left: int,
    verdict: Verdict,
) -> None:
    said = sum(customer.heard for customer in crowd)
    say(f"{kind}: seed", f"{plan.seed}")
    for what in sorted(set(kills)):
        say(f"{kind}: {what}", f"{kills.count(what)} times")
    say(f"{kind}: customers, posts acknowledged", f"{len(crowd)}, {said}")
    say(f"{kind}: posts that had to be tried again", f"{sum(c.tries for c in crowd) - said}")
    for state, count in sorted(states.items()):
        say(f"{kind}: deliveries {state}", f"{count}")
    say(f"{kind}: deliveries left", f"{left}", "0")
    say(f"{kind}: lost", f"{len(verdict.lost)}", "0")
    say(f"{kind}: doubled", f"{len(verdict.doubled)}", "0")
    for words in [*verdict.lost[:SHOWN], *verdict.doubled[:SHOWN]]:
        print(f"    {words}")


if __name__ == "__main__":
    sys.exit(main())
