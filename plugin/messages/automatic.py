"""A change that is done proposes its message, and lets it go out by itself where somebody wanted that and no question
is open."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.changes.store import change
from plugin.deliveries.timers import Schedule
from plugin.errors import Problem
from plugin.messages import actions, drafts, stepping
from plugin.messages.drafts import Draft
from plugin.messages.store import message
from plugin.services import Services

REMEMBERED = timedelta(days=60)  # as long as a message that waits for somebody is spoken of
MOST = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change whose message waits for a person: *state* is its message's."""

    change: str
    title: str
    state: str


def moved(connection: Connection, change_id: str, now: datetime) -> None:
    """In the transaction in which a change went to another state: one that is done has a message to look at, and its
    first step comes at once."""
    draft = drafts.load(connection, change_id)
    if draft.change.state == "done" and draft.state == "draft":
        drafts.held(connection, change_id, now, "")
        if wanted(connection, draft):
            stepping.again(connection, change_id, now, now)


def planning(services: Services) -> Schedule:
    """Looks now and then that every message goes on that is being sent, and that what goes out by itself does so once
    its questions are answered."""

    def work(connection: Connection, at: datetime) -> bool:
        now = services.clock.now()
        stepping.ensure(connection, now)
        for one in waiting(connection, now):
            if one.state == "draft" and wanted(connection, drafts.load(connection, one.change)):
                stepping.again(connection, one.change, now, now)
        return False

    return Schedule("plan_messages", timedelta(minutes=5), work)


def wanted(connection: Connection, draft: Draft) -> bool:
    """Whether it goes out by itself: as somebody said of this message, or of all of them before the change was done."""
    done_at = draft.change.done_at
    if draft.change.state != "done" or done_at is None or draft.state != "draft":
        return False
    if draft.plan.by_itself is not None:
        return draft.plan.by_itself
    since = drafts.settings(connection).by_itself_since
    return since is not None and since <= done_at


def go(services: Services, change_id: str) -> str:
    """Sends it as a person would, or asks for approval; what is open, in words, where it cannot."""
    with services.database.read() as connection:
        draft = drafts.load(connection, change_id)
        if not wanted(connection, draft):
            return ""
    try:
        outcome = actions.send(services, actions.BY_ITSELF, change_id, draft.stamp)
    except Problem as problem:
        return problem.detail
    return "" if outcome.done else outcome.words


def waiting(connection: Connection, now: datetime) -> list[Waiting]:
    """Changes that are done and of which nobody was told yet, or whose message waits for approval; the newest first."""
    state = sa.func.coalesce(message.c.state, "draft")
    rows = connection.execute(
        sa.select(change.c.id, change.c.title, state.label("state"))
        .outerjoin(message, message.c.change == change.c.id)
        .where(
            sa.or_(
                state.in_(("waiting", "approved")),
                sa.and_(
                    state == "draft", change.c.state == "done", change.c.done_at > now - REMEMBERED
                ),
            )
        )
        .order_by(change.c.id.desc())
        .limit(MOST)
    )
    return [Waiting(row.id, row.title, row.state) for row in rows]
