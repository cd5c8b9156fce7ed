"""What the CRM tells of people for segments: which fields and lists are kept in step, how far, and what stands in them.

Only people whom we know are kept in step. A person is written to under her row's lock, so that nothing comes back of
one who is erased or merged meanwhile; and a field or list under its own, so that nothing stays of one that was stopped.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection, Row

from plugin.db import Timestamp
from plugin.people.store import here, person
from plugin.segments.expressions import day
from plugin.segments.store import attribute, attribute_value, followed_list, list_member

Value: TypeAlias = str | Decimal | date | None
Held: TypeAlias = tuple[str | None, float | None]  # a row's text and number
EMPTY: Held = (None, None)  # no row


def wanted(connection: Connection, installation: str) -> Sequence[Row[Any]]:
    """The fields that are kept in step, by their labels."""
    mine = attribute.c.installation == installation
    query = sa.select(attribute).where(mine).order_by(attribute.c.label, attribute.c.field)
    return connection.execute(query).all()


def followed(connection: Connection, installation: str) -> Sequence[Row[Any]]:
    """The lists whose members are kept in step, by their labels."""
    mine = followed_list.c.installation == installation
    query = sa.select(followed_list).where(mine).order_by(followed_list.c.label)
    return connection.execute(query).all()


def in_trouble(connection: Connection) -> set[str]:
    """The installations of which a field or a list cannot be read."""
    queries = (
        sa.select(table.c.installation).where(table.c.trouble != "")
        for table in (attribute, followed_list)
    )
    return {name for query in queries for name in connection.scalars(query)}


def people_after(
    connection: Connection, installation: str, after: str, most: int
) -> Sequence[tuple[str, str]]:
    """People to be kept in step, in the order of their ids behind *after*: id and record id."""
    query = (
        sa.select(person.c.id, person.c.contact)
        .where(person.c.installation == installation, here, person.c.id > after)
        .order_by(person.c.id)
        .limit(most)
    )
    return [(row.id, row.contact) for row in connection.execute(query)]


def people_here(connection: Connection, installation: str) -> int:
    """How many there are to be kept in step."""
    query = sa.select(sa.func.count()).where(person.c.installation == installation, here)
    return int(connection.scalar(query) or 0)


def keep(connection: Connection, installation: str, told: Mapping[str, Mapping[str, Value]]) -> int:
    """What the CRM told of contacts, by record id and field; what is told as ``None`` is empty from now on, what is
    not told stays. How many values were new. Contacts whom we do not know, and fields that nobody wants, are passed
    over."""
    fields = _held_rows(connection, attribute, attribute.c.field, installation)
    known = _people(connection, installation, told)
    new = {
        (who, field): _columns(value)
        for contact, who in known.items()
        for field, value in told[contact].items()
        if field in fields
    }
    old = _values(connection, {who for who, _ in new})
    changed = {at: held for at, held in new.items() if held != old.get(at, EMPTY)}
    still = _locked(connection, {who for who, _ in changed})
    return _write(connection, {at: held for at, held in changed.items() if at[0] in still})


def saw_members(
    connection: Connection, installation: str, name: str, contacts: Collection[str], round_: int
) -> bool:
    """These contacts are on the list; whether the list is still followed."""
    if name not in _held_rows(connection, followed_list, followed_list.c.list, installation):
        return False
    known = _locked(connection, set(_people(connection, installation, contacts).values()))
    rows = [{"person": who, "list": name, "seen_round": round_} for who in sorted(known)]
    if rows:
        made = _insert(connection, list_member)
        seen = {"seen_round": made.excluded.seen_round}
        put = made.on_conflict_do_update(index_elements=["person", "list"], set_=seen)
        connection.execute(put, rows)
    return True


def last_round(connection: Connection, name: str) -> int:
    """The number of the last reading that saw anybody on the list."""
    query = sa.select(sa.func.max(list_member.c.seen_round)).where(list_member.c.list == name)
    return int(connection.scalar(query) or 0)


def end_round(connection: Connection, installation: str, name: str, round_: int) -> int:
    """Whoever was not seen in this round is no longer on the list; how many that were."""
    unseen = (list_member.c.list == name, list_member.c.seen_round < round_)
    mine = list_member.c.person.in_(_of(installation))
    return connection.execute(list_member.delete().where(*unseen, mine)).rowcount


def _held_rows(
    connection: Connection, table: sa.Table, column: sa.Column[str], installation: str
) -> set[str]:
    """Nobody stops one of these until the transaction ends."""
    mine = sa.select(column).where(table.c.installation == installation)
    return set(connection.scalars(mine.order_by(column).with_for_update()))


def _of(installation: str) -> sa.Select[Any]:
    return sa.select(person.c.id).where(person.c.installation == installation)


def _people(connection: Connection, installation: str, contacts: Collection[str]) -> dict[str, str]:
    """By record id those whom we know under it."""
    if not contacts:
        return {}
    found = sa.select(person.c.contact, person.c.id).where(
        person.c.installation == installation, person.c.contact.in_(sorted(contacts)), here
    )
    return {row.contact: row.id for row in connection.execute(found)}


def _locked(connection: Connection, people: Collection[str]) -> set[str]:
    """Those who are still here; whoever erases or merges one of them waits until the transaction ends."""
    if not people:
        return set()
    found = sa.select(person.c.id).where(person.c.id.in_(sorted(people)), here)
    locked = found.order_by(person.c.id).with_for_update(key_share=True)
    return set(connection.scalars(locked))


def _columns(value: Value) -> Held:
    if value is None or isinstance(value, str):
        return value, None
    return None, float(day(value) if isinstance(value, date) else value)


def _values(connection: Connection, people: Collection[str]) -> dict[tuple[str, str], Held]:
    if not people:
        return {}
    query = sa.select(attribute_value).where(attribute_value.c.person.in_(sorted(people)))
    return {(row.person, row.field): (row.text, row.number) for row in connection.execute(query)}


def _write(connection: Connection, changed: Mapping[tuple[str, str], Held]) -> int:
    filled = [
        {"person": who, "field": field, "text": text, "number": number}
        for (who, field), (text, number) in sorted(changed.items(), key=_place)
        if (text, number) != EMPTY
    ]
    empty = [
        {"who": w, "what": f}
        for (w, f), held in sorted(changed.items(), key=_place)
        if held == EMPTY
    ]
    if filled:
        made = _insert(connection, attribute_value)
        values = {"text": made.excluded.text, "number": made.excluded.number}
        put = made.on_conflict_do_update(index_elements=["person", "field"], set_=values)
        connection.execute(put, filled)
    if empty:
        connection.execute(_EMPTIED, empty)
    return len(changed)


def _place(changed: tuple[tuple[str, str], Held]) -> tuple[str, str]:
    return changed[0]


_EMPTIED = attribute_value.delete().where(
    attribute_value.c.person == sa.bindparam("who"), attribute_value.c.field == sa.bindparam("what")
)


def _insert(connection: Connection, table: sa.Table) -> Any:
    return (sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert)(table)


def went_on(
    connection: Connection,
    installation: str,
    fields: Mapping[str, str],
    mark: str,
    wrong: Mapping[str, int],
    *,
    afresh: bool,
    read_at: datetime | None,
) -> None:
    """The fields were read on to *mark*, those that stand where they stood (by field the mark of then). *afresh*:
    *wrong* counts from here. *read_at*: everything that there is was read."""
    for field, before in fields.items():
        count = wrong.get(field, 0)
        values: dict[str, Any] = {"mark": mark}
        values["wrong"] = count if afresh else attribute.c.wrong + count
        if read_at is not None:
            values["read_at"] = sa.case(
                (attribute.c.trouble == "", sa.bindparam("at", read_at, Timestamp)),
                else_=attribute.c.read_at,
            )
        mine = (attribute.c.installation == installation, attribute.c.field == field)
        stands = attribute.update().where(*mine, attribute.c.mark == before)
        connection.execute(stands.values(**values))


def troubled(
    connection: Connection, installation: str, fields: Collection[str], words: str
) -> None:
    """Why these fields are not read, in words; empty: they are."""
    mine = (attribute.c.installation == installation, attribute.c.field.in_(sorted(fields)))
    connection.execute(attribute.update().where(*mine).values(trouble=words))
