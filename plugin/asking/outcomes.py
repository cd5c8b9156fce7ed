"""What follows from a mail that left, came to nothing, or is not to be sent: written with the row's verdict."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.asking.invitations import owe_reminder
from plugin.asking.mailable import Case
from plugin.asking.rules import NO_CONTACT, REASONS
from plugin.asking.store import ask
from plugin.deliveries.actions import owe
from plugin.deliveries.verdicts import Delivered, Effect, NotYet, Verdict, Void
from plugin.mail.letters import message_id
from plugin.mail.office import Bounced, Told
from plugin.people.owing import fields
from plugin.people.store import person
from plugin.services import Services


def told(services: Services, case: Case, number: int, said: Told) -> Verdict:
    """*number*: of the reminder, 0 for the invitation."""
    if isinstance(said, Delivered):
        proof = message_id(services.settings, said.proof)
        return Delivered(proof, effect=_accepted(services, case, number))
    if isinstance(said, Bounced):
        return Void("bounced", effect=_bounced(services, case))
    return said


def stopped(services: Services, case: Case, verdict: Void | NotYet) -> Void | NotYet:
    """An invitation that will never leave was no ask: it is closed, and the reason stands where a rep reads it."""
    never = isinstance(verdict, Void) and verdict.reason in REASONS and case.ask.mailed_at is None
    if not never or verdict.reason in NO_CONTACT:
        return verdict

    def effect(connection: Connection) -> None:
        still_open = sa.and_(ask.c.id == case.ask.id, ask.c.state == "open")
        connection.execute(ask.update().where(still_open).values(state="expired"))
        _tell(connection, case.her, verdict.reason, f"unsent:{case.ask.id}", services.clock.now())

    return Void(verdict.reason, effect=effect)


def bounce(connection: Connection, asked: Any, her: Any, now: datetime) -> None:
    """Mail to this address comes back: nobody writes to it again, until the CRM has another one."""
    first = sa.and_(ask.c.id == asked.id, ask.c.bounced_at.is_(None))
    connection.execute(ask.update().where(first).values(bounced_at=now))
    connection.execute(person.update().where(person.c.id == her.id).values(bounced_at=now))
    _tell(connection, her, "bounced", f"bounced:{asked.id}", now)


def _bounced(services: Services, case: Case) -> Effect:
    return lambda connection: bounce(connection, case.ask, case.her, services.clock.now())


def _accepted(services: Services, case: Case, number: int) -> Effect:
    def effect(connection: Connection) -> None:
        now = services.clock.now()
        this = ask.update().where(ask.c.id == case.ask.id)
        if number:
            connection.execute(this.values(reminders=number, reminded_at=now))
        else:
            connection.execute(this.values(mailed_at=now))
        owe_reminder(connection, services, case, number + 1, now)

    return effect


def _tell(connection: Connection, her: Any, reason: str, occasion: str, now: datetime) -> None:
    told: dict[str, Any] = {"ask_refusal": reason, "next_ask_at": None}
    connection.execute(person.update().where(person.c.id == her.id).values(told))
    owe(connection, [fields(her.installation, her.id, occasion, now)], now)
