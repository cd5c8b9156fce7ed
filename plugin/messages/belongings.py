"""What stands here of a person: what she was told, and what she was not and why."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.messages.store import recipient
from plugin.people.belongings import Things, things

# Of two rows about one change the one that says most stays: told before perhaps, before still to be told.
_WEIGHT = {"void": 0, "due": 1, "unsure": 2, "told": 3}


def move(connection: Connection, merged: str, survivor: str) -> int:
    """All rows are the survivor's; of a change that both were to hear of, she has heard what either has."""
    rows = connection.execute(
        sa.select(recipient)
        .where(recipient.c.person.in_((merged, survivor)))
        .order_by(recipient.c.change)
        .with_for_update()
    ).all()
    hers = {row.change: row for row in rows if row.person == survivor}
    theirs = [row for row in rows if row.person == merged]
    for row in theirs:
        known = hers.get(row.change)
        if known is not None:
            less = row if _WEIGHT[row.state] <= _WEIGHT[known.state] else known
            connection.execute(recipient.delete().where(recipient.c.id == less.id))
    left = recipient.update().where(recipient.c.person == merged)
    connection.execute(left.values(person=survivor))
    return len(theirs)


def forget(connection: Connection, people: Sequence[str]) -> int:
    return connection.execute(recipient.delete().where(recipient.c.person.in_(people))).rowcount


def held(connection: Connection, people: Sequence[str]) -> Mapping[str, Things]:
    theirs = sa.select(recipient).where(recipient.c.person.in_(people))
    return {"messages": things(connection, theirs.order_by(recipient.c.change))}
