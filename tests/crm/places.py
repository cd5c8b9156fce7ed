"""A server with its database and, over real HTTP, the CRMs it is connected to."""

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from connectors.accounts import Setup
from plugin.access.rules import CLI
from plugin.answers.actions import Post, record
from plugin.answers.rules import Submission
from plugin.asking.store import ask
from plugin.clock import Clock
from plugin.config import Settings
from plugin.crm import setup
from plugin.crm.actions import connect
from plugin.crm.connections import Connections
from plugin.crm.consequences import consequences
from plugin.crm.directory import CrmDirectory, accounts
from plugin.crm.handlers import handlers
from plugin.crm.keeping import looks
from plugin.crm.polls import KIND, poll_lane
from plugin.crm.store import change, find
from plugin.crm.tokens import InstallationTokens
from plugin.crm.watching import CrmSource
from plugin.db import Database, new_id
from plugin.deliveries.ledger import Ledger
from plugin.deliveries.pace import Pace
from plugin.deliveries.queries import TIMERS
from plugin.deliveries.sending import Batch
from plugin.deliveries.store import delivery, lane
from plugin.deliveries.verdicts import Handler
from plugin.followups.store import followup
from plugin.people.store import person
from plugin.sealing import Sealer
from plugin.services import Services
from plugin.touchpoints.store import touchpoint
from plugin.triggers import finding, looking
from plugin.triggers.deciding import TriggerEvents

FAST = 1_000_000.0  # every wait of ours is as good as nothing


class MovableClock(Clock):
    """The real time, and what a test adds to it."""

    def __init__(self, scale: float = FAST) -> None:
        super().__init__(scale)
        self.ahead = timedelta()

    def now(self):
        return super().now() + self.ahead

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead.total_seconds()


class NoStop:
    def is_set(self) -> bool:
        return False

    def wait(self, seconds: float) -> bool:
        return False


def settings(database_url: str, **more: Any) -> Settings:
    return Settings(
        env="test",
        database_url=database_url,
        base_url="http://127.0.0.1:8080",
        signing_keys=("s" * 40,),
        encryption_keys=("e" * 40,),
        admin_token="a" * 40,
        log_level="error",
        **more,
    )


