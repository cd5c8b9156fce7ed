"""What every answer owes its CRM: the contact's fields and a record of the answer."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.engine import Connection

from plugin.answers.actions import Recorded
from plugin.answers.rules import SETTLE
from plugin.clock import Clock
from plugin.db import new_id
from plugin.deliveries.actions import Owed, begun, void
from plugin.people.owing import fields
from plugin.people.rules import lane_of
from plugin.touchpoints.rules import NPS


def answered(
    connection: Connection, recorded: Sequence[Recorded], now: datetime, clock: Clock
) -> list[Owed]:
    """The fields and, of an NPS answer, the record, due once the customer has stopped for a moment."""
    if again := [answer_topic(r.answer) for r in recorded if r.again]:
        void(connection, again, "counted_again", now)
    at = now + clock.scaled(SETTLE)
    standing = {r.answer: r for r in recorded}.values()
    return [owed for r in standing for owed in _owed(r, at)]


def _owed(r: Recorded, at: datetime) -> list[Owed]:
    return [_fields(r, at), _answer(r, at)] if r.ask.kind in NPS else [_fields(r, at)]


def unanswered(
    connection: Connection, undone: Sequence[Recorded], now: datetime, clock: Clock
) -> list[Owed]:
    """The record goes if it may be there already, and the contact shows the newest answer that counts."""
    del clock
    topics = [answer_topic(r.answer) for r in undone]
    void(connection, topics, "not_counted", now)
    there = begun(connection, topics)
    gone = [_record_gone(r, now) for r in undone if answer_topic(r.answer) in there]
    shown = [fields(r.ask.installation, r.ask.person, new_id(), now) for r in undone]
    return [*gone, *shown]


def answer_topic(answer: str) -> str:
    """Of what is owed about the answer's record."""
    return f"{answer}:answer"


def _record_gone(r: Recorded, at: datetime) -> Owed:
    topic = answer_topic(r.answer)
    return Owed(
        lane=lane_of(r.ask.installation),
        kind="answer_gone",
        key=f"{topic}:{new_id()}",
        topic=topic,
        subject=r.ask.person,
        payload={"answer": r.answer},
        due_at=at,
    )


def _fields(r: Recorded, at: datetime) -> Owed:
    return fields(r.ask.installation, r.ask.person, f"{r.answer}:{r.turn}", at)


def _answer(r: Recorded, at: datetime) -> Owed:
    topic = answer_topic(r.answer)
    return Owed(
        lane=lane_of(r.ask.installation),
        kind="answer",
        key=f"{topic}:{r.turn}",
        topic=topic,
        subject=r.ask.person,
        payload={"answer": r.answer, "revision": r.said.revision},
        due_at=at,
    )
