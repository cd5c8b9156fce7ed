from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from connectors.changes import ContactEvent, Happened
from plugin.crm.happenings import happened
from plugin.people.store import person
from tests.support.surveys import HUB, World


class Crm:
    """What a test lets happen in the CRM, told to us at once or in whatever order it likes."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.start = world.clock.now()

    def event(self, what: str, contact: str, minute: float = 0, into: str = "") -> ContactEvent:
        return ContactEvent(Happened(what), contact, self.at(minute), into)

    def at(self, minute: float) -> datetime:
        return self.start + timedelta(minutes=minute)

    def tell(self, *events: ContactEvent) -> None:
        for event in events:
            with self.world.shared.database.write() as connection:
                happened(connection, self.world.clock, HUB, event)

    def says(self, what: str, contact: str, minute: float = 0, into: str = "") -> None:
        self.tell(self.event(what, contact, minute, into))

    def known(self, contact: str) -> dict:
        (row,) = self.world.rows(sa.select(person).where(person.c.contact == contact))
        return row


@pytest.fixture
def crm(survey_world: World) -> Crm:
    return Crm(survey_world)


@pytest.fixture
def answers(survey_world: World) -> Callable[..., str]:
    """Asks a contact and answers; the token."""

    def answer(contact: str, score: int, key: str = "support", **more: object) -> str:
        token = survey_world.ask(contact, key=key)
        assert survey_world.answer(token, score=score, **more).status_code == 201
        return token

    return answer
