"""A small world to answer in: one installation, a touchpoint, people, asks and their tokens."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from plugin.app import create_app
from plugin.asking.store import ask
from plugin.clock import Clock
from plugin.config import Settings
from plugin.crm.store import installation
from plugin.db import new_id, remember_mode
from plugin.deliveries.actions import ensure_lane
from plugin.people.store import person
from plugin.services import Services
from plugin.touchpoints.store import touchpoint
from plugin.wiring import build_services
from widget.tokens import SurveyToken, Tokens

HUB = "hubspot:4711"
BASE = "http://nps.test"
HOST = "https://shop.example"


class SetClock(Clock):
    """A clock that a test moves."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead


def settings(database_url: str, **more: Any) -> Settings:
    return replace(
        Settings(
            env="test",
            database_url=database_url,
            base_url=BASE,
            signing_keys=("s" * 40,),
            encryption_keys=("e" * 40,),
            admin_token="a-token-for-the-first-administrator",
            allowed_origins=(HOST,),
            log_level="error",
            mail_url="smtp://mail.test:25",
            mail_from="Acme <nps@acme.example>",
            mail_reply_to="care@acme.example",
        ),
        **more,
    )


@dataclass
class World:
    """What a test of the survey needs at hand."""

    shared: Services
    app: Flask
    clock: SetClock
    tokens: Tokens

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    def person(self, contact: str = "101", **values: Any) -> str:
        row = {"id": new_id(), "installation": HUB, "contact": contact, "seen_at": self.clock.now()}
        self.write(person.insert().values(**(row | values)))
        return str(row["id"])

    def ask(self, contact: str = "101", *, key: str = "support", channel: str = "widget") -> str:
        """An open ask's token; one in a host's own page, where every post counts."""
        person_id = self.one(sa.select(person.c.id).where(person.c.contact == contact))
        person_id = person_id or self.person(contact)
        now, ask_id = self.clock.now(), new_id()
        self.write(
            ask.insert().values(
                id=ask_id,
                installation=HUB,
                person=person_id,
                touchpoint=key,
                channel=channel,
                locale="en",
                created_at=now,
                expires_at=now + timedelta(days=60),
            )
        )
        return self.seal(ask_id, contact, key=key, channel=channel)

    def seal(self, ask_id: str, contact: str = "101", **more: Any) -> str:
        life = more.pop("life", timedelta(days=60))
        return self.tokens.seal(
            SurveyToken(
                id=ask_id,
                installation=HUB,
                contact=contact,
                touchpoint=more.get("key", "support"),
                channel=more.get("channel", "widget"),
                locale=more.get("locale", "en"),
                expires_at=self.clock.now() + life,
            )
        )

    def in_own_page(self, token: str) -> str:
        """The same ask in a host's own page, where nobody has to prove a hand."""
        return self.tokens.seal(replace(self.tokens.open(token), channel="widget"))

    def answer(self, token: str, **fields: Any) -> Any:
        return self.client.post("/api/v1/answers", json={"token": token, **fields})

    def rows(self, query: Any) -> list[dict[str, Any]]:
        with self.shared.database.read() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def one(self, query: Any) -> Any:
        with self.shared.database.read() as connection:
            return connection.scalar(query)

    def write(self, statement: Any) -> None:
        with self.shared.database.write() as connection:
            connection.execute(statement)


def world(chosen: Settings) -> World:
    clock = SetClock()
    shared = build_services(chosen, clock)
    remember_mode(shared.database, chosen.env)
    now = clock.now()
    with shared.database.write() as connection:
        ensure_lane(connection, f"crm:{HUB}", 9)
        connection.execute(
            installation.insert().values(
                id=HUB,
                crm="hubspot",
                account="4711",
                name="Acme",
                ui_url="http://crm.test",
                api_url="http://127.0.0.1:9",
                way="token",
                state="connected",
                connected_at=now,
            )
        )
        for key, kind, stage in (
            ("support", "transactional", "contact"),
            ("yearly", "relational", "use"),
        ):
            connection.execute(
                touchpoint.insert().values(
                    key=key,
                    name=key.title(),
                    kind=kind,
                    stage=stage,
                    company="Acme",
                    created_at=now,
                )
            )
    return World(shared, create_app(shared), clock, Tokens(chosen.signing_keys, clock.now))


@pytest.fixture
def survey_world(database_url: str) -> Any:
    made = world(settings(database_url))
    yield made
    made.shared.database.close()
