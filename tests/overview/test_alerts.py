"""Administrators get one mail when a connection is lost or something is set apart; not two, and none for nothing."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from plugin.access.store import administrator
from plugin.crm.store import installation
from plugin.db import new_id
from plugin.deliveries.actions import Owed, ensure_lane, owe, park_lane, resume_lane
from plugin.deliveries.ledger import Ledger
from plugin.deliveries.pace import Pace
from plugin.deliveries.sending import Batch
from plugin.deliveries.store import delivery
from plugin.mail.office import Office
from plugin.overview import alerts
from tests.support.smtp import SmtpServer
from tests.support.surveys import HUB, World, settings, world


class Watch:
    """A world with administrators, whose clock and worker a test moves."""

    def __init__(self, made: World, server: SmtpServer) -> None:
        self.world, self.server = made, server
        self.office = office = Office(made.shared)
        self.ledger = Ledger(
            made.shared.database, {alerts.KIND: alerts.Alerts(made.shared, office)}, made.clock,
            now=lambda connection: made.clock.now(),
        )  # fmt: skip

    def administrator(self, name: str, email: str) -> None:
        row = {"id": new_id(), "name": name, "login": name, "email": email}
        self.world.write(administrator.insert().values(**row, created_at=self.world.clock.now()))

    def turn(self) -> list[str]:
        """Looks and sends, as every five minutes; the subjects of all mails so far."""
        with self.world.shared.database.write() as connection:
            alerts.schedule(self.world.shared).work(connection, self.world.clock.now())
        claim = self.ledger.take("worker")
        while claim is not None:
            if not Batch(
                self.ledger, claim, Pace(self.world.clock.monotonic), threading.Event()
            ).send():
                break
            claim = self.ledger.claim(claim.lease)
        self.world.clock.ahead += timedelta(minutes=5)
        return [str(mail.message["Subject"]) for mail in self.server.mails]

    def lose(self, **more: Any) -> None:
        values = {"state": "needs_reconnect", "reason": "revoked"} | more
        self.world.write(installation.update().values(**values))

    def set_apart(self, state: str = "parked") -> None:
        now, key = self.world.clock.now(), new_id()
        with self.world.shared.database.write() as connection:
            owe(connection, [Owed(f"crm:{HUB}", "task", key, key, key, {}, now)], now)
            this = delivery.update().where(delivery.c.key == key)
            connection.execute(this.values(state=state, settled_at=now, error="refused"))


@pytest.fixture
def watch(database_url: str, smtp_server: SmtpServer) -> Iterator[Watch]:
    made = world(settings(database_url, mail_url=smtp_server.url))
    watching = Watch(made, smtp_server)
    watching.administrator("anna", "anna@acme.example")
    watching.administrator("bo", "")
    yield watching
    watching.office.postman.close()
    made.shared.database.close()


def test_nothing_to_tell_is_not_told(watch: Watch) -> None:
    assert watch.turn() == []


def test_a_lost_connection_is_told_once_to_who_has_an_address(watch: Watch) -> None:
    watch.lose()
    assert watch.turn() == ["Gensvar: Acme needs to be connected again"]
    for _ in range(3):
        assert len(watch.turn()) == 1
    (mail,) = watch.server.mails
    assert (mail.to, mail.sender) == (["anna@acme.example"], "nps@acme.example")
    text = mail.part("plain")
    assert "The CRM has taken our access back." in text
    assert f"http://nps.test/admin/installations/{HUB}" in text
    watch.world.clock.ahead += timedelta(days=2)
    assert len(watch.turn()) == 1


def test_what_else_stands_still_for_a_lost_connection_is_told_with_it(watch: Watch) -> None:
    now, looks = watch.world.clock.now(), f"keep:{HUB}"
    with watch.world.shared.database.write() as connection:
        ensure_lane(connection, looks, 1.0)
        owe(connection, [Owed(looks, "keep", looks, looks, looks, {}, now)], now)
        park_lane(connection, looks, "revoked")
    watch.lose()
    assert watch.turn() == ["Gensvar: Acme needs to be connected again"]


def test_lost_again_after_it_was_put_right_it_is_told_again(watch: Watch) -> None:
    watch.lose()
    watch.turn()
    watch.world.write(installation.update().values(state="connected", token_version=1))
    watch.turn()
    watch.lose()
    assert len(watch.turn()) == 2


@pytest.mark.parametrize("state", ["parked", "unsure"])
def test_what_is_set_apart_is_told_once_a_day(watch: Watch, state: str) -> None:
    for _ in range(3):
        watch.set_apart(state)
    assert watch.turn() == ["Gensvar: 3 deliveries need a person"]
    watch.set_apart(state)
    watch.world.clock.ahead += timedelta(hours=23)
    assert len(watch.turn()) == 1, "whatever the date is by now"
    watch.world.clock.ahead += timedelta(hours=1)
    assert watch.turn()[1:] == ["Gensvar: A delivery needs a person"]
    watch.world.clock.ahead += timedelta(days=2)
    assert len(watch.turn()) == 2, "nothing new"


def test_what_is_set_apart_is_told_when_mail_goes_again(watch: Watch) -> None:
    watch.server.stop()
    watch.set_apart()
    assert watch.turn() == []
    watch.world.clock.ahead += timedelta(days=2)
    watch.set_apart()
    watch.server.start()
    assert watch.turn() == ["Gensvar: 2 deliveries need a person"]
    assert len(watch.turn()) == 1


def test_a_lane_that_stands_still_is_told(watch: Watch) -> None:
    now = watch.world.clock.now()
    with watch.world.shared.database.write() as connection:
        owe(connection, [Owed(f"crm:{HUB}", "task", "k", "k", "k", {}, now)], now)
        park_lane(connection, f"crm:{HUB}", "missing_right")
    assert watch.turn() == [f"Gensvar: Deliveries wait: 1 of {HUB}"]
    with watch.world.shared.database.write() as connection:
        resume_lane(connection, f"crm:{HUB}")
        park_lane(connection, f"crm:{HUB}", "missing_right")
    assert len(watch.turn()) == 2


def test_put_right_before_the_mail_left_it_is_not_told(watch: Watch) -> None:
    watch.server.stop()
    watch.lose()
    watch.turn()
    watch.world.write(installation.update().values(state="connected"))
    watch.server.start()
    assert watch.turn() == []
    states = watch.world.rows(sa.select(delivery.c.state).where(delivery.c.kind == alerts.KIND))
    assert states == [{"state": "void"}]


def test_an_alert_that_cannot_arrive_is_no_trouble_of_its_own(watch: Watch) -> None:
    watch.server.says["rcpt"] = "550 5.1.1 Nobody"
    watch.lose()
    watch.turn()
    del watch.server.says["rcpt"]
    assert watch.turn() == []
