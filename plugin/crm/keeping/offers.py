"""What a CRM offers to be kept in step, and what that costs; what is kept in step already."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from connectors.attributes import ContactField
from connectors.errors import CrmError, MissingRight
from connectors.protocol import Connector
from connectors.watching import Choice, Watched
from plugin.crm.connections import Connections
from plugin.crm.keeping import looks, rules
from plugin.crm.watching import problem
from plugin.people.store import person
from plugin.segments import keeping
from plugin.segments.store import list_member

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Offer:
    """Fields and lists to choose from, or in words why the CRM did not tell them."""

    fields: Sequence[ContactField] = ()
    lists: Sequence[Choice] = ()
    fields_trouble: str = ""
    lists_trouble: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept in step of one account, *members* by list; *people* is how many of it we know, *waits* the code of
    why nothing is read just now."""

    row: Row[Any]
    fields: Sequence[Row[Any]]
    lists: Sequence[Row[Any]]
    members: dict[str, int]
    people: int
    waits: str


def offer(connections: Connections, row: Row[Any]) -> Offer:
    fields, fields_trouble = _asked(connections, row, lambda crm: crm.contact_fields())
    lists, lists_trouble = _asked(connections, row, lambda crm: crm.choices(Watched.LIST))
    return Offer(fields, lists, fields_trouble, lists_trouble)


def kept(connection: Connection, row: Row[Any]) -> Kept:
    return Kept(
        row,
        keeping.wanted(connection, row.id),
        keeping.followed(connection, row.id),
        _members(connection, row.id),
        keeping.people_here(connection, row.id),
        looks.waits(connection, row.id),
    )


def fields_cost(connections: Connections, one: Kept) -> int:
    """Calls a day for all fields of the account, while little changes."""
    return rules.fields_cost(one.people, connections.limits(one.row.id).read)


def list_cost(connections: Connections, installation: str, size: int) -> int:
    return rules.list_cost(size, connections.limits(installation).members)


def _asked(
    connections: Connections, row: Row[Any], ask: Callable[[Connector], Sequence[T]]
) -> tuple[Sequence[T], str]:
    try:
        return ask(connections.connector(row)), ""
    except CrmError as error:
        if not isinstance(error, MissingRight):
            connections.note(row, error)
        return (), problem(row, error).detail


def _members(connection: Connection, installation: str) -> dict[str, int]:
    of_it = person.join(list_member, list_member.c.person == person.c.id)
    query = (
        sa.select(list_member.c.list, sa.func.count())
        .select_from(of_it)
        .where(person.c.installation == installation)
        .group_by(list_member.c.list)
    )
    return {row[0]: row[1] for row in connection.execute(query)}
