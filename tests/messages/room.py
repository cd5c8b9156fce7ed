"""Customers who spoke of slow replies, a change, and a worker by the test's clock that sends real mail."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from plugin.access.rules import Who
from plugin.answers.store import answer
from plugin.asking.store import ask
from plugin.changes.store import change, change_theme
from plugin.db import new_id
from plugin.deliveries.ledger import Ledger
from plugin.deliveries.pace import Pace
from plugin.deliveries.sending import Batch
from plugin.deliveries.store import delivery
from plugin.deliveries.verdicts import Handler
from plugin.mail.office import Office
from plugin.messages import actions, automatic, drafts, feeding, mails, stepping
from plugin.messages.actions import Outcome
from plugin.messages.rules import Plan
from plugin.messages.store import recipient
from plugin.people.actions import LONG_AGO
from plugin.people.store import person
from plugin.services import Services
from plugin.themes.store import answer_theme
from tests.asking.test_decide import Shelf, shelf
from tests.support.smtp import SmtpServer
from tests.support.surveys import HUB, World, settings, world
from widget.locales import category

ANNA, BO = Who("anna", "Anna Berg"), Who("bo", "Bo Ek")
ENGLISH = {
    "en": {"subject": "You were heard", "body": "Hello {first_name},\n\nWe reply faster now."}
}


class Room:
    """A company that has mail, and no customers yet."""

    def __init__(self, made: World, server: SmtpServer) -> None:
        self.world = made
        self.services: Services = made.shared
        self.server = server
        self.shelf: Shelf = shelf(made)
        self.office = Office.of(self.services)
        self.services.change_moved = automatic.moved
        self.handlers: Mapping[str, Handler] = {
            **mails.handlers(self.services, self.office),
            stepping.KIND: stepping.Steps(self.services, automatic.go),
        }

    def customer(
        self, name: str, comment: str = "", *, theme: str = "slow_reply", **more: Any
    ) -> str:
        """Somebody who gave an answer about a theme, or none; her person's id."""
        who = self.person(name, **more)
        self.answered(who, comment or f"{name} waited four days", theme=theme)
        return who

    def person(self, name: str, **more: Any) -> str:
        given = {"name": f"{name} Lind", "email": f"{name.lower()}@example.com", "opted_out": False}
        given["seen_at"] = self.world.clock.now() + timedelta(days=90)  # fresh for a whole test
        return self.world.person(name.lower(), **(given | more))

    def answered(self, who: str, comment: str, *, theme: str = "slow_reply", **more: Any) -> str:
        """Her answer's id."""
        now, asked, said = self.world.clock.now() - timedelta(hours=1), new_id(), new_id()
        here = {"installation": HUB, "person": who, "touchpoint": "support", "channel": "widget"}
        times = {"created_at": now, "answered_at": now, "expires_at": now + timedelta(days=60)}
        row = {"id": said, "ask": asked, "kind": "transactional", "locale": "en", "score": 3}
        row |= {"category": category(3), "revision": 1, "comment": comment}
        row |= {"answered_at": now, "revised_at": now} | here | more
        about = {"answer": said, "theme": theme, "by": "rule", "at": now}
        with self.services.database.write() as connection:
            connection.execute(ask.insert().values(id=asked, state="answered", **here, **times))
            connection.execute(answer.insert().values(**row))
            if theme:
                connection.execute(answer_theme.insert().values(**about))
        return said

    def change(
        self,
        texts: Mapping[str, Mapping[str, str]] = ENGLISH,
        theme: str = "slow_reply",
        **more: Any,
    ) -> str:
        change_id, now = new_id(), self.world.clock.now()
        row = {"id": change_id, "title": "Replies within four hours", "created_at": now}
        row |= {"created_by": "anna", "texts": texts} | more
        with self.services.database.write() as connection:
            connection.execute(change.insert().values(**row))
            connection.execute(change_theme.insert().values(change=change_id, theme=theme))
        return change_id

    def plan(self, change_id: str, **plan: Any) -> Outcome:
        return actions.save(self.services, ANNA, change_id, Plan(**plan), self.stamp(change_id))

    def send(self, change_id: str, *accepted: str, who: Who = ANNA) -> Outcome:
        return actions.send(self.services, who, change_id, self.stamp(change_id), accepted)

    def stamp(self, change_id: str) -> str:
        return self.draft(change_id).stamp

    def draft(self, change_id: str) -> drafts.Draft:
        with self.services.database.read() as connection:
            return drafts.load(connection, change_id)

    def ledger(self) -> Ledger:
        return Ledger(
            self.services.database, self.handlers, self.world.clock,
            now=lambda connection: self.world.clock.now(),
        )  # fmt: skip

    def step(self, ledger: Ledger) -> bool:
        """One delivery, as a worker does it; ``False`` where none is due."""
        claim = ledger.take("worker")
        if claim is not None:
            Batch(ledger, claim, Pace(self.world.clock.monotonic), threading.Event()).send()
            ledger.give_back(claim.lease)
        return claim is not None

    def work(self, most: int = 200) -> None:
        """What a worker does with what is due by the world's clock."""
        ledger = self.ledger()
        for _ in range(most):
            if not self.step(ledger):
                return

    def settle(self, rounds: int = 6) -> None:
        """Works until nothing more comes of it, some seconds after one another."""
        for _ in range(rounds):
            self.work()
            self.later(seconds=11)

    def aged(self) -> None:
        """What the CRM said of people is old."""
        self.world.write(person.update().values(seen_at=LONG_AGO))

    def later(self, **by: float) -> None:
        self.world.clock.ahead += timedelta(**by)

    def row(self, change_id: str, who: str) -> Any:
        query = sa.select(recipient).where(
            recipient.c.change == change_id, recipient.c.person == who
        )
        with self.services.database.read() as connection:
            return connection.execute(query).one_or_none()

    def became(self, change_id: str) -> dict[str, str]:
        """By the first name of each recipient: why she was not told, else how she stands."""
        query = (
            sa.select(person.c.name, recipient.c.reason, recipient.c.state)
            .join(person, person.c.id == recipient.c.person)
            .where(recipient.c.change == change_id)
        )
        with self.services.database.read() as connection:
            return {
                row.name.split()[0]: row.reason or row.state for row in connection.execute(query)
            }

    def mail(self, kind: str = "thanks") -> Any:
        query = sa.select(delivery).where(delivery.c.kind == kind).order_by(delivery.c.id.desc())
        with self.services.database.read() as connection:
            return connection.execute(query).first()

    @property
    def written_to(self) -> list[str]:
        return [mail.to[0].partition("@")[0] for mail in self.server.mails]


@contextmanager
def opened(database_url: str, server: SmtpServer, **more: Any) -> Iterator[Room]:
    made = world(settings(database_url, **({"mail_url": server.url} | more)))
    found = Room(made, server)
    yield found
    if found.office is not None:
        found.office.postman.close()
    made.shared.database.close()


def until_owed(room: Room) -> None:
    """The mails stand in the ledger, and none was begun."""
    ledger = room.ledger()
    thanks = sa.select(sa.func.count()).where(delivery.c.kind == feeding.KIND)
    while not room.world.one(thanks):
        assert room.step(ledger)
