"""A period of whole days in UTC, as an address names it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
HOW = "Write a day as 2026-11-21."


@dataclass(frozen=True, slots=True)
class Period:
    """Both days included; one that is missing does not narrow."""

    since: date | None = None
    until: date | None = None

    def conditions(self, column: sa.ColumnElement[Any]) -> list[sa.ColumnElement[bool]]:
        found = []
        if self.since:
            found.append(column >= _midnight(self.since))
        if self.until:
            found.append(column < _midnight(self.until + timedelta(days=1)))
        return found

    def holds(self, other: "Period") -> bool:
        """Whether all of *other*, which begins and ends, lies inside."""
        return self._from(other.since) and self._to(other.until)

    def meets(self, other: "Period") -> bool:
        """Whether they have a day in common."""
        return self._from(other.until) and self._to(other.since)

    def _from(self, day: date | None) -> bool:
        return self.since is None or (day is not None and day >= self.since)

    def _to(self, day: date | None) -> bool:
        return self.until is None or (day is not None and day <= self.until)


ALWAYS = Period()


def month(first: date) -> Period:
    """The month that *first* is the first day of."""
    return Period(first, month_after(first) - timedelta(days=1))


def month_after(first: date, months: int = 1) -> date:
    """The first day of the month so many *months* later, or earlier."""
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def period_from(given: Mapping[str, str], errors: dict[str, str]) -> Period:
    """What cannot be read is noted in *errors*."""
    return Period(*(day_from(given, name, errors) for name in ("since", "until")))


def day_from(given: Mapping[str, str], name: str, errors: dict[str, str]) -> date | None:
    text = given.get(name, "")
    if not text:
        return None
    try:
        found = date.fromisoformat(text if DAY.fullmatch(text) else "")
    except ValueError:
        errors[name] = HOW
        return None
    return min(max(found, date(1970, 1, 1)), date(9000, 1, 1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
