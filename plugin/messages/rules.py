"""What a message may be and which way it may go: pure, no I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from plugin.asking.hours import quiet_end
from plugin.changes import texts as wording
from widget.locales import is_fallback, resolve

CHANNELS = ("email", "widget")
LONGEST_RECENT = 365  # days
FASTEST = 100_000  # mails an hour
FURTHEST = timedelta(days=366)
HER_DAY = timedelta(days=1)  # in which whoever was asked and has not reacted gets no other mail

# From which state each button leads where. Whoever presses it again, or on an old page, is told how it stands.
MOVES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "ask": (("draft", "done"), "waiting"),
    "approve": (("waiting",), "approved"),
    "withdraw": (("waiting", "approved"), "draft"),
    "send": (("draft", "approved", "done"), "sending"),
    "pause": (("sending",), "paused"),
    "resume": (("paused",), "sending"),
    "stop": (("sending", "paused"), "stopped"),
}
RUNNING = ("sending", "paused")


@dataclass(frozen=True, slots=True)
class Plan:
    """To whom a message goes and how. *plus*, *only* and *minus* are keys of segments. *hour* is one of the
    recipient's day; *fallback* a language, or empty."""

    plus: Sequence[str] = ()
    only: Sequence[str] = ()
    minus: Sequence[str] = ()
    channels: Sequence[str] = ("email",)
    fallback: str = ""
    recent_days: int = 14
    send_at: datetime | None = None
    hour: int | None = None
    per_hour: int | None = None
    timeline: bool = True
    by_itself: bool | None = None


PLANNED = tuple(one.name for one in fields(Plan))
LISTS = ("plus", "only", "minus", "channels")


def plan_of(row: Any) -> Plan:
    """From a row of ``message``."""
    given = {name: getattr(row, name) for name in PLANNED}
    return Plan(**given | {name: tuple(given[name]) for name in LISTS})


def values_of(plan: Plan) -> dict[str, Any]:
    """The columns."""
    given = {name: getattr(plan, name) for name in PLANNED}
    return given | {name: list(given[name]) for name in LISTS}


def errors(
    plan: Plan, segments: Sequence[str], languages: Sequence[str], now: datetime
) -> dict[str, str]:
    """What is wrong, field by field; a number that could not be read is -1."""
    found = {}
    for name in ("plus", "only", "minus"):
        if not set(getattr(plan, name)) <= set(segments):
            found[name] = "A segment was removed meanwhile. Look at the list again."
    if not plan.channels or not set(plan.channels) <= set(CHANNELS):
        found["channels"] = "Choose at least one way to tell them."
    if plan.fallback and plan.fallback not in languages:
        found["fallback"] = "There is no text in this language."
    if not 0 <= plan.recent_days <= LONGEST_RECENT:
        found["recent_days"] = f"Enter days from 0 to {LONGEST_RECENT}."
    if plan.hour is not None and not 0 <= plan.hour <= 23:
        found["hour"] = "Choose an hour from 0 to 23."
    if plan.per_hour is not None and not 1 <= plan.per_hour <= FASTEST:
        found["per_hour"] = f"Enter mails from 1 to {FASTEST} an hour, or nothing."
    if plan.send_at is not None and plan.send_at > now + FURTHEST:
        found["send_at"] = "Choose a day within a year."
    return found


def languages(texts: Mapping[str, Mapping[str, str]]) -> list[str]:
    """In which there is a whole text that can be sent."""
    return [tag for tag, own in texts.items() if _whole(own)]


def _whole(own: Mapping[str, str]) -> bool:
    parts = [own.get(name, "").strip() for name in ("subject", "body")]
    return all(parts) and not any(wording.problems(part) for part in parts)


def language_for(tag: str, known: Sequence[str], fallback: str) -> str:
    """The one of *known* that somebody of the language *tag* gets; empty where she gets none."""
    own = "" if is_fallback(tag) else resolve(tag)
    if own in known:
        return own
    return fallback if fallback in known else ""


def due(
    plan: Plan, zone: ZoneInfo, quiet: tuple[int | None, int | None], now: datetime
) -> datetime:
    """When her mail may leave: from *now* on, at the hour of her day, and outside the quiet hours."""
    at = max(now, plan.send_at) if plan.send_at else now
    if plan.hour is not None:
        local = at.astimezone(zone)
        wanted = local.replace(hour=plan.hour, minute=0, second=0, microsecond=0)
        begins = wanted if local.hour <= plan.hour else wanted + timedelta(days=1)
        at = max(at, begins.astimezone(now.tzinfo))
    begins_at, ends_at = quiet
    if begins_at is None or ends_at is None:
        return at
    return quiet_end(at, zone, begins_at, ends_at) or at


def her_turn(person: Any, now: datetime, day: timedelta) -> datetime | None:
    """Until when she is spared, because she was asked within a day and has not reacted yet."""
    asked: datetime | None = person.silent_since
    return asked + day if asked is not None and asked + day > now else None


def stops(person: Any, limits: Any, recent: datetime | None, *, by_mail: bool) -> str | None:
    """Why she is not told at the moment at which it would happen, the first that holds. *recent*: whoever was told
    something since then is not told this."""
    opted_out = limits.unseen_opts_out if person.opted_out is None else person.opted_out
    facts = (
        ("erased", person.erased_at is not None),
        ("gone", person.gone_at is not None),
        ("merged", person.survivor is not None),
        ("test_person", limits.is_test(person.email, person.contact)),
        ("unsubscribed", person.unsubscribed_at is not None),
        ("opted_out", by_mail and opted_out),
        ("no_address", by_mail and not person.email),
        ("bounced", by_mail and person.bounced_at is not None),
        ("recently_messaged", recent is not None and _since(person.last_messaged_at, recent)),
    )
    return next((reason for reason, holds in facts if holds), None)


def _since(moment: datetime | None, since: datetime) -> bool:
    return moment is not None and moment > since
