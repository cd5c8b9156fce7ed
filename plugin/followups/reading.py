"""What pages, metrics and other rooms want to know of follow-ups."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.answers.store import answer
from plugin.asking.store import ask
from plugin.asking.testing import is_test
from plugin.followups.store import event, followup
from plugin.people.store import person


@dataclass(frozen=True, slots=True)
class Counts:
    """How many are open, and how many of these are overdue."""

    open: int
    overdue: int


def counts(connection: Connection, now: datetime, installation: str = "") -> Counts:
    """Of one installation, or of all; tests left out."""
    overdue = sa.func.count().filter(followup.c.due_at < now)
    query = (
        sa.select(sa.func.count(), overdue)
        .select_from(followup)
        .join(answer, answer.c.id == followup.c.answer)
        .join(ask, ask.c.id == answer.c.ask)
        .join(person, person.c.id == ask.c.person)
        .where(followup.c.state == "open", ~is_test(connection))
    )
    if installation:
        query = query.where(followup.c.installation == installation)
    return Counts(*connection.execute(query).one())


def events(connection: Connection, followup_id: str) -> list[Row[Any]]:
    """What became of a follow-up, the newest first."""
    query = sa.select(event).where(event.c.followup == followup_id)
    return list(connection.execute(query.order_by(event.c.id.desc())))
