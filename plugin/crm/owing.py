"""What every answer owes its CRM: the contact's fields and a record of the answer."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.engine import Connection

from plugin.answers.actions import Recorded
from plugin.answers.rules import SETTLE
from plugin.clock import Clock
from plugin.deliveries.actions import Owed
from plugin.people.owing import fields
from plugin.people.rules import lane_of


def answered(
    connection: Connection, recorded: Sequence[Recorded], now: datetime, clock: Clock
) -> list[Owed]:
    """Both, due once the customer has stopped for a moment."""
    at = now + clock.scaled(SETTLE)
    standing = {r.answer: r for r in recorded}.values()
    return [owed for r in standing for owed in (_fields(r, at), _answer(r, at))]


def _fields(r: Recorded, at: datetime) -> Owed:
    return fields(r.ask.installation, r.ask.person, f"{r.answer}:{r.said.revision}", at)


def _answer(r: Recorded, at: datetime) -> Owed:
    return Owed(
        lane=lane_of(r.ask.installation),
        kind="answer",
        key=f"answer:{r.answer}:{r.said.revision}",
        topic=f"answer:{r.answer}",
        subject=r.ask.person,
        payload={"answer": r.answer, "revision": r.said.revision},
        due_at=at,
    )
