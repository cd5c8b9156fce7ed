"""Who only tries things out: an ask made to try a touchpoint, colleagues, test contacts. They are in no figure."""

import json

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.asking import frequency
from plugin.asking.limits import Limits
from plugin.asking.store import ask
from plugin.db import holds_ascii
from plugin.people.store import person
from plugin.rowset import among


def is_test(connection: Connection) -> sa.ColumnElement[bool]:
    """Of ``ask`` joined with its ``person``, by the rules as they stand now: whoever is named a colleague today
    leaves the figures of last year too."""
    return sa.or_(ask.c.test, listed(frequency.load(connection)))


def in_earnest(connection: Connection) -> list[sa.ColumnElement[bool]]:
    """Of ``ask`` alone: that it is no test. For whoever counts many, because people are looked through once, here, and
    not at all where nobody is named."""
    limits = frequency.load(connection)
    if not (limits.staff_domains or limits.test_contacts):
        return [~ask.c.test]
    tests = list(connection.scalars(sa.select(person.c.id).where(listed(limits))))
    return [~ask.c.test, *([~among(ask.c.person, sa.literal(json.dumps(tests)))] if tests else [])]


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
