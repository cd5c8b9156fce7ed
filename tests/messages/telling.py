"""A change that waits to be told to somebody on a page."""

import html
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa

from plugin.access import keys
from plugin.access.rules import CLI
from plugin.answers.store import answer
from plugin.changes.store import change
from plugin.db import new_id
from plugin.messages.store import message, recipient
from plugin.people.store import person
from tests.asking.test_decide import ANNA, shelf
from tests.support.surveys import HUB, World

TEXTS = {
    "en": {
        "subject": "Faster now",
        "body": "Hello {first_name},\n\nYou wrote {words}, we listened.",
    },
    "sv": {"subject": "Snabbare nu", "body": "Hej {first_name}!\n\nDu skrev {words}, vi lyssnade."},
}
SAID = 'Too slow <b>"now"</b> {company}'


@dataclass
class Line:
    """A line as a page gets it."""

    token: str
    snippet: str

    @property
    def data(self) -> dict[str, str]:
        found = re.findall(r'data-(\w+)="([^"]*)"', self.snippet)
        return {name: html.unescape(value) for name, value in found}


@dataclass
class Telling:
    """A host whose customer said something, and what the company tells her."""

    world: World
    key: str
    her: str
    answer: str
    contact: str = "101"

    def change(self, **of_message: Any) -> str:
        """A change with its message under way; its id."""
        now, one = self.world.clock.now(), new_id()
        made = {"id": one, "title": "Faster", "created_at": now, "created_by": "x"}
        given = {"change": one, "state": "sending", "channels": ["email", "widget"], "texts": TEXTS}
        given |= {"recent_days": 0, "timeline": False, "created_at": now, "created_by": "x"}
        self.world.write(change.insert().values(**made))
        self.world.write(message.insert().values(**(given | of_message)))
        return one

    def waits(self, one: str = "", **of_recipient: Any) -> str:
        """She is to be told; the change's id."""
        one = one or self.change()
        given = {"change": one, "person": self.her, "id": new_id(), "answer": self.answer}
        given |= {"locale": "sv", "due_at": self.world.clock.now()}
        self.world.write(recipient.insert().values(**(given | of_recipient)))
        return one

    def ask(self, **more: Any) -> dict[str, Any]:
        body = {"contact": self.contact, "touchpoint": "support"} | more
        headers = {"Authorization": f"Bearer {self.key}"}
        reply = self.world.client.post("/api/v1/asks", json=body, headers=headers)
        assert reply.status_code == 200, reply.text
        return dict(reply.json)

    def line(self, **more: Any) -> Line | None:
        offered = self.ask(**more).get("notice")
        return Line(**offered) if offered else None

    def offered(self, **more: Any) -> Line:
        line = self.line(**more)
        assert line is not None
        return line

    def report(self, line: Line, event: str) -> int:
        return int(self.said(line.token, event).status_code)

    def said(self, token: str, event: str, **headers: str) -> Any:
        return self.world.client.post(
            "/api/v1/asks/events",
            data=urlencode({"token": token, "event": event}),
            content_type="application/x-www-form-urlencoded",
            headers=headers,
        )

    def row(self, one: str) -> dict[str, Any]:
        (found,) = self.world.rows(sa.select(recipient).where(recipient.c.change == one))
        return found

    def set(self, table: sa.Table, **values: Any) -> None:
        self.world.write(table.update().values(**values))


def telling(world: World) -> Telling:
    shelf(world, ANNA)
    her = world.person(name="Anna Åberg", email="anna@example.com", locale="sv")
    assert world.answer(world.ask(), score=3, comment=SAID).status_code == 201
    return Telling(
        world, keys.add(world.shared, CLI, "shop", HUB)[1], her, world.one(sa.select(answer.c.id))
    )


def forgotten(world: World) -> None:
    """Nothing that is known of her speaks against a question."""
    world.write(person.update().values(follow_up_open=False, last_answered_at=None))
