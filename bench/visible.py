"""Accepted to visible in the CRM: ``python -m bench.visible [--crm hubspot|salesforce|both]``.

Customers answer over HTTP at five a second for a minute, to `gensvar serve` with its worker (on PostgreSQL
`gensvar serve --no-worker` and `gensvar worker`), connected to a sandbox CRM in a process of its own. From the
reply to the customer until a reader of the CRM's records, who looks four times a second, finds the comment on
the contact, and a detractor's task. A delivery is due two seconds after the latest revision, by design.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

from bench.support import planting
from bench.support.crm import CRMS, Crm, sandbox
from bench.support.customers import Customer
from bench.support.databases import KINDS, fresh
from bench.support.figures import say
from bench.support.fleet import Fleet
from bench.support.processes import free_port
from bench.support.settings import environ
from plugin.db import Database

LOOK = 0.25
DETRACTOR = 6


def main(arguments: Sequence[str] | None = None) -> None:
    args = _parser().parse_args(arguments)
    for kind in KINDS if args.database == "both" else (args.database,):
        for name in CRMS if args.crm == "both" else (args.crm,):
            with fresh(kind) as url, sandbox(name, round(args.rate * args.seconds)) as crm:
                _measure(kind, url, crm, args)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--crm", choices=(*CRMS, "both"), default="both")
    parser.add_argument("--database", choices=(*KINDS, "both"), default="sqlite")
    parser.add_argument("--rate", type=float, default=5, help="answers a second")
    parser.add_argument("--seconds", type=float, default=60)
    return parser


def _measure(kind: str, url: str, crm: Crm, args: argparse.Namespace) -> None:
    port = free_port()
    chosen = environ(url, port, LOG_LEVEL="error", **crm.settings())
    with ExitStack() as stack:
        database = stack.enter_context(closing(Database(url)))
        planting.add_touchpoint(database)
        installation = crm.connect(chosen)
        crowd = _crowd(crm, planting.tokens(database, installation, crm.contacts))
        log = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "log"
        stack.enter_context(Fleet(url, port, chosen, log))
        watch = _Watch(crm, crowd)
        watch.run(f"http://127.0.0.1:{port}", args.rate)
    _print(f"{kind}, {crm.name}", watch)


def _crowd(crm: Crm, tokens: Sequence[str]) -> list[Customer]:
    dice = random.Random(1)
    return [
        Customer(token, contact, crm.name, [(dice.randrange(11), f"Customer {number} says.")])
        for number, (token, contact) in enumerate(zip(tokens, crm.contacts, strict=True))
    ]


class _Watch:
    """When each customer was told, and when his words and his task were first seen."""

    def __init__(self, crm: Crm, crowd: Sequence[Customer]) -> None:
        self._crm, self.crowd = crm, crowd
        self._told: dict[str, float] = {}
        self.contacts: dict[str, float] = {}
        self.tasks: dict[str, float] = {}

    @property
    def detractors(self) -> int:
        return sum(customer.says[0][0] <= DETRACTOR for customer in self.crowd)

    def run(self, url: str, rate: float) -> None:
        over = time.monotonic() + len(self.crowd) / rate + 30
        with ThreadPoolExecutor(16) as pool:
            pool.submit(self._answer, pool, url, rate)
            while time.monotonic() < over and not self._complete():
                time.sleep(LOOK)
                self._look()

    def _answer(self, pool: ThreadPoolExecutor, url: str, rate: float) -> None:
        began = time.monotonic()
        for number, customer in enumerate(self.crowd):
            time.sleep(max(0.0, began + number / rate - time.monotonic()))
            pool.submit(self._tell, customer, url)

    def _tell(self, customer: Customer, url: str) -> None:
        customer.behave(url, 0)
        self._told[customer.contact] = time.monotonic()

    def _look(self) -> None:
        comments, tasks = self._crm.comments(), self._crm.tasks()
        now = time.monotonic()
        for customer in self.crowd:
            told = self._told.get(customer.contact)
            if told is None:
                continue
            if customer.contact in comments:
                self.contacts.setdefault(customer.contact, now - told)
            if customer.answer in tasks:
                self.tasks.setdefault(customer.contact, now - told)

    def _complete(self) -> bool:
        return len(self.contacts) == len(self.crowd) and len(self.tasks) == self.detractors


def _print(what: str, watch: _Watch) -> None:
    total = len(watch.crowd)
    for name, seen, of, bar in (
        ("contact", watch.contacts, total, "under 5 s"),
        ("task", watch.tasks, watch.detractors, "under 10 s"),
    ):
        times = sorted(seen.values())
        say(f"{what}: {name} seen", f"{len(times)} of {of}")
        for share in (0.5, 0.95, 1.0):
            figure = times[min(len(times) - 1, int(share * len(times)))] if times else float("inf")
            said = bar if share == 0.95 else ""
            say(f"{what}: {name} visible after, p{share * 100:.0f}", f"{figure:.2f} s", said)


if __name__ == "__main__":
    main()
