"""What stands here of a person: the asks."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.asking.store import ask
from plugin.people.belongings import Things, things


def move(connection: Connection, merged: str, survivor: str) -> None:
    """All asks are the survivor's. Of two open ones of a touchpoint the newer stays open and the other becomes it."""
    newest: dict[str, Row[Any]] = {}
    for row in _open(connection, (merged, survivor)):
        known = newest.get(row.touchpoint)
        if known is not None:
            _became(connection, known.id, row.id)
        newest[row.touchpoint] = row
    connection.execute(ask.update().where(ask.c.person == merged).values(person=survivor))


def forget(connection: Connection, people: Sequence[str]) -> int:
    return connection.execute(ask.delete().where(ask.c.person.in_(people))).rowcount


def held(connection: Connection, people: Sequence[str]) -> Mapping[str, Things]:
    asks = sa.select(ask).where(ask.c.person.in_(people)).order_by(ask.c.created_at, ask.c.id)
    return {"asks": things(connection, asks)}


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
