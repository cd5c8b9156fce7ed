"""What keeping fields and lists in step for segments costs: ``python -m bench.keeping [--crm C] [--people 2000]``.

An account with that many known people, as many contacts nobody knows, five fields that are kept in step and a list that
is followed lives through two whole days of 96 looks each, the reading of everybody among them: one on which nothing
happens, and a busy one on which 300 known and 3,000 unknown contacts change and 50 people become known, spread evenly.
Calls are counted at the sandbox. Between two looks everything in it becomes fifteen minutes older.
"""

import argparse
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from itertools import cycle, islice
from typing import Any, Protocol

import sqlalchemy as sa

from bench.support.databases import fresh
from bench.support.figures import say
from bench.support.settings import environ
from connectors.sandbox.hubspot import HubSpotSandbox
from connectors.sandbox.hubspot.portal import now as hub_now
from connectors.sandbox.salesforce import SalesforceSandbox
from plugin import config
from plugin.access.rules import CLI
from plugin.crm import tokengiven
from plugin.crm.connections import Connections
from plugin.crm.handlers.keep import Keeping
from plugin.crm.keeping import looks, offers, rules
from plugin.crm.store import find
from plugin.db import lowest_id
from plugin.deliveries.ledger import Ledger
from plugin.deliveries.pace import Pace
from plugin.deliveries.sending import Batch
from plugin.deliveries.store import delivery, lane
from plugin.people.store import person
from plugin.segments import choosing, keeping
from plugin.services import Services
from plugin.wiring import build_services

FIELDS = 5
KNOWN, UNKNOWN, NEW = 300, 3_000, 50  # of a busy day
ON_THE_LIST = 500
BUDGETS = {
    "hubspot": (250_000, 2),
    "salesforce": (15_000, 10),
}  # a day, of the smallest account; bar


class Side(Protocol):
    """A sandbox that can be made to look older than it is."""

    sandbox: Any
    contacts: list[str]

    def age(self, by: timedelta) -> None: ...
    def touch(self, contact: str) -> None: ...
    def follow(self) -> str: ...


class InHubSpot:
    def __init__(self, many: int) -> None:
        self.sandbox = HubSpotSandbox(rate=100_000, search_rate=100_000)
        self._made = self.sandbox.add_contacts(many, plan="Team")
        self.contacts = [one.id for one in self._made]

    def age(self, by: timedelta) -> None:
        for record in self._made:
            record.updated -= by

    def touch(self, contact: str) -> None:
        self.sandbox.portal.records["contacts"][contact].updated = hub_now()

    def follow(self) -> str:
        return self.sandbox.add_list("Partners", *self._made[:ON_THE_LIST])


class InSalesforce:
    def __init__(self, many: int) -> None:
        self.sandbox = SalesforceSandbox(daily_limit=10_000_000)
        self.contacts = self.sandbox.add_contacts(many, Plan__c="Team")

    def age(self, by: timedelta) -> None:
        for row in self.sandbox.org.rows["Contact"].values():
            row["SystemModstamp"] -= by

    def touch(self, contact: str) -> None:
        self.sandbox.change(contact)

    def follow(self) -> str:
        return self.sandbox.add_campaign("Partners", *self.contacts[:ON_THE_LIST])


SIDES: dict[str, Callable[[int], Side]] = {"hubspot": InHubSpot, "salesforce": InSalesforce}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--crm", choices=(*SIDES, "both"), default="both")
    parser.add_argument("--people", type=int, default=2_000)
    args = parser.parse_args(arguments)
    for name in SIDES if args.crm == "both" else (args.crm,):
        side = SIDES[name](2 * args.people)
        with fresh("sqlite") as url, side.sandbox:
            _measure(name, side, url, args.people)


def _measure(name: str, side: Side, url: str, people: int) -> None:
    place = {"hubspot": "HUBSPOT_API_URL", "salesforce": "SALESFORCE_LOGIN_URL"}[name]
    chosen = environ(url, 8000, LOG_LEVEL="error", **{place: side.sandbox.url})
    shared = build_services(config.load(chosen))
    with closing(shared.database):
        day = _Day(shared, name, side, people)
        day.looks(None)  # the first reading of all is no part of any day
        day.live(lambda number: None)
        rest = day.live(lambda number: None)
        busy = day.live(day.works)
        said = day.said()
    most, bar = BUDGETS[name]
    for what, calls in (("at rest", rest), ("on a busy day", busy)):
        say(f"{name}: calls a day {what}, {people:,} people", f"{calls:,}")
        say(f"{name}: of {most:,} {what}", f"{100 * calls / most:.2f} %", f"{bar} %")
    say(f"{name}: calls a day that the page says", f"{said:,}")


