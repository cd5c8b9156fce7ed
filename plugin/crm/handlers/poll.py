"""Asks a CRM what happened there: what it told, the mark up to which it did and the next poll are one transaction, so
that a poll that dies is one that never was."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connectors.changes import Changes, ContactEvent, Happened, TaskState
from plugin.crm import polls
from plugin.crm.handlers.budget import spare
from plugin.crm.handlers.desk import Desk, Writing, open_desk
from plugin.crm.handlers.wishes import decide_and_tell
from plugin.crm.handling import task_seen
from plugin.crm.inbox import keep_told
from plugin.crm.rules import POLL_SHARE
from plugin.crm.store import change
from plugin.deliveries.verdicts import Delivered, Delivery, Halve, Lane, Verdict, Wait
from plugin.followups.store import followup, with_task
from plugin.people.store import person

TASKS_AT_ONCE = 1000
STILL_LOOKED_AT = timedelta(
    days=3
)  # after a follow-up closed: its task may be opened again, or put right


@dataclass(frozen=True, slots=True)
class Seen:
    """All that one look brought. *behind*: the follow-up up to which tasks were asked for, where there are more.
    *unfinished*: there was no time for all survey requests."""

    changes: Changes
    tasks: Sequence[TaskState] = ()
    behind: str = ""
    unfinished: bool = False

    @property
    def more(self) -> bool:
        return self.changes.more or bool(self.behind) or self.unfinished


class Polls(Writing):
    """Kind ``poll``."""

    def limit(self, lane: str) -> int:
        return 1

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        desk = open_desk(self._connections, lane, within)
        if not polls.polled(desk.row):
            raise Wait("setting_up")
        spare(desk, POLL_SHARE)
        try:
            seen = _look(desk, rows[0].payload.get("behind", ""))
        except (
            Halve
        ) as refused:  # there is nothing to halve: it is tried again, less and less often
            raise Wait(refused.code) from None
        if decide_and_tell(desk, seen.changes.requests):
            seen = replace(seen, unfinished=True)
        return [Delivered(effect=lambda connection: _settle(connection, desk, seen)) for _ in rows]


def _look(desk: Desk, behind: str) -> Seen:
    mark = desk.row.poll_mark
    with desk.reading():
        changes = desk.connector.changes(mark)
    if desk.connector.tells_tasks and mark and not behind:
        return Seen(changes, changes.tasks)
    # The first time nobody tells what became of tasks before it.
    with desk.connections.services.database.read() as connection:
        followed = _followed(connection, desk, behind)
    desk.lane.calls += 1 if followed else 0
    with desk.reading():
        states = desk.connector.task_states([task for _, task in followed])
    full = len(followed) == TASKS_AT_ONCE
    return Seen(changes, [*changes.tasks, *states.values()], followed[-1][0] if full else "")


def _followed(connection: Connection, desk: Desk, behind: str) -> list[tuple[str, str]]:
    """Follow-ups that are open, or were just closed, and whose task stands in the CRM, with the task's id."""
    long_closed = desk.connections.services.clock.now() - STILL_LOOKED_AT
    mine = (
        followup.c.installation == desk.row.id,
        sa.or_(followup.c.state == "open", followup.c.closed_at > long_closed),
        with_task,
        followup.c.id > behind,
    )
    wanted = sa.select(followup.c.id, followup.c.task).where(*mine).order_by(followup.c.id)
    return [(row.id, row.task) for row in connection.execute(wanted.limit(TASKS_AT_ONCE))]


def _settle(connection: Connection, desk: Desk, seen: Seen) -> None:
    clock, installation = desk.connections.services.clock, desk.row.id
    ours = _ours(connection, installation, seen.changes.contacts)
    keep_told(connection, installation, ours, clock.now())
    for state in seen.tasks:
        task_seen(connection, installation, state, clock.now())
    told = {"poll_mark": seen.changes.mark}
    change(connection, installation, **told if seen.more else {**told, "polled_at": clock.now()})
    polls.owe_next(
        connection,
        clock,
        installation,
        at_once=seen.more,
        payload={"behind": seen.behind} if seen.behind else {},
    )


def _ours(
    connection: Connection, installation: str, events: Iterable[ContactEvent]
) -> Iterator[ContactEvent]:
    """Those of contacts we know, or know by then; who was never gone need not come back."""
    events = list(events)
    known = _known(connection, installation, {event.contact_id for event in events})
    for event in events:
        if event.contact_id not in known:
            continue
        if event.happened is Happened.RESTORED and not known[event.contact_id]:
            continue
        if event.happened is Happened.MERGED:
            known.setdefault(event.into, False)
        known[event.contact_id] = event.happened is Happened.DELETED
        yield event


def _known(connection: Connection, installation: str, contacts: set[str]) -> dict[str, bool]:
    """By contact, whether it is gone."""
    rows = connection.execute(
        sa.select(person.c.contact, person.c.gone_at).where(
            person.c.installation == installation, person.c.contact.in_(sorted(contacts))
        )
    )
    return {row.contact: row.gone_at is not None for row in rows}
