"""Which asks somebody wants to see, as an address says it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from plugin.access.rules import plain
from plugin.asking.states import STATES
from plugin.asking.words import REASONS
from plugin.db import Timestamp, milliseconds
from plugin.people.store import person
from plugin.periods import ALWAYS, Period, period_from
from plugin.strict import storable
from plugin.touchpoints.rules import CHANNELS

PLAIN = ("touchpoint", "installation")
CHOSEN: dict[str, Any] = {"channel": CHANNELS, "state": STATES, "reason": REASONS}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter; what is empty does not narrow. *waiting* are refusals that will be decided again."""

    touchpoint: str = ""
    channel: str = ""
    state: str = ""
    reason: str = ""
    installation: str = ""
    period: Period = ALWAYS
    words: str = ""
    waiting: bool = False

    @property
    def narrows(self) -> bool:
        return self != Wanted()

    @property
    def for_counts(self) -> "Wanted":
        """Without what would make a share of a share."""
        return replace(self, state="", words="")

    def conditions(self, table: sa.Table, at: str) -> list[sa.ColumnElement[bool]]:
        """On rows of *table* joined with their ``person``; the period goes by the column *at*."""
        equal = {name: getattr(self, name) for name in (*PLAIN, "channel")}
        found = [table.c[name] == value for name, value in equal.items() if value]
        if self.words:
            texts = (person.c.name, person.c.email, person.c.company_name)
            found.append(sa.or_(*(one.icontains(self.words, autoescape=True) for one in texts)))
        return found + self.period.conditions(table.c[at])


def wanted_from(given: Mapping[str, str]) -> tuple[Wanted, dict[str, str]]:
    """The filter in an address, and what in it cannot be read; what cannot be meant does not narrow."""
    errors: dict[str, str] = {}
    text = plain(given.get("q", ""))
    named = {name: given.get(name, "") for name in PLAIN}
    chosen = {name: given.get(name, "") for name in CHOSEN}
    wanted = Wanted(
        period=period_from(given, errors),
        words=text if storable(text) else "",
        waiting=given.get("show") == "waiting",
        **{name: value if storable(value) else "" for name, value in named.items()},
        **{name: value if value in CHOSEN[name] else "" for name, value in chosen.items()},
    )
    return wanted, errors


def cursor(row: Row[Any]) -> str:
    """Where a list ordered by ``at`` and ``id`` goes on after *row*."""
    return f"{milliseconds(row.at)}~{row.id}"


def place(after: str) -> tuple[sa.ColumnElement[Any], sa.ColumnElement[Any]] | None:
    """What ``cursor`` named; ``None`` for anything else."""
    at, _, rest = after.partition("~")
    if not (at.isascii() and at.isdigit() and len(at) < 15 and rest and storable(rest)):
        return None
    moment = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(at))
    return sa.literal(moment, Timestamp), sa.literal(rest)
