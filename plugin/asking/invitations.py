"""Mails that are owed about an ask: its invitation, and the reminders that may follow."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection, Row

from plugin.asking.mailable import Case
from plugin.deliveries.actions import Owed, owe
from plugin.mail import lanes
from plugin.services import Services

if TYPE_CHECKING:
    from plugin.asking.situation import Open

INVITATION = "invitation"
REMINDER = "reminder"


def invitation(connection: Connection, services: Services, asked: "Open", now: datetime) -> Owed:
    """To be owed in the transaction that opens the ask; once for ever."""
    return _owed(connection, services, asked, INVITATION, f"{INVITATION}:{asked.id}", now)


def owe_reminder(
    connection: Connection, services: Services, case: Case, number: int, now: datetime
) -> None:
    """Reminder *number*, if the touchpoint has that many and its day comes before the ask is over. Whether it is
    still wanted is decided when its time has come."""
    about, asked = case.touchpoint, case.ask
    due_at = now + services.clock.scaled(timedelta(days=about.reminder_days))
    if number <= about.reminders and due_at < asked.expires_at:
        name = f"{REMINDER}:{asked.id}:{number}"
        owed = _owed(connection, services, asked, REMINDER, name, due_at, number=number)
        owe(connection, [owed], now)


def _owed(
    connection: Connection,
    services: Services,
    asked: "Open | Row[Any]",
    kind: str,
    name: str,
    due_at: datetime,
    **more: int,
) -> Owed:
    lane = lanes.ensure(connection, services.settings)
    payload = {"ask": asked.id, **more}
    return Owed(lane, kind, name, name, asked.person, payload, due_at)
