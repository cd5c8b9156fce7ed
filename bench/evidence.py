"""Machines that are counted and people who are not: ``python -m bench.evidence [--visits N] [--people N]``.

Gensvar as ``gensvar serve`` runs it. So many visits of machines, spread over all kinds (a tenth of them with a
browser), and of people in a real one. A machine's answer is looked at when the CRM would be told of it. Exit 1
when a machine was counted, or when more than one person in a hundred was not within two seconds of the act.
"""

import argparse
import asyncio
import sys
from collections.abc import Iterable, Mapping, Sequence

from bench.support import planting
from bench.support.databases import fresh
from bench.support.figures import say
from bench.support.processes import free_port, gensvar, running
from bench.support.settings import SIGNING_KEY, environ
from bench.support.visits import round as visits
from bench.support.visits.links import INSTALLATION
from bench.support.visits.people import PEOPLE
from bench.support.visits.programs import PROGRAMS
from bench.support.visits.round import Site, Tally
from bench.support.visits.scanners import SCANNERS
from plugin.db import Database

WITH_A_BROWSER = 0.1


def main(arguments: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(arguments)
    with fresh(args.database) as url:
        port = free_port()
        command = gensvar("serve", "--port", f"{port}", "--no-worker")
        with running(command, port, environ(url, port)):
            database = Database(url)
            planting.add_touchpoint(database)
            planting.add_lane(database, INSTALLATION)
            site = Site(f"http://127.0.0.1:{port}", database, [SIGNING_KEY])
            machines, people = asyncio.run(_both(site, args))
            database.close()
    return _report(machines, people)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--visits", type=int, default=1100, help="of machines")
    parser.add_argument("--people", type=int, default=400)
    return parser


async def _both(site: Site, args: argparse.Namespace) -> tuple[dict[str, Tally], dict[str, Tally]]:
    scanners = max(len(SCANNERS), round(args.visits * WITH_A_BROWSER))
    each = _spread(SCANNERS, scanners) | _spread(PROGRAMS, max(0, args.visits - scanners))
    async with visits.chromium_browser() as browser:
        machines = await visits.machines(site, browser, each)
        people = await visits.people(site, browser, _spread(PEOPLE, args.people))
    return machines, people


def _spread(kinds: Iterable[str], number: int) -> dict[str, int]:
    names = list(kinds)
    return {name: -(-number // len(names)) for name in names}


def _report(machines: Mapping[str, Tally], people: Mapping[str, Tally]) -> int:
    for name, tally in machines.items():
        say(f"machine, {name}: visits, answers left, counted", _three(tally))
    for name, tally in people.items():
        slowest = max((took for took in tally.times if took is not None), default=0)
        figure = f"{tally.visits}, {tally.in_time}, {max(slowest, 0):.2f} s"
        say(f"person, {name}: visits, counted within 2 s, the slowest", figure)
    visited = sum(tally.visits for tally in machines.values())
    counted = sum(tally.counted for tally in machines.values())
    asked = sum(tally.visits for tally in people.values())
    believed = sum(tally.in_time for tally in people.values())
    say(f"machine answers counted, of {visited} visits of {len(machines)} kinds", f"{counted}", "0")
    share = believed / asked if asked else 1.0
    say(f"people counted within 2 s of the act, of {asked}", f"{share:.1%}", "99 % or more")
    return 0 if counted == 0 and share >= 0.99 else 1


def _three(tally: Tally) -> str:
    return f"{tally.visits}, {tally.posts}, {tally.counted}"


if __name__ == "__main__":
    sys.exit(main())
