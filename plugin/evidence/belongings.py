"""What stands here of a person: how her links were opened and her answers came about. It moves with her asks."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.asking.store import ask
from plugin.evidence.store import evidence, opening
from plugin.people.belongings import Things, things


def move(connection: Connection, merged: str, survivor: str) -> int:
    del connection, merged, survivor
    return 0


def forget(connection: Connection, people: Sequence[str]) -> int:
    theirs = sa.select(ask.c.id).where(ask.c.person.in_(people))
    done = [
        connection.execute(table.delete().where(table.c.ask.in_(theirs)))
        for table in (evidence, opening)
    ]
    return sum(one.rowcount for one in done)


def held(connection: Connection, people: Sequence[str]) -> Mapping[str, Things]:
    theirs = sa.select(ask.c.id).where(ask.c.person.in_(people))
    tables = {"openings": opening, "evidence": evidence}
    return {
        name: things(connection, sa.select(t).where(t.c.ask.in_(theirs)).order_by(t.c.id))
        for name, t in tables.items()
    }
