"""What stands here of a person: what she was told, and what she was not and why."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.deliveries.store import delivery, queued
from plugin.messages.feeding import key
from plugin.messages.store import recipient
from plugin.people.belongings import Things, things

# Of two rows about one change the one that says most stays: told before perhaps, before still to be told.
_WEIGHT = {"void": 0, "due": 1, "unsure": 3, "told": 4}
_BEING_SENT = 2


def move(connection: Connection, merged: str, survivor: str) -> int:
    """All rows are the survivor's; of a change that both were to hear of, she has heard what either has."""
    rows = connection.execute(
        sa.select(recipient)
        .where(recipient.c.person.in_((merged, survivor)))
        .order_by(recipient.c.change, recipient.c.id)
        .with_for_update()
    ).all()
    hers = {row.change: row for row in rows if row.person == survivor}
    theirs = [row for row in rows if row.person == merged]
    for row in theirs:
        if row.change in hers:
            less = min(hers[row.change], row, key=lambda one: _weight(connection, one))
            connection.execute(recipient.delete().where(recipient.c.id == less.id))
    left = recipient.update().where(recipient.c.person == merged)
    connection.execute(left.values(person=survivor))
    return len(theirs)


def forget(connection: Connection, people: Sequence[str]) -> int:
    return connection.execute(recipient.delete().where(recipient.c.person.in_(people))).rowcount


def held(connection: Connection, people: Sequence[str]) -> Mapping[str, Things]:
    theirs = sa.select(recipient).where(recipient.c.person.in_(people))
    return {"messages": things(connection, theirs.order_by(recipient.c.change))}


def _weight(connection: Connection, row: Row[Any]) -> int:
    """A mail that is on its way at this moment, or may be, weighs more than one that is still to leave."""
    if row.state != "due" or row.owed_at is None:
        return _WEIGHT[row.state]
    its = (delivery.c.key == key(row.change, row.id), queued, delivery.c.in_doubt)
    on_its_way = connection.execute(sa.select(delivery.c.id).where(*its)).first()
    return _BEING_SENT if on_its_way else _WEIGHT["due"]
