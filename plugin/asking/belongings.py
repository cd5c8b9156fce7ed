"""What stands here of a person: the asks, and those that were refused."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.asking.store import ask, refused_ask
from plugin.people.belongings import Things, things


def move(connection: Connection, merged: str, survivor: str) -> int:
    """All asks are the survivor's. Of two open ones of a touchpoint the newer stays open and the other becomes it."""
    newest: dict[str, Row[Any]] = {}
    for row in _open(connection, (merged, survivor)):
        known = newest.get(row.touchpoint)
        if known is not None:
            _became(connection, known.id, row.id)
        newest[row.touchpoint] = row
    _move_refused(connection, merged, survivor)
    theirs = ask.update().where(ask.c.person == merged)
    return connection.execute(theirs.values(person=survivor)).rowcount


def _move_refused(connection: Connection, merged: str, survivor: str) -> None:
    """The survivor's own refusal stays; what was put off for the merged one is put off for the survivor."""
    known = sa.select(refused_ask.c.touchpoint).where(refused_ask.c.person == survivor)
    theirs = refused_ask.c.person == merged
    connection.execute(refused_ask.delete().where(theirs, refused_ask.c.touchpoint.in_(known)))
    connection.execute(refused_ask.update().where(theirs).values(person=survivor))


def forget(connection: Connection, people: Sequence[str]) -> int:
    connection.execute(refused_ask.delete().where(refused_ask.c.person.in_(people)))
    return connection.execute(ask.delete().where(ask.c.person.in_(people))).rowcount


def held(connection: Connection, people: Sequence[str]) -> Mapping[str, Things]:
    asks = sa.select(ask).where(ask.c.person.in_(people)).order_by(ask.c.created_at, ask.c.id)
    refused = sa.select(refused_ask).where(refused_ask.c.person.in_(people))
    return {
        "asks": things(connection, asks),
        "refused_asks": things(connection, refused.order_by(refused_ask.c.refused_at)),
    }


def _open(connection: Connection, people: Sequence[str]) -> Sequence[Row[Any]]:
    """Oldest first."""
    return connection.execute(
        sa.select(ask)
        .where(ask.c.person.in_(people), ask.c.state == "open")
        .order_by(ask.c.created_at, ask.c.id)
    ).all()


def _became(connection: Connection, older: str, newer: str) -> None:
    connection.execute(
        ask.update()
        .where(sa.or_(ask.c.id == older, ask.c.became == older))
        .values(state="expired", became=newer)
    )
