"""Touchpoints as pages and commands show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.errors import Problem
from plugin.touchpoints.rules import Draft, flat, promise_words
from plugin.touchpoints.store import touchpoint


@dataclass(frozen=True, slots=True)
class Touchpoint:
    key: str
    name: str
    kind: str
    stage: str
    company: str
    follow_up_hours: int
    follow_up_working_days: bool
    wording: Mapping[str, Any]
    purpose: str
    channels: Sequence[str]
    delay_hours: int
    window_days: int | None
    sample: int
    reminders: int
    reminder_days: int
    created_at: datetime
    archived_at: datetime | None

    @property
    def promise(self) -> str:
        return promise_words(self.follow_up_hours, working_days=self.follow_up_working_days)

    @property
    def draft(self) -> Draft:
        """What an administrator starts from when editing."""
        return Draft(
            key=self.key,
            name=self.name,
            kind=self.kind,
            stage=self.stage,
            company=self.company,
            hours=self.follow_up_hours,
            working_days=self.follow_up_working_days,
            texts=flat(self.wording),
            purpose=self.purpose,
            channels=tuple(self.channels),
            delay=self.delay_hours,
            window=self.window_days,
            sample=self.sample,
            reminders=self.reminders,
            reminder_days=self.reminder_days,
        )

    @property
    def names(self) -> dict[str, str]:
        """What customers call it, by language, where an administrator has said so."""
        return {tag: own["subject"] for tag, own in self.wording.items() if "subject" in own}

    def subject(self, locale: str) -> str:
        """What the question is about, in the customer's words; empty for the neutral question."""
        return str((self.wording.get(locale) or {}).get("subject", ""))

    def text(self, locale: str, part: str, category: str) -> str:
        """An administrator's own words; empty where the built-in ones are used."""
        return str(((self.wording.get(locale) or {}).get(part) or {}).get(category, ""))


def listed(connection: Connection) -> list[Touchpoint]:
    """Those in use first, then by name."""
    query = sa.select(touchpoint).order_by(
        touchpoint.c.archived_at.is_not(None), sa.func.lower(touchpoint.c.name), touchpoint.c.key
    )
    return [Touchpoint(**row) for row in connection.execute(query).mappings()]


def get(connection: Connection, key: str) -> Touchpoint:
    """Raises ``Problem("not_found")``."""
    query = sa.select(touchpoint).where(touchpoint.c.key == key)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise Problem("not_found", "There is no such touchpoint.")
    return Touchpoint(**row)
