"""Rules as they are evaluated: what other segments say in the place of their names, and nothing said in two ways."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.errors import Problem
from plugin.segments import known
from plugin.segments.known import Segment
from plugin.segments.parsing import parse
from plugin.segments.rules import All, Attribute, Listed, Member, Not, Rule, Some
from plugin.segments.store import followed_list

EXPANDED_MOST = 200  # names of segments, theirs and so on

Given = Mapping[str, Any] | Rule


def resolved(connection: Connection, rule: Given, *, within: str = "") -> Rule:
    """The rule as ``expressions`` has it, without names of segments. *within* is the key of the segment it is to be the
    rule of.

    Raises ``Problem("field_invalid")``: a segment that is not there, or one that comes back to itself.
    """
    read = parse(rule) if isinstance(rule, Mapping) else rule
    return _Resolver(connection, within).rule(read, (within,) if within else ())


class _Resolver:
    def __init__(self, connection: Connection, within: str) -> None:
        self._connection, self._left = connection, EXPANDED_MOST
        self._segments: dict[str, Segment] | None = None

    def rule(self, rule: Rule, above: tuple[str, ...]) -> Rule:
        match rule:
            case All(rules):
                return All(tuple(self.rule(one, above) for one in rules))
            case Some(rules):
                return Some(tuple(self.rule(one, above) for one in rules))
            case Not(inner):
                return Not(self.rule(inner, above))
            case Member(key):
                return self._member(key, above)
            case Attribute(field, "is_not", value):
                return Not(Attribute(field, "is", value))
            case Attribute(field, "empty", True):
                return Not(Attribute(field, "empty", False))
            case Listed(name, installation) if installation and self._alone(name, installation):
                return Listed(name)
            case _:
                return rule

    def _member(self, key: str, above: tuple[str, ...]) -> Rule:
        segment = self._named(key)
        if key in above:
            raise _wrong(f"“{segment.name}” would be part of itself")
        self._left -= 1
        if self._left < 0:
            raise _wrong("the segments it names name too many others")
        return self.rule(parse(segment.rule), (*above, key))

    def _alone(self, name: str, installation: str) -> bool:
        """Whether this account is the only one with a list of that id, so that nobody else can be on it."""
        query = sa.select(followed_list.c.installation).where(followed_list.c.list == name)
        return self._connection.scalars(query).all() == [installation]

    def _named(self, key: str) -> Segment:
        if self._segments is None:
            every = known.every(self._connection, put_away=True)
            self._segments = {one.key: one for one in every}
        if key not in self._segments:
            raise _wrong(f"there is no segment “{key}”")
        return self._segments[key]


def _wrong(words: str) -> Problem:
    said = f"This rule cannot be used: {words}."
    return Problem("field_invalid", said, fields={"rule": said})
