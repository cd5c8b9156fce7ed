"""Each condition of a rule as an expression of the database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.answers.store import answer, counted
from plugin.asking.store import ask
from plugin.db import EPOCH, lowest_id
from plugin.people.store import person
from plugin.segments.rules import (
    All,
    Attribute,
    Fell,
    Heard,
    Known,
    Leaf,
    Listed,
    Member,
    Met,
    Newest,
    Not,
    Raised,
    Rule,
    Some,
    Speaks,
)
from plugin.segments.store import attribute_value, list_member, newest_answer
from plugin.themes.store import answer_theme

here = sa.and_(
    person.c.survivor.is_(None), person.c.gone_at.is_(None), person.c.erased_at.is_(None)
)
"""Not merged away, not gone, not erased."""


def give_room(connection: Connection) -> None:
    """PostgreSQL looks a person up in sets of up to a million others: in memory that it has until the end of the
    transaction, because row by row from the disk takes it many times as long."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL work_mem = '128MB'")


def holds(rule: Rule, now: datetime) -> sa.ColumnElement[bool]:
    """Whether the rule holds for a row of ``person``; never null."""
    match rule:
        case All(rules):
            return sa.and_(*(holds(one, now) for one in rules))
        case Some(rules):
            return sa.or_(*(holds(one, now) for one in rules))
        case Not(inner):
            return sa.not_(holds(inner, now))
        case _:
            return _leaf(rule, now)


def _leaf(leaf: Leaf, now: datetime) -> sa.ColumnElement[bool]:
    match leaf:
        case Newest(category, kind):
            return newest(kind, newest_answer.c.category == category)
        case Fell(points, kind):
            low = newest_answer.c.score <= newest_answer.c.before - points
            return newest(kind, low)
        case Heard(kind):
            return newest(kind)
        case Attribute():
            return _attribute(leaf, now)
        case Known(how, days):
            mark = lowest_id(max(EPOCH, now - timedelta(days=days)))
            return person.c.id < mark if how == "at_least" else person.c.id >= mark
        case Listed(name, installation):
            return _listed(name, installation)
        case Met(touchpoint, what, within):
            return _met(touchpoint, what, within, now)
        case Raised(theme, within):
            return raised(theme, _since(within, now))
        case Speaks(language):
            return _speaks(language)
        case Member():
            raise LookupError("references are resolved before a rule is evaluated")


def newest(kind: str, *more: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    theirs = newest_answer.c.person == person.c.id
    return _exists(newest_answer, theirs, newest_answer.c.kind == kind, *more)


def _attribute(leaf: Attribute, now: datetime) -> sa.ColumnElement[bool]:
    if leaf.how == "empty":
        filled = value_of(leaf.field)
        return sa.not_(filled) if leaf.value else filled
    if leaf.how == "is_not":
        return sa.not_(value_of(leaf.field, attribute_value.c.text == leaf.value))
    return value_of(leaf.field, _compared(leaf, now))


def value_of(field: str, *more: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    theirs = attribute_value.c.person == person.c.id
    return _exists(attribute_value, theirs, attribute_value.c.field == field, *more)


def _compared(leaf: Attribute, now: datetime) -> sa.ColumnElement[bool]:
    number, value, today = attribute_value.c.number, leaf.value, day(now.astimezone(UTC).date())
    match leaf.how, value:
        case "is", _:
            return attribute_value.c.text == value
        case "one_of", tuple(texts):
            return attribute_value.c.text.in_(texts)
        case "at_least", _:
            return number >= value
        case "at_most", _:
            return number <= value
        case "before", str(text):
            return number < day(date.fromisoformat(text))
        case "after", str(text):
            return number > day(date.fromisoformat(text))
        case "in_last", int(days):
            return number.between(today - days, today)
        case "in_next", int(days):
            return number.between(today, today + days)
        case "longer_ago", int(days):
            return number < today - days
    raise LookupError(f"no comparison {leaf.how}")


def day(at: date) -> int:
    """A date as it is kept: days since 1970."""
    return (at - EPOCH.date()).days


def _listed(name: str, installation: str) -> sa.ColumnElement[bool]:
    theirs = list_member.c.person == person.c.id
    on_it = _exists(list_member, theirs, list_member.c.list == name)
    return sa.and_(person.c.installation == installation, on_it) if installation else on_it


def _met(touchpoint: str, what: str, within: int | None, now: datetime) -> sa.ColumnElement[bool]:
    since = _since(within, now)
    if what == "asked":
        times = [] if since is None else [ask.c.created_at >= since]
        theirs = ask.c.person == person.c.id
        return _exists(ask, theirs, ask.c.touchpoint == touchpoint, *times)
    times = [] if since is None else [answer.c.answered_at >= since]
    theirs = answer.c.person == person.c.id
    return _exists(answer, theirs, counted, answer.c.touchpoint == touchpoint, *times)


def raised(theme: str, since: datetime | None) -> sa.ColumnElement[bool]:
    times = [] if since is None else [answer.c.answered_at >= since]
    about = answer.join(answer_theme, answer_theme.c.answer == answer.c.id)
    said = (answer_theme.c.theme == theme, answer_theme.c.has, counted, *times)
    return _exists(about, answer.c.person == person.c.id, *said)


def _since(within: int | None, now: datetime) -> datetime | None:
    return None if within is None else max(EPOCH, now - timedelta(days=within))


def _speaks(language: str) -> sa.ColumnElement[bool]:
    tag, known = language.lower(), sa.func.lower(sa.func.replace(person.c.locale, "_", "-"))
    return sa.or_(known == tag, known.startswith(f"{tag}-", autoescape=True))


def _exists(table: Any, *where: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    one: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(table).where(*where)
    return sa.exists(one.correlate(person))
