"""Each condition of a rule as an expression of the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

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


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a table of which a person must have one; *whose* is the column that says whose each is."""

    whose: sa.ColumnElement[str]
    table: Any
    where: Sequence[sa.ColumnElement[bool]]

    def one_by_one(self) -> sa.ColumnElement[bool]:
        """Looked for with each person anew."""
        mine: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(self.table)
        mine = mine.where(self.whose == person.c.id, *self.where)
        return sa.exists(mine.correlate(person))

    def everybody(self) -> sa.Select[Any]:
        """Whose they all are."""
        return sa.select(self.whose).select_from(self.table).where(*self.where).correlate(None)


# These lie in the order of people, and are gone along as fast as they would be gathered.
IN_ORDER = (newest_answer, attribute_value, list_member)


@dataclass(frozen=True, slots=True)
class Expressions:
    """Rules as conditions over the rows of ``person``, never null; rules as ``references.resolved`` has them.

    *at_once*: rows are gathered first and people looked up among them, which SQLite does quicker for everybody and
    slower for a few. Both find the same.
    """

    now: datetime
    at_once: bool = False

    def holds(self, rule: Rule) -> sa.ColumnElement[bool]:
        match rule:
            case All(rules):
                return sa.and_(*map(self.holds, rules))
            case Some(rules):
                return self._some(rules)
            case Not(inner):
                return sa.not_(self.holds(inner))
            case _:
                return self._leaf(rule)

    def _some(self, rules: Sequence[Rule]) -> sa.ColumnElement[bool]:
        """Rows of one table are looked for in one go, and what can be gathered is gathered in one set."""
        found: list[Rows] = []
        others: list[sa.ColumnElement[bool]] = []
        for rule in rules:
            rows = self.rows(rule)
            if rows is None:
                others.append(self.holds(rule))
            else:
                found.append(rows)
        gathered = [rows for rows in found if self._gathers(rows)]
        single = [rows for rows in found if not self._gathers(rows)]
        others += [rows.one_by_one() for rows in _together(single)]
        return sa.or_(*others, *([_among(gathered)] if gathered else []))

    def _leaf(self, leaf: Leaf) -> sa.ColumnElement[bool]:
        rows = self.rows(leaf)
        if rows is not None:
            return _among([rows]) if self._gathers(rows) else rows.one_by_one()
        match leaf:
            case Known(how, days):
                mark = lowest_id(self._ago(days))
                return person.c.id < mark if how == "at_least" else person.c.id >= mark
            case Listed(name, installation):
                return sa.and_(of(installation), self._leaf(Listed(name)))
            case Speaks(language):
                return _speaks(language)
        raise LookupError(f"{leaf} was not resolved")

    def _gathers(self, rows: Rows) -> bool:
        return self.at_once and rows.table not in IN_ORDER

    def rows(self, rule: Rule) -> Rows | None:
        """Of which she must have one; ``None`` for a group, and where her own row tells."""
        match rule:
            case Newest(category, kind):
                return _newest(kind, newest_answer.c.category == category)
            case Fell(points, kind):
                return _newest(kind, newest_answer.c.score <= newest_answer.c.before - points)
            case Heard(kind):
                return _newest(kind)
            case Attribute():
                return self._attribute(rule)
            case Listed(name, ""):
                return Rows(list_member.c.person, list_member, [list_member.c.list == name])
            case Met(touchpoint, "asked", within):
                there = (ask.c.touchpoint == touchpoint, *self._since(ask.c.created_at, within))
                return Rows(ask.c.person, ask, there)
            case Met(touchpoint, _, within):
                there = (counted, answer.c.touchpoint == touchpoint)
                when = self._since(answer.c.answered_at, within)
                return Rows(answer.c.person, answer, (*there, *when))
            case Raised(theme, within):
                return self._raised(theme, within)
        return None

    def _attribute(self, leaf: Attribute) -> Rows:
        compared = _compared(leaf, day(self.now.astimezone(UTC).date()))
        named = attribute_value.c.field == leaf.field
        return Rows(attribute_value.c.person, attribute_value, (named, *compared))

    def _raised(self, theme: str, within: int | None) -> Rows:
        about = answer.join(answer_theme, answer_theme.c.answer == answer.c.id)
        said = (answer_theme.c.theme == theme, answer_theme.c.has, counted)
        when = self._since(answer.c.answered_at, within)
        return Rows(answer.c.person, about, (*said, *when))

    def _since(self, when: sa.Column[Any], within: int | None) -> list[sa.ColumnElement[bool]]:
        return [] if within is None else [when >= self._ago(within)]

    def _ago(self, days: int) -> datetime:
        return max(EPOCH, self.now - timedelta(days=days))


def of(installation: str) -> sa.ColumnElement[bool]:
    """She is of that account: not by the index of contacts, where an account is most of the people."""
    return sa.func.coalesce(person.c.installation, "") == installation


def _together(some: Sequence[Rows]) -> list[Rows]:
    """With those of one table in one, of which any is enough."""
    joined = [[rows for rows in some if rows.table is table] for table in IN_ORDER]
    apart = [rows for rows in some if all(rows.table is not table for table in IN_ORDER)]
    return [_any_of(several) for several in joined if several] + apart


def _any_of(several: Sequence[Rows]) -> Rows:
    first = several[0]
    return Rows(first.whose, first.table, [sa.or_(*(sa.and_(*rows.where) for rows in several))])


def _among(gathered: Sequence[Rows]) -> sa.ColumnElement[bool]:
    first, *others = (rows.everybody() for rows in gathered)
    return person.c.id.in_(sa.union_all(first, *others) if others else first)


def _newest(kind: str, *more: sa.ColumnElement[bool]) -> Rows:
    of = newest_answer.c.kind == kind
    return Rows(newest_answer.c.person, newest_answer, (of, *more))


def _compared(leaf: Attribute, today: int) -> Sequence[sa.ColumnElement[bool]]:
    number, value = attribute_value.c.number, leaf.value
    match leaf.how, value:
        case "empty", _:
            return []
        case "is", _:
            return [attribute_value.c.text == value]
        case "one_of", tuple(texts):
            return [attribute_value.c.text.in_(texts)]
        case "at_least", _:
            return [number >= value]
        case "at_most", _:
            return [number <= value]
        case "before", str(text):
            return [number < day(date.fromisoformat(text))]
        case "after", str(text):
            return [number > day(date.fromisoformat(text))]
        case "in_last", int(days):
            return [number.between(today - days, today)]
        case "in_next", int(days):
            return [number.between(today, today + days)]
        case "longer_ago", int(days):
            return [number < today - days]
    raise LookupError(f"no comparison {leaf.how}")


def day(at: date) -> int:
    """A date as it is kept: days since 1970."""
    return (at - EPOCH.date()).days


def _speaks(language: str) -> sa.ColumnElement[bool]:
    tag, known = language.lower(), sa.func.lower(sa.func.replace(person.c.locale, "_", "-"))
    return sa.or_(known == tag, known.startswith(f"{tag}-", autoescape=True))
