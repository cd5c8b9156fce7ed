"""The open ask of a contact at a touchpoint: the one there is, or a new one with all that later decisions must know.

Statements stand ready-made: making them anew for every decision would cost more than the database does."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.asking import refusals
from plugin.asking.frequency import day_of, next_ask_at
from plugin.asking.invitations import invitation
from plugin.asking.rules import LINK_LIFE, Facts, window
from plugin.asking.store import ask
from plugin.clock import Clock
from plugin.db import Timestamp, at_one_go, new_id
from plugin.deliveries.actions import owe
from plugin.mail import lanes
from plugin.people import companies
from plugin.people.owing import fields
from plugin.people.store import person
from plugin.services import Services

if TYPE_CHECKING:
    from plugin.asking.actions import Wish


def opened(connection: Connection, person_id: str, key: str, now: datetime) -> Row[Any] | None:
    """The ask that is open; one whose time is over is so no longer."""
    found = connection.execute(_OPENED, {"who": person_id, "about": key}).one_or_none()
    if found is None or found.expires_at > now:
        return found
    connection.execute(ask.update().where(ask.c.id == found.id).values(state="expired"))
    return None


def make(
    connection: Connection, services: Services, wish: "Wish", facts: Facts, now: datetime
) -> Row[Any]:
    """In the transaction that holds the person, and her company. Raises ``Problem("field_invalid")`` for an ask by
    e-mail where mail is off."""
    if wish.channel == "email":
        lanes.require(services.settings)
    asked = facts.person
    made = connection.execute(
        _MAKE,
        {
            "id": new_id(),
            "installation": asked.installation,
            "person": asked.id,
            "touchpoint": wish.touchpoint,
            "channel": wish.channel,
            "locale": wish.locale or asked.locale,
            "context": wish.context,
            "trigger": wish.trigger,
            "created_at": now,
            "expires_at": _expires_at(facts, now),
        },
    ).one()
    owed = [fields(asked.installation, asked.id, made.id, now)]
    if wish.channel == "email":
        owed.append(invitation(connection, services, made, now))
    with at_one_go(connection):
        _note(connection, services.clock, facts, now)
        refusals.forget(connection, asked.id, wish.touchpoint, now)
        owe(connection, owed, now)
    return made


def _expires_at(facts: Facts, now: datetime) -> datetime:
    """The end of the touchpoint's window, and no later than a link lives."""
    days, life = facts.touchpoint.window_days, facts.scaled(LINK_LIFE)
    if facts.occurred_at is None:
        return now + (life if days is None else min(life, facts.days(days)))
    _, ends = window(facts.occurred_at, facts.touchpoint.delay_hours, days, facts.scaled)
    return min(now + life, ends)


def _note(connection: Connection, clock: Clock, facts: Facts, now: datetime) -> None:
    asked = facts.person
    given = {"who": asked.id, "now": now, "day": day_of(clock)}
    connection.execute(_ASKED.get(facts.touchpoint.kind, _ASKED["transactional"]), given)
    if asked.company:
        companies.note(connection, asked.installation, asked.company, facts.company, now)


def _asked(*also: str) -> sa.Update:
    now, day = sa.bindparam("now", type_=Timestamp), sa.bindparam("day", type_=sa.BigInteger)
    return (
        person.update()
        .where(person.c.id == sa.bindparam("who"))
        .values(
            last_asked_at=now,
            silent_since=now,
            ask_refusal=None,
            next_ask_at=next_ask_at(day, silent=now),
            **dict.fromkeys(also, now),
        )
    )


_ASKED = {"transactional": _asked(), "relational": _asked("relational_silent_since")}
# A literal, never a parameter: only then do both databases use the partial index.
_IS_OPEN = ask.c.state == sa.literal_column("'open'")
_OPENED = sa.select(ask).where(
    ask.c.person == sa.bindparam("who"), ask.c.touchpoint == sa.bindparam("about"), _IS_OPEN
)
_MAKE = ask.insert().returning(*ask.c)
