"""Who only tries things out: an ask made to try a touchpoint, colleagues, test contacts. They are in no figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.asking import frequency
from plugin.asking.limits import Limits
from plugin.asking.store import ask, tried
from plugin.db import holds_ascii
from plugin.people.store import person
from plugin.ready import Texts
from plugin.rowset import among


def is_test(connection: Connection) -> sa.ColumnElement[bool]:
    """Of ``ask`` joined with its ``person``, by the rules as they stand now: whoever is named a colleague today
    leaves the figures of last year too."""
    return sa.or_(ask.c.test, listed(frequency.load(connection)))


@dataclass(frozen=True, slots=True)
class Tests:
    """The ids of all who only try something, and of the asks that were made to try a touchpoint: few of many."""

    people: Sequence[str]
    asks: Sequence[str]

    def none_of(self, whose: sa.Column[Any], which: sa.Column[Any]) -> list[sa.ColumnElement[bool]]:
        """Of rows that name a person and an ask."""
        return [*_not_among(whose, self.people), *_not_among(which, self.asks)]

    @property
    def in_earnest(self) -> list[sa.ColumnElement[bool]]:
        """Of ``ask`` alone."""
        return [~ask.c.test, *_not_among(ask.c.person, self.people)]


def tests(connection: Connection) -> Tests:
    """For whoever counts many: people are looked through once, here, instead of one for each ask, and not at all where
    nobody is named."""
    limits = frequency.load(connection)
    named = limits.staff_domains or limits.test_contacts
    people = sa.select(person.c.id).where(listed(limits))
    asks = connection.scalars(sa.select(ask.c.id).where(tried))
    return Tests(list(connection.scalars(people)) if named else [], list(asks))


def in_earnest(connection: Connection) -> list[sa.ColumnElement[bool]]:
    """Of ``ask`` alone: that it is no test."""
    return tests(connection).in_earnest


def _not_among(column: sa.Column[Any], ids: Sequence[str]) -> list[sa.ColumnElement[bool]]:
    return [~among(column, sa.literal(list(ids), Texts()))] if ids else []


def listed(limits: Limits) -> sa.ColumnElement[bool]:
    """``Limits.is_test`` for rows of ``person``."""
    address = sa.func.lower(sa.func.trim(person.c.email))
    of_staff = [
        sa.and_(
            holds_ascii(person.c.email, f"%{domain}%"),
            sa.or_(address.endswith(f"@{domain}"), address.endswith(f".{domain}")),
        )
        for domain in limits.staff_domains
    ]
    named = [
        column.in_(limits.test_contacts)
        for column in (sa.func.lower(person.c.contact), address)
        if limits.test_contacts
    ]
    return sa.or_(sa.false(), *of_staff, *named)
