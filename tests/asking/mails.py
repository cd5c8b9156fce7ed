"""A world that sends real mail over SMTP, and its worker by the world's clock."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from plugin.asking.actions import decide
from plugin.asking.rules import Asked
from plugin.asking.store import ask
from plugin.deliveries.ledger import Ledger
from plugin.deliveries.pace import Pace
from plugin.deliveries.sending import Batch
from plugin.deliveries.store import delivery
from plugin.deliveries.verdicts import Handler
from plugin.mail.office import Office
from plugin.messages.mails import handlers
from tests.asking.test_decide import ANNA, Shelf, shelf, wish
from tests.support.smtp import SmtpServer
from tests.support.surveys import World, settings, world

DAY = timedelta(days=1)


class Post:
    """One person who can be written to, a mail server, and a worker that is told when to work."""

    def __init__(self, made: World, server: SmtpServer) -> None:
        self.world = made
        self.server = server
        self.shelf: Shelf = shelf(made, ANNA)
        self.handlers: Mapping[str, Handler] = {}
        self.offices: list[Office] = []
        self.open()

    def open(self) -> None:
        """As after a start with the settings there are."""
        office = Office.of(self.world.shared)
        self.offices += [office] if office else []
        self.handlers = handlers(self.world.shared, office)

    def ask(self, **changed: Any) -> str:
        """The ask's id."""
        decision = decide(self.world.shared, wish(**({"channel": "email"} | changed)))
        assert isinstance(decision, Asked), decision
        return decision.ask

    def work(self, lanes: int = 3) -> None:
        """What a worker does with what is due by the world's clock."""
        ledger = Ledger(
            self.world.shared.database, self.handlers, self.world.clock,
            now=lambda connection: self.world.clock.now(),
        )  # fmt: skip
        claim = ledger.take("worker")
        while claim is not None:
            if not Batch(ledger, claim, Pace(self.world.clock.monotonic), threading.Event()).send():
                return
            claim = ledger.claim(claim.lease)

    def later(self, **by: float) -> None:
        self.world.clock.ahead += timedelta(**by)

    def mail(self, kind: str = "invitation") -> Any:
        """The newest delivery of a kind."""
        query = sa.select(delivery).where(delivery.c.kind == kind).order_by(delivery.c.id.desc())
        with self.world.shared.database.read() as connection:
            return connection.execute(query).first()

    def of_ask(self, ask_id: str) -> Any:
        with self.world.shared.database.read() as connection:
            return connection.execute(sa.select(ask).where(ask.c.id == ask_id)).one()


@contextmanager
def post_office(database_url: str, server: SmtpServer, **more: Any) -> Iterator[Post]:
    made = world(settings(database_url, **({"mail_url": server.url} | more)))
    post = Post(made, server)
    yield post
    for office in post.offices:
        office.postman.close()
    made.shared.database.close()
