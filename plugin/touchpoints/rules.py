"""Decisions about touchpoints: what is a good one, and until when a follow-up was promised."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from plugin.numbers import several

NPS = ("relational", "transactional")
MEASURES = (
    "csat",
    "ces",
)  # satisfaction and effort: with names, scales and figures of their own, never NPS
KINDS = (*NPS, *MEASURES)
STAGES = {"buy": "Buying", "use": "Using", "contact": "Contact with you", "renew": "Renewing"}
CHANNELS = ("widget", "email", "link")
WAYS = {"widget": "page", "email": "e-mail", "link": "link"}  # what people read
NO_WIDGET = "The code for your pages asks the NPS question only. Choose e-mail, link or both."
CATEGORIES = ("detractor", "passive", "promoter")
CATEGORY_TEXTS = ("follow_up_question", "thanks")
HOURS_LONGEST = 24 * 30
DAYS_LONGEST = 30
NAME_LENGTH = 80
TEXT_LENGTH = 300
WINDOW_LONGEST = 60  # days, as long as a link lives
REMINDERS_MOST = 2

KEY = re.compile(r"[a-z][a-z0-9_-]{0,62}")
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Draft:
    """A touchpoint as somebody wants it. ``hours`` with ``working_days`` count Monday to Friday only.

    ``delay`` is in hours after what the question is about, ``window`` in days after the delay (``None``: as long
    as a link lives), ``sample`` in per cent of the contacts; at most ``reminders`` mails follow an invitation, each
    ``reminder_days`` after the mail before. ``texts`` are an administrator's own words by name:
    ``sv.subject`` (what customers call the touchpoint), ``sv.thanks.detractor``.
    """

    key: str
    name: str
    kind: str
    stage: str
    company: str = ""
    hours: int = 24
    working_days: bool = False
    texts: Mapping[str, str] = field(default_factory=dict)
    purpose: str = ""
    channels: tuple[str, ...] = CHANNELS
    delay: int = 0
    window: int | None = None
    sample: int = 100
    reminders: int = 1
    reminder_days: int = 5


def errors(draft: Draft) -> dict[str, str]:
    """What is wrong with a draft, field by field."""
    found = {
        "key": _key_error(draft.key),
        "name": _text_error(draft.name, "Enter the name customers will read.", NAME_LENGTH),
        "kind": "" if draft.kind in KINDS else "Choose what it asks about.",
        "stage": ""
        if draft.stage in STAGES
        else "Choose where in the customer's journey it stands.",
        "company": _text_error(draft.company, "", NAME_LENGTH),
        "promise": _promise_error(draft.hours, working_days=draft.working_days),
        "purpose": _text_error(draft.purpose, "", TEXT_LENGTH),
        "channels": _channels_error(draft),
        "delay": _number_error(draft.delay, 0, HOURS_LONGEST, "hours"),
        "window": _number_error(draft.window, 1, WINDOW_LONGEST, "days"),
        "sample": _number_error(draft.sample, 1, 100, "a share"),
        "reminders": _number_error(draft.reminders, 0, REMINDERS_MOST, "a number"),
        "reminder_days": _number_error(draft.reminder_days, 2, DAYS_LONGEST, "days"),
    }
    return {name: text for name, text in found.items() if text} | _text_errors(draft.texts)


def due_at(answered_at: datetime, hours: int, *, working_days: bool = False) -> datetime:
    """Until when a follow-up was promised. With *working_days* the hours of Saturdays and Sundays
    (UTC) do not count: one working day from Friday 14:00 ends on Monday 14:00, from any time at
    the weekend on Tuesday 00:00."""
    left = timedelta(hours=hours)
    if not working_days:
        return answered_at + left
    at = _past_weekend(answered_at)
    while (today := _midnight_after(at) - at) < left:
        left -= today
        at = _past_weekend(at + today)
    return at + left


def promise_words(hours: int, *, working_days: bool) -> str:
    """ "24 hours", "2 working days"."""
    if not working_days:
        return several(hours, "hour")
    return several(hours // 24, "working day")


def text_names(locale: str) -> Iterator[str]:
    """The names of all texts an administrator can word in one language."""
    yield f"{locale}.subject"
    yield f"{locale}.greeting"
    for part in CATEGORY_TEXTS:
        for category in CATEGORIES:
            yield f"{locale}.{part}.{category}"


def nested(texts: Mapping[str, str]) -> dict[str, Any]:
    """Texts by name as they are kept: ``{"sv": {"thanks": {"detractor": "..."}}}``, without empty ones."""
    kept: dict[str, Any] = {}
    for name, text in texts.items():
        *path, last = name.split(".")
        place = kept
        for part in path if text else ():
            place = place.setdefault(part, {})
        if text:
            place[last] = text
    return kept


def flat(wording: Mapping[str, Any], before: str = "") -> dict[str, str]:
    """Kept texts by name: what ``nested`` was made of."""
    found: dict[str, str] = {}
    for part, inside in wording.items():
        found |= flat(inside, f"{before}{part}.") if isinstance(inside, dict) else {}
        found |= {f"{before}{part}": inside} if isinstance(inside, str) else {}
    return found


def _key_error(key: str) -> str:
    if not key:
        return "Enter a key, for example support-case."
    if KEY.fullmatch(key):
        return ""
    return (
        "Use small letters a to z, digits, - and _, beginning with a letter, "
        "at most 63 characters. For example support-case."
    )


def _text_error(text: str, missing: str, most: int) -> str:
    if not text:
        return missing
    return "" if len(text) <= most else f"Use at most {most} characters."


def _promise_error(hours: int, *, working_days: bool) -> str:
    if working_days:
        good = hours % 24 == 0 and 1 <= hours // 24 <= DAYS_LONGEST
        return "" if good else f"Enter a number of days from 1 to {DAYS_LONGEST}."
    return "" if 1 <= hours <= HOURS_LONGEST else f"Enter hours from 1 to {HOURS_LONGEST}."


def _number_error(number: int | None, least: int, most: int, what: str) -> str:
    good = number is None or least <= number <= most
    return "" if good else f"Enter {what} from {least} to {most}."


def channels_of(kind: str) -> tuple[str, ...]:
    """The ways in which a question of this kind can be asked."""
    return tuple(one for one in CHANNELS if one != "widget" or kind not in MEASURES)


def _channels_error(draft: Draft) -> str:
    if not _some_of(draft.channels, CHANNELS):
        return "Choose at least one."
    return "" if _some_of(draft.channels, channels_of(draft.kind)) else NO_WIDGET


def _some_of(chosen: Sequence[str], known: Sequence[str]) -> bool:
    return bool(chosen) and set(chosen) <= set(known)


def _text_errors(texts: Mapping[str, str]) -> dict[str, str]:
    return {
        name: f"Use at most {longest(name)} characters."
        for name, text in texts.items()
        if len(text) > longest(name)
    }


def longest(text_name: str) -> int:
    """How many characters the widget shows of this text."""
    return NAME_LENGTH if text_name.endswith(".subject") else TEXT_LENGTH


def _midnight_after(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def _past_weekend(at: datetime) -> datetime:
    while at.weekday() >= SATURDAY:
        at = _midnight_after(at)
    return at
