"""What a segment may say, as data: conditions that are and, or, not. Pure, no I/O.

Relational and transactional answers are never mixed: whatever goes by an answer's category or score names its kind.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

DAYS_MOST = 36_500
POINTS_MOST = 10


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest answer of that kind is in that category."""

    category: str
    kind: str


@dataclass(frozen=True, slots=True)
class Fell:
    """The newest answer of that kind is at least so many points below the one before."""

    points: int
    kind: str


@dataclass(frozen=True, slots=True)
class Heard:
    """She has answered a question of that kind."""

    kind: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """A CRM field that is kept in step. *how* is one of ``parsing.COMPARISONS``; *value* fits it."""

    field: str
    how: str
    value: str | tuple[str, ...] | int | float | bool


@dataclass(frozen=True, slots=True)
class Known:
    """How long ago she was first known here: *how* is ``at_least`` or ``at_most``."""

    how: str
    days: int


@dataclass(frozen=True, slots=True)
class Listed:
    """She is on a list of the CRM; an empty installation is any."""

    list: str
    installation: str = ""


@dataclass(frozen=True, slots=True)
class Met:
    """She was asked at the touchpoint, or answered there; within so many days, or ever."""

    touchpoint: str
    what: str = "answered"
    within: int | None = None


@dataclass(frozen=True, slots=True)
class Raised:
    """An answer of hers is about the theme; given within so many days, or ever."""

    theme: str
    within: int | None = None


@dataclass(frozen=True, slots=True)
class Speaks:
    """Her language, by its tag: ``sv`` is ``sv-FI`` too."""

    language: str


@dataclass(frozen=True, slots=True)
class Member:
    """She is in another segment."""

    segment: str


@dataclass(frozen=True, slots=True)
class All:
    """Every one of them holds."""

    rules: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """One of them holds, or more."""

    rules: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class Not:
    rule: "Rule"


Leaf: TypeAlias = (
    Newest | Fell | Heard | Attribute | Known | Listed | Met | Raised | Speaks | Member
)
Rule: TypeAlias = Leaf | All | Some | Not


def leaves(rule: Rule) -> Iterator[Leaf]:
    """In the order in which they are written."""
    match rule:
        case All(rules) | Some(rules):
            for one in rules:
                yield from leaves(one)
        case Not(inner):
            yield from leaves(inner)
        case _:
            yield rule


def normal(rule: Rule) -> Rule:
    """The same with nothing superfluous: no group in a group of its kind, no group of one, nothing twice, no
    "not not"."""
    match rule:
        case Not(inner):
            denied = normal(inner)
            return denied.rule if isinstance(denied, Not) else Not(denied)
        case All(rules) | Some(rules):
            return _group(type(rule), rules)
        case Attribute(field, "one_of", (only,)):
            return Attribute(field, "is", only)
        case _:
            return rule


def _group(kind: type[All] | type[Some], rules: tuple[Rule, ...]) -> Rule:
    flat: list[Rule] = []
    for one in map(normal, rules):
        flat += one.rules if isinstance(one, kind) else (one,)
    once = tuple(dict.fromkeys(flat))
    return once[0] if len(once) == 1 else kind(once)
