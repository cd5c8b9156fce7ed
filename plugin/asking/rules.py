"""May this person be asked now? Exactly one reason when not, the first that holds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.engine import Row

CHANNELS = ("widget", "email", "link")
LINK_LIFE = timedelta(days=60)
WIDGET_TOKEN_LIFE = timedelta(hours=24)
FRESH = timedelta(minutes=10)  # how long what the CRM said about a contact is believed
NO_CONTACT = ("erased", "gone")  # nobody is left in the CRM to show the reason on

_REASONS: tuple[tuple[str, Callable[[Row[Any], str], bool]], ...] = (
    ("erased", lambda person, channel: person.erased_at is not None),
    ("gone", lambda person, channel: person.gone_at is not None),
    ("unsubscribed", lambda person, channel: person.unsubscribed_at is not None),
    # An opt-out that cannot be read counts as one.
    ("opted_out", lambda person, channel: channel == "email" and person.opted_out is not False),
    ("no_address", lambda person, channel: channel == "email" and not person.email),
)


def refusal(person: Row[Any], channel: str) -> str | None:
    """Why *person* is not asked over *channel*, or ``None``."""
    return next((reason for reason, holds in _REASONS if holds(person, channel)), None)


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


@dataclass(frozen=True, slots=True)
class NotAsked:
    """No, with the reason a rep can read, and when it may be tried again, if ever."""

    reason: str
    next_eligible_at: datetime | None = None


def token_life(channel: str, ask_expires_at: datetime, now: datetime, day: timedelta) -> datetime:
    """A widget's token lives a day, a link as long as its ask."""
    return min(now + day, ask_expires_at) if channel == "widget" else ask_expires_at
