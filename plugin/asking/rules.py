"""May this person be asked now? Exactly one reason when not, the first that holds: pure, no I/O.

A reason either has an end, after which everything is looked at again, or none (``NEVER``).
"""

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy.engine import Row

from plugin.asking.hours import quiet_end, zone_of
from plugin.asking.limits import Limits
from plugin.db import milliseconds, moment_at
from plugin.touchpoints.rules import WINDOW_LONGEST

LINK_LIFE = timedelta(days=WINDOW_LONGEST)
WIDGET_TOKEN_LIFE = timedelta(hours=24)
FRESH = timedelta(minutes=10)  # how long what the CRM said about a contact is believed
NO_CONTACT = ("erased", "gone")  # nobody is left in the CRM to show the reason on
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a decision looks at. *open_since*: an ask for this very touchpoint is open since then.
    *company*: when its people were asked, in milliseconds since 1970, oldest first. *occurred_at*: the event the
    question is about, where whoever asks named one. *scaled* shortens waits (``Clock.scaled``)."""

    person: Row[Any]
    touchpoint: Any
    channel: str
    limits: Limits
    scaled: Callable[[timedelta], timedelta]
    open_since: datetime | None = None
    company: Sequence[int] = ()
    occurred_at: datetime | None = None
    time_zone: str = ""

    def days(self, days: int) -> timedelta:
        return self.scaled(timedelta(days=days))

    def last(self, event: str) -> datetime | None:
        """When *event* (answered, declined, silent) was last, as far as it counts here."""
        if self.touchpoint.kind == "relational" and not self.limits.relational_counts_all:
            names = {"silent": "relational_silent_since"}
            name = names.get(event, f"relational_{event}_at")
        else:
            name = "silent_since" if event == "silent" else f"last_{event}_at"
        found: datetime | None = getattr(self.person, name)
        return found


@dataclass(frozen=True, slots=True)
class Asked:
    """Yes: the open ask. ``token_expires_at`` bounds a token made now."""

    ask: str
    installation: str
    contact: str
    touchpoint: str
    channel: str
    locale: str
    token_expires_at: datetime
    person: str = ""


@dataclass(frozen=True, slots=True)
class NotAsked:
    """No, with the reason a rep can read, and when it may be tried again, if ever. Who it is makes no other answer."""

    reason: str
    next_eligible_at: datetime | None = None
    person: str = field(default="", compare=False)


def refusal(facts: Facts, now: datetime) -> NotAsked | None:
    """Why not, or ``None``. The date is the first at which, as things stand, no reason holds."""
    held = _holding(facts, now)
    if held is None:
        return None
    reason, until = held
    while until != NEVER and (later := _holding(facts, until)):
        _, until = later
    return NotAsked(reason, None if until == NEVER else until)


def reason(facts: Facts, now: datetime) -> str | None:
    """Why not, without the date: for whoever goes through very many."""
    held = _holding(facts, now)
    return None if held is None else held[0]


def _holding(facts: Facts, at: datetime) -> tuple[str, datetime] | None:
    for reason, look in REASONS.items():
        until = look(facts, at)
        if until is not None:
            return reason, until
    return None


def window(
    occurred_at: datetime, delay_hours: int, days: int | None, scaled: Any
) -> tuple[datetime, datetime]:
    """From when until when asking about what happened at *occurred_at* makes sense."""
    opens = occurred_at + scaled(timedelta(hours=delay_hours))
    return opens, opens + scaled(LINK_LIFE if days is None else timedelta(days=days))


def token_life(channel: str, ask_expires_at: datetime, now: datetime, day: timedelta) -> datetime:
    """A widget's token lives a day, a link as long as its ask."""
    return min(now + day, ask_expires_at) if channel == "widget" else ask_expires_at


def nobody_left(person: Row[Any]) -> str | None:
    """Which of ``NO_CONTACT`` holds, for whoever shows how a person stands."""
    times = (person.erased_at, person.gone_at)
    return next((r for r, at in zip(NO_CONTACT, times, strict=True) if at is not None), None)


