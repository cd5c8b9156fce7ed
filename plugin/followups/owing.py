"""What a change of a follow-up owes its CRM."""

from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection, Row

from plugin.db import new_id
from plugin.deliveries.actions import Owed, outstanding, owe, void
from plugin.people.owing import fields
from plugin.people.rules import lane_of


def task_topic(answer: str) -> str:
    return f"{answer}:task"


def show(connection: Connection, known: Row[Any], now: datetime) -> None:
    """The contact shows how its follow-up stands."""
    owe(connection, [fields(known.installation, known.person, new_id(), now)], now)


def complete(connection: Connection, known: Row[Any], now: datetime) -> None:
    """The task is completed in the CRM. One that is not made yet is not to be made; one that is just being made is
    completed when it is there."""
    if known.task:
        owe(connection, [_task_done(known, now)], now)
    else:
        void(connection, [task_topic(known.answer)], "handled", now)


def completing(connection: Connection, known: Row[Any]) -> bool:
    """Whether the CRM has still to be told that it was handled."""
    return outstanding(connection, done_topic(known.answer))


def done_topic(answer: str) -> str:
    return f"{answer}:task_done"


def _task_done(known: Row[Any], now: datetime) -> Owed:
    """Each time anew: what is sent is what stands then."""
    topic = done_topic(known.answer)
    return Owed(
        lane=lane_of(known.installation),
        kind="task_done",
        key=f"{topic}:{new_id()}",
        topic=topic,
        subject=known.person,
        payload={"answer": known.answer},
        due_at=now,
    )
