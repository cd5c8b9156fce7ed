"""Which fields and lists of a CRM are kept in step: chosen, and stopped. What is stopped leaves nothing of people."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.access.audit import audit
from plugin.access.rules import Who
from plugin.errors import Problem
from plugin.people.store import person
from plugin.segments.store import attribute, attribute_value, followed_list, list_member
from plugin.strict import storable

FIELDS_MOST, LISTS_MOST = 20, 20  # of one account
LABEL_MOST = 120


def keep_field(
    connection: Connection,
    who: Who,
    installation: str,
    field: str,
    label: str,
    kind: str,
    at: datetime,
) -> None:
    """Raises ``Problem("field_invalid")``: one too many, or chosen already."""
    row = {"field": field, "label": _shown(label), "kind": kind}
    _add(connection, attribute, attribute.c.field, installation, row, at, FIELDS_MOST)
    audit(connection, who, "keeps in step a field of", f"installation {installation}", row["label"])


def stop_field(connection: Connection, who: Who, installation: str, field: str) -> bool:
    """Whether it was kept in step; its values are deleted."""
    gone = _take(connection, attribute, attribute.c.field, installation, field)
    theirs = (attribute_value.c.field == field, attribute_value.c.person.in_(_of(installation)))
    connection.execute(attribute_value.delete().where(*theirs))
    if gone:
        audit(connection, who, "keeps no more a field of", f"installation {installation}", gone)
    return bool(gone)


def follow_list(
    connection: Connection, who: Who, installation: str, name: str, label: str, at: datetime
) -> None:
    """Raises ``Problem("field_invalid")``: one too many, or followed already."""
    row = {"list": name, "label": _shown(label)}
    _add(connection, followed_list, followed_list.c.list, installation, row, at, LISTS_MOST)
    audit(connection, who, "follows a list of", f"installation {installation}", row["label"])


def leave_list(connection: Connection, who: Who, installation: str, name: str) -> bool:
    """Whether it was followed; who is on it is forgotten."""
    gone = _take(connection, followed_list, followed_list.c.list, installation, name)
    theirs = (list_member.c.list == name, list_member.c.person.in_(_of(installation)))
    connection.execute(list_member.delete().where(*theirs))
    if gone:
        audit(connection, who, "follows no more a list of", f"installation {installation}", gone)
    return bool(gone)


def read_again(connection: Connection, installation: str) -> None:
    """All that is kept in step is read anew, from the beginning."""
    for table in (attribute, followed_list):
        mine = table.update().where(table.c.installation == installation)
        connection.execute(mine.values(mark=""))


def _add(
    connection: Connection,
    table: sa.Table,
    column: sa.Column[str],
    installation: str,
    row: Mapping[str, str],
    at: datetime,
    most: int,
) -> None:
    mine = sa.select(column).where(table.c.installation == installation)
    there = set(connection.scalars(mine))
    if row[column.name] in there:
        raise _wrong("This is kept in step already.")
    if len(there) >= most:
        raise _wrong(f"At most {most} of one account are kept in step. Stop another one first.")
    connection.execute(table.insert().values(installation=installation, created_at=at, **row))


def _take(
    connection: Connection, table: sa.Table, column: sa.Column[str], installation: str, name: str
) -> str:
    """Its label, empty where there was none. First, so that a look under way finds it gone and writes nothing."""
    mine = (table.c.installation == installation, column == name)
    label = connection.scalar(sa.select(table.c.label).where(*mine)) or ""
    connection.execute(table.delete().where(*mine))
    return str(label)


def _shown(label: str) -> str:
    """Of whatever the CRM calls it, what a database can hold."""
    return "".join(filter(storable, label))[:LABEL_MOST]


def _of(installation: str) -> sa.Select[Any]:
    return sa.select(person.c.id).where(person.c.installation == installation)


def _wrong(words: str) -> Problem:
    return Problem("field_invalid", words, fields={"choice": words})
