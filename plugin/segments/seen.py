"""What stands here of a person for one condition: the value it looked at, in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from plugin.answers.store import answer, counted
from plugin.asking.store import ask
from plugin.db import EPOCH, made_at
from plugin.people.store import person
from plugin.segments.rules import Attribute, Fell, Heard, Known, Leaf, Listed, Met, Newest, Raised
from plugin.segments.store import attribute_value, list_member, newest_answer
from plugin.segments.wording import day
from plugin.themes.store import answer_theme

DATES = ("before", "after", "in_last", "in_next", "longer_ago")


@dataclass(frozen=True, slots=True)
class Sight:
    """*columns* of a row of ``person``, and what their values say."""

    columns: Sequence[sa.ColumnElement[Any]]
    words: Callable[..., str]


def sight(leaf: Leaf) -> Sight:
    match leaf:
        case Newest(_, kind) | Heard(kind) | Fell(_, kind):
            theirs = (newest_answer.c.person == person.c.id, newest_answer.c.kind == kind)
            names = ("score", "before", "answered_at")
            return Sight([_one(newest_answer.c[name], *theirs) for name in names], _answer)
        case Attribute(field, how):
            theirs = (attribute_value.c.person == person.c.id, attribute_value.c.field == field)
            columns = [_one(attribute_value.c[name], *theirs) for name in ("text", "number")]
            return Sight(columns, _date if how in DATES else _value)
        case Known():
            return Sight([person.c.id], lambda some_id: f"first known {day(made_at(some_id))}")
        case Listed(name):
            mine = (list_member.c.person == person.c.id, list_member.c.list == name)
            return Sight([_one(list_member.c.list, *mine)], _membership)
        case Met(touchpoint, "asked"):
            asked = (ask.c.person == person.c.id, ask.c.touchpoint == touchpoint)
            return Sight([_one(sa.func.max(ask.c.created_at), *asked)], _last)
        case Met(touchpoint):
            said = (answer.c.person == person.c.id, counted, answer.c.touchpoint == touchpoint)
            return Sight([_one(sa.func.max(answer.c.answered_at), *said)], _last)
        case Raised(theme):
            return Sight([_last_raised(theme)], _last)
        case _:
            return Sight([person.c.locale], lambda locale: locale or "not known")


def _one(column: sa.ColumnElement[Any], *where: sa.ColumnElement[bool]) -> sa.ColumnElement[Any]:
    return sa.select(column).where(*where).correlate(person).scalar_subquery()


def _last_raised(theme: str) -> sa.ColumnElement[Any]:
    about = answer.join(answer_theme, answer_theme.c.answer == answer.c.id)
    newest = sa.select(sa.func.max(answer.c.answered_at)).select_from(about)
    mine = (answer.c.person == person.c.id, counted, answer_theme.c.has)
    return newest.where(*mine, answer_theme.c.theme == theme).correlate(person).scalar_subquery()


def _answer(score: int | None, before: int | None, at: datetime | None) -> str:
    if score is None or at is None:
        return "no such answer"
    said = f"{score}, on {day(at.date())}"
    return said if before is None else f"{said}; {before} before that"


def _value(text: str | None, number: float | None) -> str:
    if text is not None:
        return f"“{text}”"
    return "empty" if number is None else f"{number:.15g}"


def _date(text: str | None, number: float | None) -> str:
    if number is None:
        return "empty" if text is None else f"“{text}”, which is no date"
    try:
        return day((EPOCH + timedelta(days=number)).date())
    except OverflowError:
        return "a date outside the calendar"


def _membership(found: str | None) -> str:
    return "not on it" if found is None else "on it"


def _last(at: datetime | None) -> str:
    return "never" if at is None else f"last on {day(at.date())}"
