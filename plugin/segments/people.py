"""People of a segment as pages and files show them, and somebody looked up by what is known of her."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.asking import frequency
from plugin.asking.testing import listed
from plugin.people.store import here, person
from plugin.segments.evaluating import condition
from plugin.segments.store import attribute_value

FOUND_MOST = 10


def of(
    connection: Connection, rule: Mapping[str, Any], now: datetime, *, after: str = "", limit: int
) -> list[Row[Any]]:
    """Who is in a segment, by their ids; *after* is the last one already seen. With ``test``: whether she is a
    colleague or a test contact. Raises as ``condition`` does."""
    tests = listed(frequency.load(connection)).label("test")
    query = sa.select(person, tests).where(condition(connection, rule, now))
    query = query.where(person.c.id > after) if after else query
    return list(connection.execute(query.order_by(person.c.id).limit(limit)))


def named(connection: Connection, words: str) -> Sequence[Row[Any]]:
    """By the whole of a record id, an e-mail address or a name."""
    given = words.lower()
    fits = sa.or_(
        person.c.contact == words,
        sa.func.lower(person.c.email) == given,
        sa.func.lower(person.c.name) == given,
    )
    query = sa.select(person).where(fits).order_by(person.c.survivor.is_not(None), person.c.id)
    return connection.execute(query.limit(FOUND_MOST)).all()


def by_id(connection: Connection, person_id: str) -> Row[Any] | None:
    return connection.execute(sa.select(person).where(person.c.id == person_id)).one_or_none()


def values(connection: Connection, field: str, most: int) -> Sequence[Row[Any]]:
    """What stands in a field of the kind text: each value with how many people have it, the most frequent first."""
    theirs = attribute_value.join(person, person.c.id == attribute_value.c.person)
    count = sa.func.count()
    return connection.execute(
        sa.select(attribute_value.c.text, count.label("people"))
        .select_from(theirs)
        .where(attribute_value.c.field == field, attribute_value.c.text.is_not(None), here)
        .group_by(attribute_value.c.text)
        .order_by(count.desc(), attribute_value.c.text)
        .limit(most)
    ).all()
