"""What an answer means for us: a detractor is owed a reply, by a named person, in time; and how that ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin import rowset
from plugin.answers.actions import Recorded
from plugin.answers.rules import SETTLE
from plugin.answers.store import answer, counted
from plugin.clock import Clock
from plugin.db import new_id
from plugin.deliveries.actions import Owed, begun, void
from plugin.errors import Problem
from plugin.followups import counting, owing, story
from plugin.followups.rules import NOT_COUNTED, OPEN_AGAIN, Choices, TaskSeen, after, closed
from plugin.followups.store import followup, with_task
from plugin.people.rules import lane_of
from plugin.touchpoints.rules import due_at

DETRACTOR = "detractor"


def answered(
    connection: Connection, recorded: Sequence[Recorded], now: datetime, clock: Clock
) -> list[Owed]:
    """Opens follow-ups in the answers' own transaction; the tasks that *recorded* answers owe."""
    at = now + clock.scaled(SETTLE)
    standing = {r.answer: r for r in recorded}.values()
    first = [r for r in standing if r.before is None and not r.again]
    known = [r for r in recorded if r.before is not None]
    opened = [r for r in first if r.said.category == DETRACTOR]
    owed = [_task(r, at) for r in opened]
    for r in standing:
        if r.again:
            owed += _counts_from_now_on(connection, r, at, clock)
    if known:
        with_task = begun(connection, [_topic(r) for r in known])
        for r in known:
            owed += _revised(connection, r, at, clock, _topic(r) in with_task)
    if opened:
        rowset.insert(connection, followup, [_opening(r, clock) for r in opened])
        story.mark(connection, [r.ask.person for r in opened])
    return owed


def _counts_from_now_on(
    connection: Connection, r: Recorded, at: datetime, clock: Clock
) -> list[Owed]:
    """An answer that did not count when it was given; or that did once, and has a follow-up since then."""
    known = story.locked(connection, followup.c.answer == r.answer)
    if known is not None:
        return counting.counted_again(connection, known, r, at, _opening(r, clock))
    if r.said.category != DETRACTOR:
        return []
    connection.execute(followup.insert(), [_opening(r, clock)])
    story.mark(connection, [r.ask.person])
    return [_task(r, at)]


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
        withdraw(connection, r.answer)
    return []


def withdraw(connection: Connection, answer_id: str) -> bool:
    """Before anybody was told the customer is content, or the answer counts no longer: nobody has to follow it up.
    ``False``, and nothing withdrawn, where by now it is owed a reply after all."""
    unhappy = (answer.c.id == answer_id, counted, answer.c.category == DETRACTOR)
    if connection.execute(sa.select(answer.c.id).where(*unhappy).with_for_update()).first():
        return False
    pending = sa.or_(followup.c.state == "open", followup.c.closed_by == NOT_COUNTED)
    untold = (followup.c.answer == answer_id, followup.c.task == "", pending)
    withdrawn = followup.delete().where(*untold).returning(followup.c.person)
    story.mark(connection, connection.scalars(withdrawn).all())
    return True


def _open_again(connection: Connection, r: Recorded, clock: Clock) -> None:
    """One that was handled stays closed, unless the customer was content meanwhile."""
    known = story.locked(connection, followup.c.answer == r.answer)
    if known is None:
        connection.execute(followup.insert(), [_opening(r, clock)])
        story.mark(connection, [r.ask.person])
    elif known.state == "closed" and r.before and r.before.category != DETRACTOR:
        promised = {name: _opening(r, clock)[name] for name in ("opened_at", "due_at")}
        story.change(connection, known, {**promised, **OPEN_AGAIN})
        story.tell(connection, known, "answered_again", r.said.answered_at)


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
    return owing.task_topic(r.answer)


def _task(r: Recorded, at: datetime) -> Owed:
    return _owed(r, "task", f"{_topic(r)}:{r.turn}", _topic(r), at)


def _line(r: Recorded, at: datetime) -> Owed:
    key = f"{r.answer}:task_line:{r.said.revision}"
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


@dataclass(frozen=True, slots=True)
class Handled:
    """The follow-up as it stands now, and whether that was news."""

    follow_up: Row[Any]
    changed: bool


def handled(
    connection: Connection,
    followup_id: str,
    choices: Choices,
    *,
    cause: str,
    outcome: str,
    by: str,
    now: datetime,
) -> Handled:
    """Closes a follow-up with what was the matter and what came of it, in the caller's transaction, who wakes the
    worker. Once more with the same values changes nothing; with others it corrects them, and who closed it, and
    when, stays.

    Raises ``Problem``: ``field_invalid`` for what is not among *choices*, ``not_found``.
    """
    choices.check(cause, outcome)
    known = story.locked(connection, followup.c.id == followup_id)
    if known is None:
        raise Problem("not_found", "There is no such follow-up.")
    chosen = {"cause": cause, "outcome": outcome}
    was_open = known.state == "open"
    if not was_open and (known.cause, known.outcome) == (cause, outcome):
        return Handled(known, False)
    story.change(connection, known, chosen | (closed(by, now) if was_open else {}))
    story.tell(connection, known, "handled" if was_open else "corrected", now, by=by, **chosen)
    owing.complete(connection, known, now)
    if was_open:
        owing.show(connection, known, now)
    return Handled(_read(connection, known.id), True)


def task_seen(connection: Connection, installation: str, seen: TaskSeen, now: datetime) -> bool:
    """What is seen of a task in the CRM closes its follow-up, opens it again or gives it to somebody else; whether
    that was news. In the caller's transaction, who wakes the worker.

    In any order and any number of times: a task as it stood before a change we know of changes nothing. A task
    that is no follow-up's is none of ours.
    """
    theirs = sa.and_(followup.c.installation == installation, followup.c.task == seen.task_id)
    known = story.locked(connection, sa.and_(theirs, with_task)) if seen.task_id else None
    if known is None:
        return False
    values = after(known, seen, now, completing=owing.completing(connection, known))
    if not values:
        return False
    story.change(connection, known, values)
    story.tell_seen(connection, known, values, now)
    if values.keys() & {"state", "owner", "owner_name"}:
        owing.show(connection, known, now)
    return values.keys() != {"task_changed_at"}


def task_completed(connection: Connection, answer: str, asked_at: datetime) -> None:
    """The CRM has completed the task as it was asked to at *asked_at*: how the task stood before says no more."""
    told = followup.c.task_changed_at
    connection.execute(
        followup.update()
        .where(followup.c.answer == answer, sa.or_(told.is_(None), told < asked_at))
        .values(task_changed_at=asked_at)
    )


def _read(connection: Connection, followup_id: str) -> Row[Any]:
    return connection.execute(sa.select(followup).where(followup.c.id == followup_id)).one()
