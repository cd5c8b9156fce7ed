"""When somebody may be asked again, decided as it would be for real, for many people at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.asking import frequency
from plugin.asking.rules import Facts, refusal
from plugin.clock import Clock
from plugin.people.store import company, person
from plugin.touchpoints.store import touchpoint


@dataclass(frozen=True, slots=True)
class Again:
    """From *at* on. *reason* is why not now; without *at* there is no date, without *reason* it is now."""

    reason: str = ""
    at: datetime | None = None


def again(
    connection: Connection, clock: Clock, asks: Iterable[Row[Any]]
) -> Mapping[tuple[str, str], Again]:
    """By person and touchpoint of *asks*, each by its channel. Quiet hours are left out: they only move a mail
    within the day."""
    wanted = list(asks)
    rules = replace(frequency.load(connection), quiet_from=None, quiet_until=None)
    people = {row.id: row for row in _rows(connection, person.c.id, {a.person for a in wanted})}
    about = {r.key: r for r in _rows(connection, touchpoint.c.key, {a.touchpoint for a in wanted})}
    asked = _companies(connection, people.values()) if rules.company_most else {}
    now, found = clock.now(), {}
    for one in wanted:
        her = people[one.person]
        facts = Facts(
            person=her,
            touchpoint=about[one.touchpoint],
            channel=one.channel,
            limits=rules,
            scaled=clock.scaled,
            company=asked.get((her.installation, her.company), ()),
        )
        refused = refusal(facts, now)
        found[one.person, one.touchpoint] = (
            Again(refused.reason, refused.next_eligible_at) if refused else Again()
        )
    return found


def _rows(connection: Connection, key: sa.Column[str], keys: Iterable[str]) -> Sequence[Row[Any]]:
    return connection.execute(sa.select(key.table).where(key.in_(sorted(keys)))).all()


def _companies(
    connection: Connection, people: Iterable[Row[Any]]
) -> dict[tuple[str, str], Sequence[int]]:
    named = sorted({(her.installation, her.company) for her in people if her.company})
    theirs = sa.tuple_(company.c.installation, company.c.company).in_(named)
    rows = connection.execute(sa.select(company).where(theirs))
    return {(row.installation, row.company): row.asked for row in rows}