@dataclass
class Place:
    """One server process; ``another()`` is a second one at the same database."""

    services: Services
    connections: Connections = field(init=False)
    others: list["Place"] = field(default_factory=list)

    def __post_init__(self) -> None:
        directory = CrmDirectory(self.services)
        self.services.directory = directory
        self.services.source = CrmSource(directory)
        self.services.accounts = accounts
        self.connections = directory.connections
        self.pace = Pace(Clock().monotonic)

    # -- connecting

    def connect(self, crm: str, sandbox: Any, *, way: str = "oauth", set_up: bool = True) -> str:
        """As if an administrator had just connected the sandbox's account. What connects none loads no sandbox."""
        from tests.support.granting import grant

        granted = grant(crm, sandbox, way)
        with self.services.database.write() as connection:
            made = connect(
                connection, self.services.clock, self.services.sealer, granted, way=way, who=CLI
            )
            connection.execute(lane.update().values(rate=1e6))
        if set_up:
            self._set_up(made, sandbox)
            self.run(lane.update().values(rate=1e6))
        return made

    def _set_up(self, installation: str, sandbox: Any) -> None:
        from tests.support.installing import once_installed

        connector = self.connections.connector(self.row(installation))

        def apply() -> Setup:
            step = connector.apply("")
            while not step.done:
                step = connector.apply(step.state)
            return step

        store = setup.installed(
            self.connections, installation, connector, once_installed(sandbox, apply)
        )
        with self.services.database.write() as connection:
            store(connection)

    def tokens(self, installation: str) -> InstallationTokens:
        return self.connections.tokens(installation)

    def row(self, installation: str):
        with self.services.database.read() as connection:
            return find(connection, installation)

    def change(self, installation: str, **values: Any) -> None:
        with self.services.database.write() as connection:
            change(connection, installation, **values)

    # -- people and answers

    def touchpoint(
        self, key: str = "support", name: str = "your support case", kind="transactional"
    ):
        values = {"key": key, "name": name, "kind": kind, "stage": "contact"}
        with suppress(sa.exc.IntegrityError):
            self.run(touchpoint.insert().values(**values, created_at=self.services.clock.now()))
        return key

    def person(self, installation: str, contact: str, **values: Any) -> str:
        row = {"id": new_id(), "installation": installation, "contact": contact}
        self.run(person.insert().values(**row, seen_at=self.services.clock.now(), **values))
        return row["id"]

    def answer(
        self, person_id: str, score: int | None, comment: str | None = None, **more: Any
    ) -> str:
        """One answer to a new ask, with all it owes; its ask's id, by which ``revise`` finds it."""
        now, ask_id = self.services.clock.now(), new_id()
        known = self.one(sa.select(person).where(person.c.id == person_id))
        key = self.touchpoint(**more.pop("touchpoint", {}))
        self.run(ask.update().where(ask.c.person == person_id).values(state="answered"))
        self.run(
            ask.insert().values(
                id=ask_id,
                installation=known.installation,
                person=person_id,
                touchpoint=key,
                channel="link",
                created_at=now,
                expires_at=now + timedelta(days=60),
            )
        )
        self.revise(ask_id, score, comment, **more)
        return ask_id

    def revise(
        self, ask_id: str, score: int | None, comment: str | None = None, **more: Any
    ) -> None:
        clock = self.services.clock
        said = Submission("", score, comment, **more)
        with self.services.database.write() as connection:
            record(
                connection,
                [Post(ask_id, said)],
                now=clock.now(),
                window=timedelta(hours=24),
                consequences=consequences(clock).told,
            )

    # -- delivering

    @property
    def ledger(self) -> Ledger:
        """Everything but looks into a CRM, of which there is no end."""
        endless = (KIND, looking.KIND, looks.KIND)
        chosen = {k: h for k, h in handlers(self.connections).items() if k not in endless}
        return self._ledger({**chosen, finding.KIND: TriggerEvents(self.services)})

    def _ledger(self, chosen: Mapping[str, Handler]) -> Ledger:
        return Ledger(self.services.database, chosen, self.services.clock, spread=lambda: 0.0)

    def poll(self, installation: str, times: int = 1) -> None:
        """Looks at once at what happened in the CRM."""
        for _ in range(times):
            self._at_once(KIND, delivery.c.lane == poll_lane(installation))
            self._work_inbox()

    def _work_inbox(self) -> None:
        ledger = self._ledger({"event": handlers(self.connections)["event"]})
        time.sleep(0.003)
        while (claim := ledger.take("inbox")) is not None:
            Batch(ledger, claim, self.pace, NoStop()).send()
            ledger.give_back(claim.lease)

    def look(self, key: str, times: int = 1) -> None:
        """A trigger looks at once into its CRM."""
        for _ in range(times):
            self._at_once(looking.KIND, delivery.c.topic == looking.topic(key))

    def keep(self, installation: str, name: str = looks.FIELDS, times: int = 1) -> None:
        """Looks at once at the fields, or at the list called *name*."""
        self.run(lane.update().values(rate=1e6))
        for _ in range(times):
            self._at_once(looks.KIND, delivery.c.topic == looks.topic(installation, name))

    def _at_once(self, kind: str, waiting: Any) -> None:
        ledger = self._ledger({kind: handlers(self.connections)[kind]})
        mine = (waiting, delivery.c.state == "queued")
        self.run(delivery.update().where(*mine).values(due_at=Clock().now()))
        time.sleep(0.003)
        claim = ledger.take("looks")
        assert claim is not None, f"no {kind}: {self.deliveries(kind)}"
        Batch(ledger, claim, self.pace, NoStop()).send()
        ledger.give_back(claim.lease)

    def hurry(self) -> None:
        """From now on no wait of ours lasts."""
        self.services.clock.scale = FAST
        self.run(lane.update().values(rate=1e6))

    def deliver(self, rounds: int = 50) -> None:
        """Works until nothing is due any more."""
        ledger, idle = self.ledger, 0
        for _ in range(rounds):
            claim = ledger.take("tests")
            if claim is None:
                idle += 1
                if idle == 3:
                    return
                time.sleep(0.003)  # a wait, however short, ends in the database's next millisecond
            while claim is not None and Batch(ledger, claim, self.pace, NoStop()).send():
                claim = ledger.claim(claim.lease)
        raise AssertionError(f"never done: {self.deliveries()}")

    def deliveries(self, kind: str = "") -> list[Any]:
        """Of one kind, or all that is owed to anybody: our own timers are not."""
        timers = sa.or_(*(delivery.c.lane.startswith(prefix) for prefix in TIMERS))
        query = sa.select(delivery).order_by(delivery.c.id)
        return self.all(query.where(delivery.c.kind == kind if kind else ~timers))

    def states(self, kind: str = "") -> list[str]:
        return [row.state for row in self.deliveries(kind)]

    def lane(self, installation: str, what: str = "crm"):
        return self.one(sa.select(lane).where(lane.c.id == f"{what}:{installation}"))

    def follow_up(self):
        return self.one(sa.select(followup))

    # -- the database

    def checkpoint(self) -> None:
        """What stands in SQLite's journal comes into its file."""
        with self.services.database.engine.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def now(self) -> datetime:
        return self.services.clock.now()

    def run(self, statement: Any) -> None:
        with self.services.database.write() as connection:
            connection.execute(statement)

    def one(self, query: Any) -> Any:
        with self.services.database.read() as connection:
            return connection.execute(query).one_or_none()

    def all(self, query: Any) -> list[Any]:
        with self.services.database.read() as connection:
            return list(connection.execute(query).all())

    def another(self, **changed: Any) -> "Place":
        """A second process at the same database."""
        self.others.append(place(replace(self.services.settings, **changed)))
        return self.others[-1]

    def close(self) -> None:
        for other in self.others:
            other.close()
        self.services.database.close()


def place(given: Settings, clock: Clock | None = None) -> Place:
    services = Services(
        settings=given,
        database=Database(given.database_url),
        clock=clock or MovableClock(),
        sealer=Sealer(given.encryption_keys),
    )
    return Place(services)