Until: TypeAlias = datetime | None
Look: TypeAlias = Callable[[Facts, datetime], Until]


def _never(*, when: bool) -> Until:
    return NEVER if when else None


def _mail(look: Callable[[Row[Any]], bool]) -> Look:
    """A reason against e-mail alone."""
    return lambda facts, at: _never(when=facts.channel == "email" and look(facts.person))


def _outside_window(facts: Facts, at: datetime) -> Until:
    """Too early ends when the window opens; too late never does."""
    if facts.occurred_at is None:
        return None
    asked = facts.touchpoint
    opens, ends = window(facts.occurred_at, asked.delay_hours, asked.window_days, facts.scaled)
    if at < opens:
        return opens
    return _never(when=at >= ends)


def _opted_out(facts: Facts, at: datetime) -> Until:
    """One that cannot be read counts as one, until an administrator decides otherwise."""
    said = facts.person.opted_out
    counts = facts.limits.unseen_opts_out if said is None else said
    return _never(when=facts.channel == "email" and counts)


def _quarantined(event: str) -> Look:
    """An ask that is open already is held back only by what the person said after it was made."""

    def look(facts: Facts, at: datetime) -> Until:
        since = facts.last(event)
        if since is None or (facts.open_since is not None and since <= facts.open_since):
            return None
        until = since + facts.days(facts.limits.days(facts.touchpoint.kind, event))
        return until if until > at else None

    return look


def _unless_open(look: Look) -> Look:
    """What is decided once, when the ask is made."""
    return lambda facts, at: None if facts.open_since is not None else look(facts, at)


def _company_cap(facts: Facts, at: datetime) -> Until:
    most, period = facts.limits.company_most, facts.days(facts.limits.company_days)
    if not most:
        return None
    recent = facts.company[bisect_right(facts.company, milliseconds(at - period)) :]
    return moment_at(recent[-most]) + period if len(recent) >= most else None


def quiet_hours(facts: Facts, at: datetime) -> Until:
    """Only mail comes by itself; a widget or link is there when the customer is."""
    begins, ends = facts.limits.quiet_from, facts.limits.quiet_until
    if facts.channel != "email" or begins is None or ends is None:
        return None
    zone = zone_of(facts.person.time_zone, facts.time_zone, facts.limits.time_zone)
    return quiet_end(at, zone, begins, ends)


def _not_sampled(facts: Facts, at: datetime) -> Until:
    return _never(when=drawn(facts.person, facts.touchpoint.key) >= facts.touchpoint.sample)


def drawn(person: Row[Any], touchpoint: str) -> float:
    """This contact's lot at this touchpoint, from 0 to 100: the same one every time, so that neither a reload
    nor another device draws again, and a larger share keeps whom a smaller one had."""
    lot = hashlib.sha256(f"{person.installation} {person.contact} {touchpoint}".encode()).digest()
    return int.from_bytes(lot[:4], "big") / 2**32 * 100


REASONS: dict[str, Look] = {
    "erased": lambda facts, at: _never(when=facts.person.erased_at is not None),
    "gone": lambda facts, at: _never(when=facts.person.gone_at is not None),
    "test_person": lambda facts, at: _never(
        when=facts.limits.is_test(facts.person.email, facts.person.contact)
    ),
    "unsubscribed": lambda facts, at: _never(when=facts.person.unsubscribed_at is not None),
    "opted_out": _opted_out,
    "no_address": _mail(lambda person: not person.email),
    "bounced": _mail(lambda person: person.bounced_at is not None),
    "follow_up_open": lambda facts, at: _never(when=facts.person.follow_up_open),
    "outside_window": _outside_window,
    "answered_recently": _quarantined("answered"),
    "declined_recently": _quarantined("declined"),
    "asked_recently": _unless_open(_quarantined("silent")),
    "company_cap": _unless_open(_company_cap),
    "quiet_hours": _unless_open(quiet_hours),
    "not_sampled": _unless_open(_not_sampled),
}
