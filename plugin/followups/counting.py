"""A follow-up whose answer does not count after all is nobody's work; if it counts again, somebody is owed a reply."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection, Row

from plugin.answers.actions import Recorded
from plugin.clock import Clock
from plugin.db import new_id
from plugin.deliveries.actions import Owed, begun, void
from plugin.followups import owing, story
from plugin.followups.rules import NOT_COUNTED, OPEN_AGAIN, closed
from plugin.followups.store import followup
from plugin.people.rules import lane_of


def unanswered(
    connection: Connection, undone: Sequence[Recorded], now: datetime, clock: Clock
) -> list[Owed]:
    """One that nobody was told of goes; else it is closed, and so is its task, with a line in its text."""
    del clock
    topics = [owing.task_topic(r.answer) for r in undone]
    void(connection, topics, "not_counted", now)
    with_task = begun(connection, topics)
    owed: list[Owed] = []
    for r in undone:
        known = story.locked(connection, followup.c.answer == r.answer)
        if known is None:
            continue
        if known.task or owing.task_topic(r.answer) in with_task:
            owed += _closed(connection, known, r, now)
        else:
            connection.execute(followup.delete().where(followup.c.id == known.id))
            story.mark(connection, [known.person])
    return owed


def _closed(connection: Connection, known: Row[Any], r: Recorded, now: datetime) -> list[Owed]:
    if known.state == "open":
        story.change(connection, known, closed(NOT_COUNTED, now))
        story.tell(connection, known, "not_counted", now)
        owing.complete(connection, known, now)
    return [_line(r, now, counts=False)]


def counted_again(
    connection: Connection, known: Row[Any], r: Recorded, at: datetime, opening: dict[str, Any]
) -> list[Owed]:
    """One that a person closed stays so. *opening* is what a new one would say."""
    if known.closed_by != NOT_COUNTED:
        return []
    promised = {name: opening[name] for name in ("opened_at", "due_at")}
    # What the CRM says of the task as it stood before this says nothing.
    story.change(connection, known, {**OPEN_AGAIN, **promised, "task_changed_at": at})
    story.tell(connection, known, "counted_again", at)
    void(connection, [owing.done_topic(r.answer)], "opened_again", at)
    if not known.task:
        return []
    return [_line(r, at, counts=True), _task_again(r, at)]


def _line(r: Recorded, at: datetime, *, counts: bool) -> Owed:
    key = f"{r.answer}:task_line:{new_id()}"
    payload = {
        "answer": r.answer,
        "revision": r.said.revision,
        "counts": counts,
        "at": at.isoformat(),
    }
    return _owed(r, "task_line", key, key, payload, at)


def _task_again(r: Recorded, at: datetime) -> Owed:
    topic = f"{r.answer}:task_again"
    return _owed(r, "task_again", f"{topic}:{new_id()}", topic, {"answer": r.answer}, at)


def _owed(
    r: Recorded, kind: str, key: str, topic: str, payload: dict[str, Any], at: datetime
) -> Owed:
    return Owed(lane_of(r.ask.installation), kind, key, topic, r.ask.person, payload, at)
