"""How many contacts might be asked today by some rules, decided person by person as it would be for real."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.asking.limits import Limits
from plugin.asking.rules import Facts, refusal
from plugin.clock import Clock
from plugin.people.store import company, person

MOST = 2_000  # people looked at, in a fifth of a second; of more, a share that their ids draw
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # the last two of an id are any of these, at random
_DRAWS = len(_LETTERS) ** 2

WAYS = (
    ("transactional", "widget", "About an event, on a page or by a link"),
    ("relational", "widget", "About you as a whole, on a page or by a link"),
    ("transactional", "email", "About an event, by e-mail"),
)


@dataclass(frozen=True, slots=True)
class AnyTouchpoint:
    """A touchpoint without wishes of its own."""

    kind: str
    key: str = ""
    delay_hours: int = 0
    window_days: int | None = None
    sample: int = 100


@dataclass(frozen=True, slots=True)
class Count:
    """*may* of *among* may be asked in this *way*; the others by reason, the most frequent first."""

    way: str
    may: int
    among: int
    reasons: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Preview:
    """*total* contacts are known; the counts are of *among* of them, which are all unless they are very many."""

    total: int
    counts: Sequence[Count]


def preview(connection: Connection, clock: Clock, limits: Limits) -> Preview:
    """Quiet hours are left out: they only move a mail within the day."""
    rules, now = replace(limits, quiet_from=None, quiet_until=None), clock.now()
    total = connection.scalar(sa.select(sa.func.count()).select_from(person).where(*_LIVING)) or 0
    asked = _companies(connection) if rules.company_most else {}
    tallies: list[Counter[str]] = [Counter() for _ in WAYS]
    for row in _people(connection, total):
        for tally, (kind, channel, _) in zip(tallies, WAYS, strict=True):
            facts = Facts(
                person=row,
                touchpoint=AnyTouchpoint(kind),
                channel=channel,
                limits=rules,
                scaled=clock.scaled,
                company=asked.get((row.installation, row.company), ()),
            )
            held = refusal(facts, now)
            tally["" if held is None else held.reason] += 1
    pairs = zip(tallies, WAYS, strict=True)
    return Preview(total, [_count(tally, way) for tally, (_, _, way) in pairs])


_LIVING = (person.c.survivor.is_(None), person.c.erased_at.is_(None))


def _people(connection: Connection, total: int) -> Iterator[Any]:
    query = sa.select(person).where(*_LIVING)
    if total > MOST:
        first, second = divmod(max(1, _DRAWS * MOST // total), len(_LETTERS))
        query = query.where(sa.func.substr(person.c.id, 25) < _LETTERS[first] + _LETTERS[second])
    yield from connection.execute(query)


def _companies(connection: Connection) -> Mapping[tuple[str, str], Sequence[int]]:
    rows = connection.execute(sa.select(company))
    return {(row.installation, row.company): row.asked for row in rows}


def _count(tally: Counter[str], way: str) -> Count:
    may = tally.pop("", 0)
    return Count(way, may, may + tally.total(), tally.most_common())
