"""Why somebody is in a segment, or why not: each condition with what the database sees of her."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.people.store import here, person
from plugin.segments import known, seen, wording
from plugin.segments.expressions import Expressions
from plugin.segments.naming import Names
from plugin.segments.parsing import parse
from plugin.segments.references import resolved
from plugin.segments.rules import All, Leaf, Member, Not, Rule, Some


@dataclass(frozen=True, slots=True)
class Reason:
    """A condition in words and whether it holds for her. *saw* is what stands there of her; a group, and a segment
    that is named, has *parts* instead."""

    words: str
    held: bool
    saw: str = ""
    parts: Sequence["Reason"] = ()


@dataclass(frozen=True, slots=True)
class Why:
    """*away* says why she is in no segment at all; empty where she is here."""

    inside: bool
    reason: Reason
    away: str = ""


def why(
    connection: Connection,
    rule: Mapping[str, Any],
    person_id: str,
    now: datetime,
    names: Names,
) -> Why | None:
    """By the expressions that the segment is made of, in one look at the database; ``None`` for nobody we know.

    Raises as ``evaluating.condition`` does.
    """
    read = parse(rule)
    asked = _Asked(connection, now, names)
    told = asked.about(read)
    whole = sa.and_(here, Expressions(now).holds(resolved(connection, read)))
    query = sa.select(person, whole.label("inside"), *asked.columns).where(person.c.id == person_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return Why(bool(row.inside), told(row), _away(row))


Told = Callable[[Row[Any]], Reason]


@dataclass
class _Asked:
    """Gathers what the one look at the database has to bring."""

    connection: Connection
    now: datetime
    names: Names
    columns: list[sa.ColumnElement[Any]] = field(default_factory=list)

    def about(self, rule: Rule) -> Told:
        held = self._column(Expressions(self.now).holds(resolved(self.connection, rule)))
        words = self._words(rule)
        saw = self._saw(rule)
        parts = [self.about(one) for one in self._parts(rule)]
        return lambda row: Reason(words, bool(row[held]), saw(row), [part(row) for part in parts])

    def _column(self, expression: sa.ColumnElement[Any]) -> int:
        self.columns.append(expression.label(f"seen_{len(self.columns)}"))
        return len(person.c) + len(self.columns)

    def _words(self, rule: Rule) -> str:
        match rule:
            case All():
                return "All of these hold"
            case Some():
                return "At least one of these holds"
            case Not(All() | Some()):
                return "This does not hold"
            case _:
                return wording.phrase(rule, self.names)

    def _parts(self, rule: Rule) -> Sequence[Rule]:
        match rule:
            case All(rules) | Some(rules):
                return rules
            case Not(All() | Some() as group):
                return [group]
            case Member(key) | Not(Member(key)):
                segment = known.one(self.connection, key)
                return [parse(segment.rule)] if segment else []
            case _:
                return []

    def _saw(self, rule: Rule) -> Callable[[Row[Any]], str]:
        leaf = rule.rule if isinstance(rule, Not) else rule
        if isinstance(leaf, All | Some | Not | Member):
            return lambda row: ""
        return self._sight(leaf)

    def _sight(self, leaf: Leaf) -> Callable[[Row[Any]], str]:
        sight = seen.sight(leaf)
        places = [self._column(column) for column in sight.columns]
        return lambda row: sight.words(*(row[place] for place in places))


def _away(row: Row[Any]) -> str:
    if row.erased_at is not None:
        return "Everything about this person was erased; nobody who was erased is in any segment."
    if row.survivor is not None:
        return "This contact was merged into another one, who counts in its place."
    if row.gone_at is not None:
        return "This contact was deleted in the CRM; nobody who is gone is in any segment."
    return ""
