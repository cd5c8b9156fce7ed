"""What stands here of a person: what the CRM tells of her for segments, and which of her answers is the newest."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.people.belongings import Things, things
from plugin.segments import newest
from plugin.segments.store import attribute_value, list_member, newest_answer

TABLES = (attribute_value, list_member)


def move(connection: Connection, merged: str, survivor: str) -> int:
    """What the survivor has is the CRM's newer word; the rest becomes hers."""
    newest.move(connection, merged, survivor)
    return sum(_moved(connection, table, merged, survivor) for table in TABLES)


def forget(connection: Connection, people: Sequence[str]) -> int:
    connection.execute(newest_answer.delete().where(newest_answer.c.person.in_(people)))
    return sum(
        connection.execute(table.delete().where(table.c.person.in_(people))).rowcount
        for table in TABLES
    )


def held(connection: Connection, people: Sequence[str]) -> Mapping[str, Things]:
    """The newest answers are among the answers."""
    theirs = (
        sa.select(table).where(table.c.person.in_(people)).order_by(*table.primary_key)
        for table in TABLES
    )
    values, lists = (things(connection, one) for one in theirs)
    return {"crm_fields": values, "crm_lists": lists}


def _moved(connection: Connection, table: sa.Table, merged: str, survivor: str) -> int:
    _, what = table.primary_key
    has = sa.select(what).where(table.c.person == survivor)
    theirs = table.c.person == merged
    connection.execute(table.delete().where(theirs, what.in_(has)))
    return connection.execute(table.update().where(theirs).values(person=survivor)).rowcount