class _Day:
    """An account and what is kept of it in step."""

    def __init__(self, shared: Services, name: str, side: Side, people: int) -> None:
        self.shared, self.side, self.connections = shared, side, Connections(shared)
        url = side.sandbox.url if name == "salesforce" else ""
        granted = tokengiven.identified(self.connections, name, side.sandbox.token(), url)
        self.installation = tokengiven.store(self.connections, granted)
        self.names = ["", side.follow()]
        self._known = 0
        side.age(timedelta(days=2))
        self._know(people)
        self._choose()
        self._others = cycle(side.contacts[people:])
        self._theirs = cycle(side.contacts[:people])

    def _know(self, how_many: int) -> None:
        """People whom we know since yesterday."""
        since = lowest_id(self.shared.clock.now() - timedelta(days=1))[:-8]
        numbers = range(self._known, self._known + how_many)
        rows = [
            {
                "id": f"{since}{number:08d}",
                "installation": self.installation,
                "contact": self.side.contacts[number],
                "seen_at": self.shared.clock.now(),
            }
            for number in numbers
        ]
        self._known += how_many
        with self.shared.database.write() as connection:
            connection.execute(person.insert(), rows)

    def _choose(self) -> None:
        now = self.shared.clock.now()
        row = self.connections.row(self.installation)
        offered = self.connections.connector(row).contact_fields()[:FIELDS]
        with self.shared.database.write() as connection:
            for one in offered:
                choosing.keep_field(
                    connection, CLI, self.installation, one.value, one.label, one.kind, now
                )
            choosing.follow_list(connection, CLI, self.installation, self.names[1], "Partners", now)

    def live(self, work: Callable[[int], None]) -> int:
        """The calls of a day."""
        with self.shared.database.write() as connection:
            choosing.read_again(connection, self.installation)
        self.side.sandbox.calls.clear()
        for number in range(rules.LOOKS_A_DAY):
            work(number)
            self.looks(number)
            self.side.age(rules.EVERY)
        return len(self.side.sandbox.calls)

    def looks(self, number: int | None) -> None:
        """Through to where nothing is due: the fields each time, the list once an hour."""
        hourly = number is None or number % (rules.LIST_EVERY // rules.EVERY) == 0
        for name in self.names if hourly else self.names[:1]:
            self._look(name)

    def _look(self, name: str) -> None:
        ledger = Ledger(
            self.shared.database, {looks.KIND: Keeping(self.connections)}, self.shared.clock
        )
        clock = self.shared.clock
        with self.shared.database.write() as connection:
            looks.owe_look(connection, clock, self.installation, name, clock.now())
            connection.execute(lane.update().values(rate=1e6))
        while self._due(name):
            claim = ledger.take("bench")
            if claim is not None:
                Batch(ledger, claim, Pace(clock.monotonic), threading.Event()).send()
                ledger.give_back(claim.lease)

    def _due(self, name: str) -> bool:
        waiting = sa.select(delivery.c.id).where(
            delivery.c.topic == looks.topic(self.installation, name),
            delivery.c.state == "queued",
            delivery.c.due_at <= self.shared.clock.now(),
        )
        with self.shared.database.read() as connection:
            return connection.execute(waiting).first() is not None

    def works(self, number: int) -> None:
        """What people do before each look: their share of a busy day."""
        for whom, of in ((self._theirs, KNOWN), (self._others, UNKNOWN)):
            for contact in islice(whom, _share(of, number)):
                self.side.touch(contact)
        if new := _share(NEW, number):
            self._know(new)

    def said(self) -> int:
        """What the page of fields and lists says before anything is chosen."""
        with self.shared.database.read() as connection:
            row = find(connection, self.installation)
            assert row is not None
            one = offers.kept(connection, row)
            assert keeping.followed(connection, self.installation)
        fields = offers.fields_cost(self.connections, one)
        return fields + offers.list_cost(self.connections, self.installation, ON_THE_LIST)


def _share(of: int, number: int) -> int:
    """How many of a day's *of* fall on look *number*, spread evenly."""
    return of * (number + 1) // rules.LOOKS_A_DAY - of * number // rules.LOOKS_A_DAY


if __name__ == "__main__":
    main()
