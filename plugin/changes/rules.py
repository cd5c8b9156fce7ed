"""What a change is, and how it goes from planned to done: pure, no I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

STATES = ("planned", "announced", "done", "dropped")


@dataclass(frozen=True, slots=True)
class Change:
    """One change as it stands. *texts* are for customers: ``{"sv": {"subject": "...", "body": "..."}}``. Without
    *touchpoints* it was changed everywhere. *owner* is an administrator's id, and nothing where she has no account
    any more; *revision* rises with each change of it."""

    id: str
    title: str
    internal_text: str
    state: str
    effective_on: date | None
    owner: str | None
    owner_name: str
    texts: Mapping[str, Mapping[str, str]]
    revision: int
    created_at: datetime
    created_by: str
    announced_at: datetime | None
    done_at: datetime | None
    dropped_at: datetime | None
    themes: Sequence[str] = field(default=())
    touchpoints: Sequence[str] = field(default=())

    @property
    def asked_until(self) -> datetime | None:
        """Who speaks of it from then on did not ask for it: it is there already. Nothing as long as it is not done."""
        if self.done_at is None or self.effective_on is None:
            return self.done_at
        return min(self.done_at, midnight(self.effective_on + timedelta(days=1)))


def midnight(day: date) -> datetime:
    """With which *day* begins, in UTC."""
    return datetime.combine(day, time(), UTC)
