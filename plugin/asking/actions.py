"""Deciding to ask: one decision per contact and touchpoint, the same one for a reload."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection, Row

from plugin.asking.rules import (
    FRESH,
    LINK_LIFE,
    NO_CONTACT,
    WIDGET_TOKEN_LIFE,
    Asked,
    NotAsked,
    refusal,
    token_life,
)
from plugin.asking.store import ask
from plugin.db import new_id
from plugin.deliveries.actions import owe
from plugin.errors import Problem
from plugin.people import actions as people
from plugin.people.owing import fields
from plugin.people.rules import ContactName, FoundContact
from plugin.people.store import person
from plugin.services import Services
from plugin.touchpoints.store import touchpoint


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants asked."""

    installation: str
    contact: ContactName
    touchpoint: str
    channel: str = "widget"
    locale: str = ""
    context: dict[str, Any] | None = None


def decide(services: Services, wish: Wish) -> Asked | NotAsked:
    """Raises ``Problem``: ``not_found`` (contact, touchpoint or installation), ``contact_ambiguous``,
    ``crm_unavailable`` or ``needs_reconnect`` when the contact is not known here either."""
    with services.database.read() as connection:
        _touchpoint(connection, wish.touchpoint)
        known = _known(connection, wish)
    now = services.clock.now()
    if known is None or now - known.seen_at > services.clock.scaled(FRESH):
        found = _look_up(services, wish, known)
    else:
        found = None
    with services.database.write() as connection:
        person_id = known.id if known is not None else ""
        if found is not None:
            person_id = people.see(connection, wish.installation, found, now)
        return _decide(connection, services, wish, people.survivor(connection, person_id), now)


def _decide(
    connection: Connection, services: Services, wish: Wish, asked: Row[Any], now: datetime
) -> Asked | NotAsked:
    reason = refusal(asked, wish.channel)
    if reason is not None:
        if reason != asked.ask_refusal:
            _refused(connection, services, asked, reason, now)
        return NotAsked(reason)
    opened = _open(connection, services, wish, asked, now)
    return _asked(services, opened, asked, wish.channel, wish.locale)


def standing(connection: Connection, services: Services, ask_id: str) -> Asked:
    """An ask that was decided before, for a fresh token of it. Raises ``LookupError`` for an unknown one."""
    opened = connection.execute(sa.select(ask).where(ask.c.id == ask_id)).one_or_none()
    if opened is None:
        raise LookupError(f"no ask {ask_id}")
    return _asked(services, opened, people.survivor(connection, opened.person), opened.channel)


def _asked(
    services: Services, opened: Row[Any], asked: Row[Any], channel: str, locale: str = ""
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
    )


def _refused(
    connection: Connection, services: Services, asked: Row[Any], reason: str, now: datetime
) -> None:
    """The contact shows why, where there still is one to show it."""
    connection.execute(person.update().where(person.c.id == asked.id).values(ask_refusal=reason))
    if reason not in NO_CONTACT:
        _owe_contact(connection, services, asked.installation, asked.id, new_id(), now)


def _open(
    connection: Connection, services: Services, wish: Wish, asked: Row[Any], now: datetime
) -> Row[Any]:
    """The open ask for this contact and touchpoint: the one there is, or a new one."""
    mine = sa.and_(
        ask.c.person == asked.id, ask.c.touchpoint == wish.touchpoint, ask.c.state == "open"
    )
    connection.execute(ask.update().where(mine, ask.c.expires_at <= now).values(state="expired"))
    ask_id = new_id()
    insert = sqlite_insert if services.database.embedded else postgresql_insert
    made = connection.execute(
        insert(ask)
        .values(
            id=ask_id,
            installation=wish.installation,
            person=asked.id,
            touchpoint=wish.touchpoint,
            channel=wish.channel,
            locale=wish.locale or asked.locale,
            context=wish.context,
            created_at=now,
            expires_at=now + services.clock.scaled(LINK_LIFE),
        )
        .on_conflict_do_nothing(
            index_elements=[ask.c.person, ask.c.touchpoint], index_where=ask.c.state == "open"
        )
    )
    if made.rowcount:
        connection.execute(
            person.update()
            .where(person.c.id == asked.id)
            .values(last_asked_at=now, ask_refusal=None)
        )
        _owe_contact(connection, services, wish.installation, asked.id, ask_id, now)
    return connection.execute(sa.select(ask).where(mine)).one()


def _owe_contact(
    connection: Connection,
    services: Services,
    installation: str,
    person_id: str,
    occasion: str,
    now: datetime,
) -> None:
    """The CRM shows when the contact was last asked, or why not."""
    owe(connection, [fields(installation, person_id, occasion, now)], now)
    services.wake.set()


def _touchpoint(connection: Connection, key: str) -> None:
    known = connection.scalar(
        sa.select(touchpoint.c.key).where(
            touchpoint.c.key == key, touchpoint.c.archived_at.is_(None)
        )
    )
    if known is None:
        raise Problem("not_found", "There is no such touchpoint. Add it under Touchpoints first.")


def _known(connection: Connection, wish: Wish) -> Row[Any] | None:
    """The person as we know her, when the contact is named by its record id."""
    row = connection.execute(
        sa.select(person.c.id).where(
            person.c.installation == wish.installation, person.c.contact == wish.contact.id
        )
    ).one_or_none()
    return None if row is None else people.survivor(connection, row.id)


def _look_up(services: Services, wish: Wish, known: Row[Any] | None) -> FoundContact | None:
    """What the CRM says now; ``None`` when it does not answer but the contact is known here."""
    if services.directory is None:
        raise Problem("crm_unavailable")
    try:
        found = services.directory.find(wish.installation, wish.contact)
    except Problem as problem:
        if known is not None and problem.code in ("crm_unavailable", "needs_reconnect"):
            return None
        raise
    if len(found) > 1:
        raise Problem("contact_ambiguous", "Several contacts match; name one by its record id.")
    if not found:
        if known is not None:
            with services.database.write() as connection:
                people.gone(connection, known.id, services.clock.now())
            return None
        raise Problem("not_found", "There is no such contact in the CRM. None was created.")
    return found[0]


def declined(connection: Connection, ask_id: str, now: datetime) -> None:
    """The customer closed the question without an answer; an answer already given stands."""
    changed = connection.execute(
        ask.update()
        .where(_this(ask_id), ask.c.state == "open")
        .values(state="declined", declined_at=now)
    )
    if changed.rowcount:
        asked = sa.select(ask.c.person).where(ask.c.id == ask_id).scalar_subquery()
        connection.execute(person.update().where(person.c.id == asked).values(last_declined_at=now))


def shown(connection: Connection, ask_id: str, now: datetime) -> None:
    """The question was really in front of the customer; the first time counts."""
    connection.execute(
        ask.update().where(_this(ask_id), ask.c.shown_at.is_(None)).values(shown_at=now)
    )


def _this(ask_id: str) -> sa.ColumnElement[bool]:
    """The ask, or the one it became when two people turned out to be one."""
    other = sa.select(ask.c.became).where(ask.c.id == ask_id).scalar_subquery()
    return ask.c.id == sa.func.coalesce(other, ask_id)
