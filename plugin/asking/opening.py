"""A new ask, with all that later decisions must know of it.

Statements stand ready-made: making them anew for every decision would cost more than the database does."""

from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.asking import refusals
from plugin.asking.frequency import day_of, next_ask_at
from plugin.asking.invitations import invitation
from plugin.asking.rules import LINK_LIFE, Facts, window
from plugin.asking.situation import Open, Situation
from plugin.asking.store import ask
from plugin.clock import Clock
from plugin.db import Timestamp, at_one_go, new_id
from plugin.deliveries.actions import owe
from plugin.mail import lanes
from plugin.people import companies, owing
from plugin.people.store import person
from plugin.ready import Ready
from plugin.services import Services

if TYPE_CHECKING:
    from plugin.asking.actions import Wish


def make(
    connection: Connection,
    services: Services,
    wish: "Wish",
    facts: Facts,
    known: Situation,
    now: datetime,
) -> Open:
    """In the transaction that holds the person, and her company. Raises ``Problem("field_invalid")`` for an ask by
    e-mail where mail is off."""
    if wish.channel == "email":
        lanes.require(services.settings)
    values = _new(wish, facts, now)
    made = Open(**values)
    owed = [owing.fields(made.installation, made.person, made.id, now)]
    if wish.channel == "email":
        owed.append(invitation(connection, services, made, now))
    with at_one_go(connection):
        _MAKE.run(connection, values | {"context": wish.context, "trigger": wish.trigger})
        _note(connection, services.clock, facts, now)
        if known.refused is not None:
            refusals.forget(connection, made.person, wish.touchpoint, now)
        owe(connection, owed, now)
    return made


def _new(wish: "Wish", facts: Facts, now: datetime) -> dict[str, Any]:
    asked = facts.person
    return {
        "id": new_id(),
        "installation": asked.installation,
        "person": asked.id,
        "touchpoint": wish.touchpoint,
        "channel": wish.channel,
        "locale": wish.locale or asked.locale,
        "created_at": now,
        "expires_at": _expires_at(facts, now),
    }


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
    _ASKED.get(facts.touchpoint.kind, _ASKED["transactional"]).run(connection, given)
    if asked.company:
        companies.note(connection, asked.installation, asked.company, facts.company, now)


def _asked(*also: str) -> Ready:
    now, day = sa.bindparam("now", type_=Timestamp), sa.bindparam("day", type_=sa.BigInteger)
    return Ready(
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
_MAKE = Ready(ask.insert(), [*(part.name for part in fields(Open)), "context", "trigger"])
