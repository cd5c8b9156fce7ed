"""What the database counts for figures: answers that count, by people who are no test, in one grouped query each."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.answers.store import answer, counted, erased_answer
from plugin.asking.states import ANSWERED, REACHED, STANDS
from plugin.asking.store import ask
from plugin.asking.testing import Tests, tests
from plugin.db import read_through
from plugin.figures.rules import NPS_KINDS, Counts, Figure, ResponseRate
from plugin.periods import Period, month
from plugin.touchpoints.store import touchpoint
from widget.locales import Category, category

NOTHING, NOBODY = Counts(), ResponseRate(0, 0)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose answers; what is empty does not narrow. *people* has the ids of those who are looked at: of erased people
    nobody knows whether they would be among them, so their answers are left out."""

    installation: str = ""
    touchpoint: str = ""
    kind: str = ""
    people: sa.Select[tuple[str]] | None = field(default=None, compare=False)

    @property
    def kinds(self) -> Sequence[str]:
        return (self.kind,) if self.kind else NPS_KINDS

    def conditions(self, table: sa.Table, kind: sa.Column[Any]) -> list[sa.ColumnElement[bool]]:
        return [kind.in_(self.kinds), *self.narrowed(table)]

    def narrowed(self, table: sa.Table) -> list[sa.ColumnElement[bool]]:
        wanted = (
            (table.c.installation, self.installation),
            (table.c.touchpoint, self.touchpoint),
        )
        found = [column == value for column, value in wanted if value]
        if self.people is not None and "person" in table.c:
            found.append(table.c.person.in_(self.people))
        return found


@dataclass(frozen=True, slots=True)
class Series:
    """What belongs together: one touchpoint and one kind."""

    touchpoint: str
    kind: str


@dataclass(frozen=True, slots=True)
class Tally:
    """What a period came to. *erased* answers are among the *counts*; those *left_out* are not, because it is not known
    on which day of their month they were given and the period has not all of it, or whose they were."""

    counts: Counts = NOTHING
    rate: ResponseRate = NOBODY
    erased: int = 0
    left_out: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.counts + other.counts,
            ResponseRate(
                self.rate.answered + other.rate.answered, self.rate.reached + other.rate.reached
            ),
            self.erased + other.erased,
            self.left_out + other.left_out,
        )

    def figure(self, kind: str, period: Period) -> Figure:
        """Raises ``Problem("too_few_answers")``."""
        return Figure(kind, period, self.counts, self.rate, self.erased)


Tallies = Mapping[tuple[Series, int], Tally]


@dataclass
class _Gathered:
    found: dict[tuple[Series, int], Tally] = field(default_factory=lambda: defaultdict(Tally))

    def add(self, row: Any, at: int, more: Tally) -> None:
        self.found[Series(row.touchpoint, row.kind), at] += more


def tallies(connection: Connection, scope: Scope, periods: Sequence[Period]) -> Tallies:
    """By series and by the place of the period in *periods*, which follow each other in time and have no day in
    common. Answers go by the day they were given, the response rate by the day of the ask."""
    gathered, trying = _Gathered(), tests(connection)
    answers = _how_many(trying, scope, periods, (answer.c.category,))
    for row in connection.execute(answers):
        gathered.add(row, row.period, Tally(_counts(row.category, row.how_many)))
    for row, kind in _asks(connection, trying, scope, periods):
        more = Tally(rate=ResponseRate(row.answered, row.reached))
        gathered.found[Series(row.touchpoint, kind), row.period] += more
    for row in _erased(connection, scope):
        for at, period in enumerate(periods):
            gathered.add(row, at, _of_erased(row, period, known=scope.people is None))
    return {key: tally for key, tally in gathered.found.items() if tally != Tally()}


def how_many(
    connection: Connection, scope: Scope, periods: Sequence[Period], *by: sa.Column[Any]
) -> sa.Select[Any]:
    """Counts the answers for each ``touchpoint``, ``kind`` and ``period`` (its place in *periods*) and what is given as
    *by*, as ``how_many``."""
    return _how_many(tests(connection), scope, periods, by)


def _how_many(
    trying: Tests, scope: Scope, periods: Sequence[Period], by: Sequence[sa.Column[Any]]
) -> sa.Select[Any]:
    when = answer.c.answered_at
    groups = (answer.c.touchpoint, answer.c.kind, *by)
    return (
        sa.select(*groups, _place(when, periods), sa.func.count().label("how_many"))
        .where(counted, *trying.none_of(answer.c.person, answer.c.ask))
        .where(*scope.conditions(answer, answer.c.kind), *_whole(periods).conditions(when))
        .group_by(*groups, "period")
    )


def _asks(
    connection: Connection, trying: Tests, scope: Scope, periods: Sequence[Period]
) -> Iterator[tuple[Any, str]]:
    """Each with its touchpoint's kind. A year is most of the table: read from one end to the other it takes a third of
    the time that it takes from row to row by an index."""
    when, number = ask.c.created_at, sa.func.count()
    known = sa.select(touchpoint.c.key, touchpoint.c.kind).where(touchpoint.c.kind.in_(scope.kinds))
    kinds = {row.key: row.kind for row in connection.execute(known)}
    counts = (
        sa.select(
            ask.c.touchpoint, _place(when, periods),
            number.filter(ANSWERED).label("answered"), number.filter(REACHED).label("reached"),
        )
        .where(STANDS, *trying.in_earnest)
        .where(ask.c.touchpoint.in_(kinds), *scope.narrowed(ask))
        .where(*_whole(periods).conditions(read_through(when) if len(periods) > 1 else when))
        .group_by(ask.c.touchpoint, "period")
    )  # fmt: skip
    return ((row, kinds[row.touchpoint]) for row in connection.execute(counts))


def _erased(connection: Connection, scope: Scope) -> Sequence[Any]:
    return connection.execute(
        sa.select(erased_answer).where(*scope.conditions(erased_answer, erased_answer.c.kind))
    ).all()


def _of_erased(row: Any, period: Period, *, known: bool) -> Tally:
    given = month(date.fromisoformat(f"{row.month}-01"))
    if known and period.holds(given):
        return Tally(_counts(category(row.score), row.how_many), erased=row.how_many)
    return Tally(left_out=row.how_many) if period.meets(given) else Tally()


def _counts(said: Category, how_many: int) -> Counts:
    return replace(NOTHING, **{f"{said}s": how_many})


def _place(when: sa.Column[Any], periods: Sequence[Period]) -> sa.Label[int]:
    """The place in *periods*; rows of the last one are not asked again."""
    *earlier, _ = periods
    ends = [(Period(until=one.until).conditions(when)[0], at) for at, one in enumerate(earlier)]
    last = sa.literal_column(str(len(earlier)), sa.Integer)
    return (sa.case(*ends, else_=last) if ends else last).label("period")


def _whole(periods: Sequence[Period]) -> Period:
    return Period(periods[0].since, periods[-1].until)
