"""What looking for changes costs a CRM's daily budget: ``python -m bench.polling [--crm C] [--polls 24]``.

An account with 50 open follow-ups is polled some times with nothing happening in it, then as often while people
work there as on a busy day: tasks closed, contacts deleted, surveys asked for. The calls of those polls are counted at
the sandbox and extrapolated to the 288 polls of a day. What changes owe the CRM in turn (the fields of a contact whose
task was closed) are deliveries, and not counted here.
"""

import argparse
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from itertools import islice
from typing import Any

import requests
import sqlalchemy as sa

from bench.support.crm import CRMS, Crm, sandbox
from bench.support.databases import fresh
from bench.support.drain import answer, drained
from bench.support.figures import say
from bench.support.settings import environ
from connectors.manifest import manifest
from plugin import config
from plugin.crm import polls
from plugin.crm.connections import Connections
from plugin.crm.handlers.poll import Polls
from plugin.crm.store import find
from plugin.deliveries.ledger import Ledger
from plugin.deliveries.pace import Pace
from plugin.deliveries.sending import Batch
from plugin.followups.store import followup
from plugin.operate.work import start_workers
from plugin.services import Services
from plugin.wiring import build_services

A_DAY = 288  # polls
FOLLOW_UPS = 50
BUDGETS = {"an Enterprise org's 100,000": (100_000, 2), "a Developer org's 15,000": (15_000, 10)}
TASKS = 100  # of a busy day; and as many of these:
CONTACTS = 300
SURVEYS = 50


def main(arguments: Sequence[str] | None = None) -> None:
    args = _parser().parse_args(arguments)
    for name in CRMS if args.crm == "both" else (args.crm,):
        with fresh("sqlite") as url, sandbox(name, FOLLOW_UPS + 2 * CONTACTS) as crm:
            _measure(crm, url, args.polls)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--crm", choices=(*CRMS, "both"), default="both")
    parser.add_argument("--polls", type=int, default=24, help="of each kind of day")
    return parser


def _measure(crm: Crm, url: str, times: int) -> None:
    chosen = environ(url, 8000, LOG_LEVEL="error", **crm.settings())
    installation = crm.connect(chosen)
    shared = build_services(config.load(chosen))
    with closing(shared.database):
        answer(shared, installation, crm.contacts[:FOLLOW_UPS], 1)
        stop = start_workers(shared, threads=1)
        left = drained(shared.database, 120)
        stop()
        assert not left, f"{left} deliveries were never done"
        _look(shared, installation)
        rest = _counted(crm, shared, installation, times, lambda number: None)
        busy = _counted(crm, shared, installation, times, _working(crm, shared, times))
    _print(crm, times, rest, busy)


def _counted(
    crm: Crm, shared: Services, installation: str, times: int, work: Callable[[int], None]
) -> int:
    calls = 0
    for number in range(times):
        work(number)
        crm.forget_calls()
        _look(shared, installation)
        calls += sum(crm.calls().values())
    return calls


def _look(shared: Services, installation: str) -> None:
    """One poll to its end, by a process that knows nothing from the one before."""
    ledger = Ledger(shared.database, {polls.KIND: Polls(Connections(shared))}, shared.clock)
    before = _polled_at(shared, installation)
    while _polled_at(shared, installation) == before:
        with shared.database.write() as connection:
            polls.hurry(connection, shared.clock, installation)
        claim = ledger.take("bench")
        if claim is not None:
            Batch(ledger, claim, Pace(shared.clock.monotonic), threading.Event()).send()
            ledger.give_back(claim.lease)


def _polled_at(shared: Services, installation: str) -> Any:
    with shared.database.read() as connection:
        row = find(connection, installation)
    return row.polled_at if row else None


def _working(crm: Crm, shared: Services, times: int) -> Callable[[int], None]:
    """What people do before each poll: their share of a busy day."""
    with shared.database.read() as connection:
        tasks = iter(connection.scalars(sa.select(followup.c.task)).all())
    others = iter(crm.contacts[FOLLOW_UPS:])

    def share(of: int, number: int) -> int:
        """How many of a day's *of* fall on poll *number*, spread evenly."""
        return of * (number + 1) // A_DAY - of * number // A_DAY

    def work(number: int) -> None:
        for task in islice(tasks, share(TASKS, number)):
            _close(crm, task)
        for contact in islice(others, share(CONTACTS, number)):
            crm.order(
                f"records/{'contacts' if crm.name == 'hubspot' else 'Contact'}/{contact}/delete"
            )
        if crm.name == "salesforce":
            for contact in crm.contacts[: share(SURVEYS, number)]:
                _wish(crm, contact)

    return work


def _close(crm: Crm, task: str) -> None:
    if crm.name == "salesforce":
        crm.order(f"records/Task/{task}/change", Status="Completed")
        return
    url = f"{crm.url}/crm/objects/{manifest().hubspot.api_version}/tasks/{task}"
    sent = {"properties": {"hs_task_status": "COMPLETED"}}
    headers = {"Authorization": f"Bearer {crm.token}"}
    requests.patch(url, json=sent, headers=headers, timeout=30).raise_for_status()


def _wish(crm: Crm, contact: str) -> None:
    asked = {"contact": contact, "touchpoint": "support"}
    values = {str(manifest().request[key].salesforce): value for key, value in asked.items()}
    crm.order(f"records/{manifest().salesforce.request.object}", **values)


def _print(crm: Crm, times: int, rest: int, busy: int) -> None:
    for what, calls in (("at rest", rest), ("on a busy day", busy)):
        a_day = round(calls / times * A_DAY)
        say(f"{crm.name}: calls in {times} polls {what}", f"{calls}")
        say(f"{crm.name}: calls a day {what}", f"{a_day}")
        if crm.name == "salesforce":
            for budget, (most, bar) in BUDGETS.items():
                say(f"{crm.name}: of {budget} {what}", f"{100 * a_day / most:.2f} %", f"{bar} %")


if __name__ == "__main__":
    main()
