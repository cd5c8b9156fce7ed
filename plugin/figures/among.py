"""Figures among the people of a segment, as it stands now."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.people.store import person
from plugin.segments import known
from plugin.segments.evaluating import condition
from plugin.segments.known import Segment
from plugin.segments.references import resolved
from plugin.segments.rules import Fell, Newest, Raised, leaves
from plugin.strict import field_invalid, storable


def people(connection: Connection, key: str, now: datetime) -> sa.Select[tuple[str]] | None:
    """The ids of those in the segment; nothing where *key* is empty. Raises ``Problem("field_invalid")`` where there
    is no such segment, or its rule cannot be read."""
    if not key:
        return None
    rule = _named(connection, key).rule
    return sa.select(person.c.id).where(condition(connection, rule, now, at_once=True))


def goes_by_answers(connection: Connection, key: str) -> bool:
    """Whether what people said decides who is in it. Raises as ``people`` does."""
    rule = resolved(connection, _named(connection, key).rule)
    return any(isinstance(leaf, Newest | Fell | Raised) for leaf in leaves(rule))


def _named(connection: Connection, key: str) -> Segment:
    found = known.one(connection, key) if storable(key) else None
    if found is None:
        raise field_invalid({"segment": "must be the key of a segment"})
    return found
