"""Whether a mail about an ask is still wanted at the moment at which it would leave. Nothing is sent here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.asking import frequency
from plugin.asking.refusals import LOOK_AGAIN
from plugin.asking.rules import Facts, quiet_hours, refusal
from plugin.asking.store import ask
from plugin.deliveries.verdicts import NotYet, Void
from plugin.people import actions as people
from plugin.services import Services
from plugin.touchpoints.store import touchpoint


@dataclass(frozen=True, slots=True)
class Case:
    """One ask with the person as she is now, its touchpoint, and the language of those whose own is not known."""

    ask: Row[Any]
    her: Row[Any]
    touchpoint: Row[Any]
    facts: Facts
    language: str


def load(connection: Connection, services: Services, ask_id: str) -> Case | None:
    """``None`` where the ask is gone, because its person was erased."""
    asked = connection.execute(sa.select(ask).where(ask.c.id == ask_id)).one_or_none()
    if asked is None:
        return None
    about = connection.execute(
        sa.select(touchpoint).where(touchpoint.c.key == asked.touchpoint)
    ).one()
    her = people.survivor(connection, asked.person)
    facts = Facts(
        person=her,
        touchpoint=about,
        channel="email",
        limits=frequency.load(connection),
        scaled=services.clock.scaled,
        open_since=asked.created_at,
        time_zone=services.account_says(connection, asked.installation, "time_zone"),
    )
    language = services.account_says(connection, asked.installation, "language")
    return Case(asked, her, about, facts, language)


def over(case: Case, now: datetime, number: int = 0) -> Void | None:
    """What ends it whatever the CRM says. *number*: of the reminder, 0 for the invitation."""
    asked = case.ask
    if asked.state != "open":
        return Void(asked.state)
    if asked.expires_at <= now:
        return Void("outside_window")
    if case.touchpoint.archived_at is not None:
        return Void("archived")
    if number and (number > case.touchpoint.reminders or asked.reminders >= number):
        return Void("reminders_off")
    return None


def stands(case: Case, now: datetime) -> Void | NotYet | None:
    """What the person's flags say, by the same rules and in the same order as when she was asked."""
    refused = refusal(case.facts, now)
    if refused is None:
        quiet = quiet_hours(case.facts, now)
        return _not_before(case, quiet, "quiet_hours") if quiet else None
    if refused.reason == "follow_up_open":
        return _not_before(case, now + case.facts.scaled(LOOK_AGAIN), refused.reason)
    return Void(refused.reason)


def unread(case: Case, services: Services, code: str, now: datetime) -> Void | NotYet:
    """Flags that cannot be read count as opted out: nothing leaves until they can."""
    return _not_before(case, now + services.clock.scaled(timedelta(minutes=5)), code)


def _not_before(case: Case, until: datetime, reason: str) -> Void | NotYet:
    return NotYet(until, reason) if until < case.ask.expires_at else Void("outside_window")
