"""Deciding to ask: one decision over contact, company and touchpoint, the same one for a reload."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.asking import contacts, opening, refusals, situation
from plugin.asking.frequency import day_of, next_ask_at
from plugin.asking.rules import (
    WIDGET_TOKEN_LIFE,
    Asked,
    Facts,
    NotAsked,
    refusal,
    token_life,
)
from plugin.asking.situation import About, Open, Situation
from plugin.asking.store import ask
from plugin.clock import Clock
from plugin.db import Timestamp
from plugin.deliveries.actions import owe
from plugin.errors import Problem
from plugin.people import actions as people
from plugin.people.owing import fields
from plugin.people.rules import ContactName
from plugin.people.store import person
from plugin.services import Services
from plugin.touchpoints.store import touchpoint


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants asked. *occurred_at* is when what the question is about happened; without it the
    moment is well chosen by whoever asks, and neither delay nor window hold the question back. *trigger* is the key of
    what asks by itself, empty for a person or a program."""

    installation: str
    contact: ContactName
    touchpoint: str
    channel: str = "widget"
    locale: str = ""
    context: dict[str, Any] | None = None
    occurred_at: datetime | None = None
    trigger: str = ""


def decide(services: Services, wish: Wish) -> Asked | NotAsked:
    """Raises ``Problem``: ``not_found`` (contact, touchpoint or installation), ``contact_ambiguous``,
    ``field_invalid`` for a channel the touchpoint does not use, ``crm_unavailable`` or ``needs_reconnect``
    when the contact is not known here either."""
    now = services.clock.now()
    with services.database.write() as connection:
        known = contacts.known(connection, wish.installation, wish.contact)
        if known is not None and contacts.new_enough(services.clock, known, now):
            return _decide(connection, services, wish, known, now)
        _check(wish, situation.in_use(connection, wish.touchpoint))
    found = contacts.look_up(services, wish.installation, wish.contact, known)
    with services.database.write() as connection:
        person_id = known.id if known is not None else ""
        if found is not None:
            person_id = people.see(connection, wish.installation, found, now)
        return _decide(connection, services, wish, people.held(connection, person_id), now)


def _decide(
    connection: Connection,
    services: Services,
    wish: Wish,
    asked: Row[Any],
    now: datetime,
) -> Asked | NotAsked:
    """*asked* is held until the transaction ends."""
    known = situation.look(connection, asked, wish.touchpoint, now)
    facts = _facts(connection, services, wish, asked, known)
    refused = refusal(facts, now)
    if refused is not None:
        refusals.keep(connection, services, wish, facts, known.refused, refused, now)
        return replace(refused, person=asked.id)
    opened = known.opened
    if opened is None:
        opened = opening.make(connection, services, wish, facts, known, now)
        services.wake.set()
    return _asked(services, opened, asked, wish.channel, wish.locale)


def standing(connection: Connection, services: Services, ask_id: str) -> Asked:
    """An ask that was decided before, for a fresh token of it. Raises ``LookupError`` for an unknown one."""
    opened = situation.standing(connection, ask_id)
    return _asked(services, opened, people.survivor(connection, opened.person), opened.channel)


def _asked(
    services: Services, opened: Open, asked: Row[Any], channel: str, locale: str = ""
) -> Asked:
    now, day = services.clock.now(), services.clock.scaled(WIDGET_TOKEN_LIFE)
    return Asked(
        ask=opened.id,
        installation=opened.installation,
        contact=asked.contact,
        touchpoint=opened.touchpoint,
        channel=channel,
        locale=locale or opened.locale,
        token_expires_at=token_life(channel, opened.expires_at, now, day),
        person=asked.id,
    )


def _facts(
    connection: Connection,
    services: Services,
    wish: Wish,
    asked: Row[Any],
    known: Situation,
) -> Facts:
    """All that the decision looks at."""
    mail = wish.channel == "email"
    return Facts(
        person=asked,
        touchpoint=_check(wish, known.about),
        channel=wish.channel,
        limits=known.limits,
        scaled=services.clock.scaled,
        open_since=None if known.opened is None else known.opened.created_at,
        company=known.company,
        occurred_at=wish.occurred_at,
        time_zone=services.account_says(connection, asked.installation, "time_zone")
        if mail
        else "",
    )


def _check(wish: Wish, about: About | None) -> About:
    """Raises ``Problem`` for a touchpoint that is not in use, or not on this channel."""
    if about is None:
        raise Problem("not_found", "There is no such touchpoint. Add it under Touchpoints first.")
    if wish.channel not in about.channels:
        used = " and ".join(about.channels)
        raise Problem(
            "field_invalid",
            f"This touchpoint asks by {used} only. Its page in the admin pages says so.",
            fields={"channel": f"must be {used}"},
        )
    return about


def declined(connection: Connection, ask_id: str, clock: Clock) -> None:
    """The customer closed the question without an answer; an answer already given stands."""
    now = clock.now()
    changed = connection.execute(
        ask.update()
        .where(_this(ask_id), ask.c.state == "open")
        .values(state="declined", declined_at=now)
    )
    if not changed.rowcount:
        return
    asked = connection.execute(
        sa.select(ask.c.person, touchpoint.c.kind)
        .join(touchpoint, touchpoint.c.key == ask.c.touchpoint)
        .where(_this(ask_id))
    ).one()
    her = people.held(connection, asked.person)
    values: dict[str, Any] = {
        "last_declined_at": now,
        "silent_since": None,
        "ask_refusal": None,
        "next_ask_at": next_ask_at(day_of(clock), declined=sa.literal(now, Timestamp), silent=None),
    }
    if asked.kind == "relational":
        values |= {"relational_declined_at": now, "relational_silent_since": None}
    connection.execute(person.update().where(person.c.id == her.id).values(values))
    owe(connection, [fields(her.installation, her.id, f"declined:{ask_id}", now)], now)


def shown(connection: Connection, ask_id: str, clock: Clock) -> None:
    """The question was really in front of the customer; the first time counts."""
    first = sa.and_(_this(ask_id), ask.c.shown_at.is_(None))
    connection.execute(ask.update().where(first).values(shown_at=clock.now()))


def _this(ask_id: str) -> sa.ColumnElement[bool]:
    """The ask, or the one it became when two people turned out to be one."""
    other = sa.select(ask.c.became).where(ask.c.id == ask_id).scalar_subquery()
    return ask.c.id == sa.func.coalesce(other, ask_id)
