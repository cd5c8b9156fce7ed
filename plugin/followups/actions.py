"""What an answer means for us: a detractor is owed a reply, by a named person, in time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin import rowset
from plugin.answers.actions import Recorded
from plugin.answers.rules import SETTLE
from plugin.clock import Clock
from plugin.db import new_id
from plugin.deliveries.actions import Owed, begun, void
from plugin.followups.store import followup
from plugin.people.rules import lane_of
from plugin.touchpoints.rules import due_at

DETRACTOR = "detractor"


def answered(
    connection: Connection, recorded: Sequence[Recorded], now: datetime, clock: Clock
) -> list[Owed]:
    """Opens follow-ups in the answers' own transaction; the tasks that *recorded* answers owe."""
    at = now + clock.scaled(SETTLE)
    standing = {r.answer: r for r in recorded}.values()
    first = [r for r in standing if r.before is None]
    known = [r for r in recorded if r.before is not None]
    opened = [r for r in first if r.said.category == DETRACTOR]
    owed = [_task(r, at) for r in opened]
    if known:
        with_task = begun(connection, [_topic(r) for r in known])
        for r in known:
            owed += _revised(connection, r, at, clock, _topic(r) in with_task)
    if opened:
        rowset.insert(connection, followup, [_opening(r, clock) for r in opened])
    return owed


def _revised(
    connection: Connection, r: Recorded, at: datetime, clock: Clock, begun_already: bool
) -> list[Owed]:
    """Before the task was begun it follows the answer; afterwards a line is added and the rest is its owner's."""
    if begun_already:
        return [_line(r, at)]
    if r.said.category == DETRACTOR:
        _open_again(connection, r, clock)
        return [_task(r, at)]
    if r.before is not None and r.before.category == DETRACTOR:
        void(connection, [_topic(r)], "revised_up", at)
        connection.execute(followup.delete().where(followup.c.answer == r.answer))
    return []


def _open_again(connection: Connection, r: Recorded, clock: Clock) -> None:
    known = connection.scalar(sa.select(followup.c.id).where(followup.c.answer == r.answer))
    if known is None:
        connection.execute(followup.insert(), [_opening(r, clock)])


def _opening(r: Recorded, clock: Clock) -> dict[str, Any]:
    since, hours = r.said.answered_at, r.ask.follow_up_hours
    promise = due_at(since, hours, working_days=r.ask.follow_up_working_days) - since
    return {
        "id": new_id(),
        "answer": r.answer,
        "installation": r.ask.installation,
        "person": r.ask.person,
        "state": "open",
        "due_at": since + clock.scaled(promise),
        "opened_at": since,
    }


def _topic(r: Recorded) -> str:
    return f"task:{r.answer}"


def _task(r: Recorded, at: datetime) -> Owed:
    return _owed(r, "task", f"{_topic(r)}:{r.said.revision}", _topic(r), at)


def _line(r: Recorded, at: datetime) -> Owed:
    key = f"task_line:{r.answer}:{r.said.revision}"
    return _owed(r, "task_line", key, key, at)


def _owed(r: Recorded, kind: str, key: str, topic: str, at: datetime) -> Owed:
    return Owed(
        lane=lane_of(r.ask.installation),
        kind=kind,
        key=key,
        topic=topic,
        subject=r.ask.person,
        payload={"answer": r.answer, "revision": r.said.revision},
        due_at=at,
    )
