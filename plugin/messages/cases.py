"""Whether a mail of thanks is still wanted at the moment at which it would leave. Nothing is sent here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.asking import frequency
from plugin.asking.hours import quiet_end, zone_of
from plugin.asking.limits import Limits
from plugin.clock import Clock
from plugin.deliveries.verdicts import NotYet, Void
from plugin.messages import rules
from plugin.messages.saying import Said, said
from plugin.messages.store import message, recipient
from plugin.messages.words import PARKED
from plugin.people.store import person
from plugin.services import Services

LOOK_AGAIN = timedelta(minutes=5)  # at a message that is paused, or a CRM that does not answer
PAUSED = "paused"
_STANDS = ("due", "unsure")


@dataclass(frozen=True, slots=True)
class Case:
    """One recipient with her message, the person as she is now, the rules of frequency, and what she would read."""

    row: Row[Any]
    her: Row[Any]
    limits: Limits
    said: Said


def load(connection: Connection, recipient_id: str) -> Case | Void:
    """The row's delivery is void where it is gone: its person was erased, or told under another contact that she was
    merged with."""
    row = connection.execute(_ROW, {"mark": recipient_id}).one_or_none()
    if row is None:
        return Void("no_message")
    her = connection.execute(_HER, {"who": row.person}).one()
    told = said(connection, row.texts or {}, row.locale, her, row.answer)
    return Case(row, her, frequency.load(connection), told)


def over(case: Case, now: datetime, wait: timedelta) -> Void | NotYet | None:
    """What the message itself says, whatever the CRM does. *wait*: before a message that stands still is looked at
    again."""
    row = case.row
    if row.state == "told":
        return Void("already_told")
    if row.message_state == "stopped":
        return Void("stopped")
    if row.message_state not in ("sending", "done"):
        return NotYet(now + wait, PAUSED if row.message_state == "paused" else "scheduled")
    parked_before = row.state == "void" and row.reason in PARKED
    if row.state not in _STANDS and not parked_before:
        return Void(row.reason or "off")
    return None


def stands(case: Case, services: Services, now: datetime) -> Void | NotYet | None:
    """What is known of the person, by the same rules and in the same order as when the audience was looked at."""
    reason = stopped_by(case, services.clock, now, by_mail=True)
    if reason is not None:
        return Void(reason)
    spared = rules.her_turn(case.her, now, services.clock.scaled(rules.HER_DAY))
    if spared is not None:
        return NotYet(spared, "asked_today")
    quiet = _quiet(case, services, now)
    return NotYet(quiet, "quiet_hours") if quiet else None


def stopped_by(case: Case, clock: Clock, now: datetime, *, by_mail: bool) -> str | None:
    """Why she is not told just now, in whichever way."""
    days = case.row.recent_days
    since = now - clock.scaled(timedelta(days=days)) if days else None
    return rules.stops(case.her, case.limits, since, by_mail=by_mail)


def unread(code: str, clock: Clock) -> NotYet:
    """Flags that cannot be read count as opted out: nothing leaves until they can."""
    return NotYet(clock.now() + clock.scaled(LOOK_AGAIN), code)


def _quiet(case: Case, services: Services, now: datetime) -> datetime | None:
    begins, ends = case.limits.quiet_from, case.limits.quiet_until
    if begins is None or ends is None:
        return None
    with services.database.read() as connection:
        account = services.account_says(connection, case.her.installation, "time_zone")
    zone = zone_of(case.her.time_zone, account, case.limits.time_zone)
    return quiet_end(now, zone, begins, ends)


_ROW = (
    sa.select(
        recipient,
        message.c.state.label("message_state"),
        message.c.channels,
        message.c.timeline,
        message.c.recent_days,
        message.c.texts,
    )
    .join(message, message.c.change == recipient.c.change)
    .where(recipient.c.id == sa.bindparam("mark"))
)
_HER = sa.select(person).where(person.c.id == sa.bindparam("who"))
