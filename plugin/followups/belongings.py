"""What stands here of a person: the follow-ups."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.followups.store import event, followup
from plugin.people.belongings import Things, things


def move(connection: Connection, merged: str, survivor: str) -> int:
    theirs = followup.update().where(followup.c.person == merged)
    return connection.execute(theirs.values(person=survivor)).rowcount


def forget(connection: Connection, people: Sequence[str]) -> int:
    return connection.execute(followup.delete().where(followup.c.person.in_(people))).rowcount


def held(connection: Connection, people: Sequence[str]) -> Mapping[str, Things]:
    theirs = sa.select(followup).where(followup.c.person.in_(people))
    became = sa.select(event).join(followup).where(followup.c.person.in_(people))
    return {
        "follow_ups": things(connection, theirs.order_by(followup.c.opened_at, followup.c.id)),
        "follow_up_events": things(connection, became.order_by(event.c.id)),
    }
