"""A period of whole days in UTC, as an address names it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa


@dataclass(frozen=True, slots=True)
class Period:
    """Both days included; one that is missing does not narrow."""

    since: date | None = None
    until: date | None = None

    def conditions(self, column: sa.Column[Any]) -> list[sa.ColumnElement[bool]]:
        found = []
        if self.since:
            found.append(column >= _midnight(self.since))
        if self.until:
            found.append(column < _midnight(self.until + timedelta(days=1)))
        return found


ALWAYS = Period()


def period_from(given: Mapping[str, str], errors: dict[str, str]) -> Period:
    """What cannot be read is noted in *errors*."""
    return Period(*(_day(given.get(name, ""), name, errors) for name in ("since", "until")))


def _day(text: str, name: str, errors: dict[str, str]) -> date | None:
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        errors[name] = "Write a day as 2026-11-21."
        return None
    return min(max(found, date(1970, 1, 1)), date(9000, 1, 1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
