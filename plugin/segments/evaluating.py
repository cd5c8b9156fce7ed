"""Who is in a segment: rules as conditions over the rows of ``person``, with bound parameters only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.people.store import here, person
from plugin.segments import sets
from plugin.segments.expressions import Expressions
from plugin.segments.references import resolved
from plugin.segments.rules import Rule


@dataclass(frozen=True, slots=True)
class Size:
    """How many people are in a segment, and how many there are at all."""

    count: int
    everybody: int

    @property
    def nobody(self) -> bool:
        return self.count == 0

    @property
    def all(self) -> bool:
        return self.count == self.everybody > 0


def condition(
    connection: Connection,
    rule: Mapping[str, Any] | Rule,
    now: datetime,
    *,
    at_once: bool = False,
) -> sa.ColumnElement[bool]:
    """Holds for the rows of ``person`` that are in the segment: people who are here, not merged away, not gone, not
    erased. The statement it stands in must have ``person`` among its tables; *at_once* is for one that looks at
    everybody.

    Raises ``Problem("field_invalid")`` for a rule that cannot be read, or that goes round in a circle.
    """
    sets.give_room(connection)
    read = resolved(connection, rule)
    if at_once and connection.dialect.name == "postgresql":
        return sa.and_(here, sets.Sets(Expressions(now)).holds(read))
    return sa.and_(here, Expressions(now, at_once=at_once).holds(read))


def size(connection: Connection, rule: Mapping[str, Any] | Rule, now: datetime) -> Size:
    """Counted now. Raises as ``condition`` does."""
    inside = condition(connection, rule, now, at_once=True)
    with sets.in_order(connection):
        count = connection.scalar(sa.select(sa.func.count()).select_from(person).where(inside))
    return Size(count or 0, everybody(connection))


def everybody(connection: Connection) -> int:
    """How many people are here."""
    query = sa.select(sa.func.count()).select_from(person).where(here)
    return connection.scalar(query) or 0
