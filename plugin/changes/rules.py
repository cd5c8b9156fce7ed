"""What a change is, and how it goes from planned to done: pure, no I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

STATES = ("planned", "announced", "done", "dropped")


@dataclass(frozen=True, slots=True)
class Change:
    """One change as it stands. *texts* are for customers: ``{"sv": {"subject": "...", "body": "..."}}``. Without
    *touchpoints* it was changed everywhere. *owner* is an administrator's id, and nothing where she has no account
    any more; *revision* rises whenever it is edited or moved."""

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


@dataclass(frozen=True, slots=True)
class Move:
    """A way from one state to *to*: the words of its button, what it means, and what is said when it is done."""

    to: str
    button: str
    means: str
    said: str


_DONE = Move(
    "done",
    "Mark done",
    "It is there. Who speaks of it from now on is not among those who asked for it.",
    "The change is done.",
)
_DROP = Move(
    "dropped",
    "Drop it",
    "It stays in the register. Nobody is told that it was made.",
    "The change is dropped.",
)
# Back to planned takes all that was said of it back: only the audit log remembers.
MOVES: Mapping[str, Sequence[Move]] = {
    "planned": (
        _DONE,
        Move(
            "announced",
            "Mark announced",
            "It has been said outside that it will come.",
            "The change is announced.",
        ),
        _DROP,
    ),
    "announced": (
        _DONE,
        Move(
            "planned",
            "Not announced after all",
            "It is planned again.",
            "The change is planned again.",
        ),
        _DROP,
    ),
    "done": (
        Move(
            "planned",
            "Not done after all",
            "It is planned again. Who was told already is never told twice.",
            "The change is planned again.",
        ),
    ),
    "dropped": (
        Move("planned", "Plan it again", "It is planned again.", "The change is planned again."),
    ),
}
TONES = {"planned": "calm", "announced": "calm", "done": "good", "dropped": "warn"}


def move(state: str, to: str) -> Move | None:
    """The way from *state* to *to*, if there is one."""
    return next((one for one in MOVES[state] if one.to == to), None)


def stamps(one: Change, to: str, now: datetime) -> dict[str, Any]:
    """What moving to the state *to* sets. One that is done without a day is in effect from today."""
    if to == "planned":
        return dict.fromkeys(("announced_at", "done_at", "dropped_at"))
    today = midnight(now.date())
    since = {"effective_on": today} if to == "done" and one.effective_on is None else {}
    return {f"{to}_at": now, **since}


def standing(one: Change, today: date) -> str:
    """The state in words: "planned for 1 Dec 2026", "in effect since 3 Nov 2026"."""
    if one.state == "dropped" and one.dropped_at:
        return f"dropped on {day_words(one.dropped_at.date())}"
    if one.effective_on is None:
        return one.state
    day = day_words(one.effective_on)
    if one.state != "done":
        return f"{one.state} for {day}"
    return f"in effect since {day}" if one.effective_on <= today else f"done, in effect from {day}"


def day_words(day: date) -> str:
    """ "3 Nov 2026"."""
    return f"{day.day} {day:%b %Y}"


def midnight(day: date) -> datetime:
    """With which *day* begins, in UTC."""
    return datetime.combine(day, time(), UTC)
