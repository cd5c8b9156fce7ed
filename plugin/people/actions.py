"""Contacts as we know them: seen, merged, gone and back."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection, Row

from plugin.db import new_id
from plugin.deliveries.actions import owe, put_back
from plugin.people.belongings import Belongings
from plugin.people.owing import fields
from plugin.people.rules import FoundContact, lane_of
from plugin.people.store import person
from plugin.ready import Ready

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # seen then: the next decision asks the CRM
# What a merge keeps the later of.
MOMENTS = (
    "last_asked_at", "last_answered_at", "last_declined_at", "silent_since", "last_messaged_at",
    "relational_answered_at", "relational_declined_at", "relational_silent_since",
    "unsubscribed_at", "next_ask_at",
)  # fmt: skip
COPIED = (
    *MOMENTS, "name", "email", "company", "company_name", "locale", "time_zone", "opted_out",
    "bounced_at", "follow_up_open",
)  # fmt: skip


def see(connection: Connection, installation: str, found: FoundContact, now: datetime) -> str:
    """The person's id, made or brought up to date with what the CRM just said."""
    known = of_contact(connection, installation, found.contact)
    values: dict[str, Any] = {
        "name": found.name,
        "email": found.email,
        "company": found.company,
        "company_name": found.company_name,
        "opted_out": found.opted_out,
        "seen_at": now,
    }
    if found.locale:
        values["locale"] = found.locale
    if found.time_zone:
        values["time_zone"] = found.time_zone
    if known is not None and known.email != found.email:
        values["bounced_at"] = None
    if known is None:
        return _make(connection, installation, found.contact, values)
    if known.erased_at is None:
        connection.execute(person.update().where(person.c.id == known.id).values(**values))
    if known.gone_at is not None:
        back(connection, known.id, now, now)
    return str(known.id)


def of_contact(connection: Connection, installation: str, contact: str) -> Row[Any] | None:
    """Who was known under this record id; a merged one's row says of whom it is now."""
    named = {"account": installation, "record": contact}
    return connection.execute(_OF_CONTACT, named).one_or_none()


def survivor(connection: Connection, person_id: str) -> Row[Any]:
    """The person, or whom a merged one became. Raises ``LookupError`` for an unknown id."""
    return _last(connection, _BY_ID, person_id)


def held(connection: Connection, person_id: str) -> Row[Any]:
    """The survivor's row, which nobody else changes until the transaction ends. Raises ``LookupError``."""
    return _last(connection, _HELD, person_id)


def held_contact(connection: Connection, installation: str, contact: str) -> Row[Any] | None:
    """As ``held``, by the record id under which somebody is known; ``None`` for nobody."""
    named = {"account": installation, "record": contact}
    row: Row[Any] | None = _HELD_CONTACT.one_or_none(connection, named)
    return row if row is None or row.survivor is None else held(connection, row.survivor)


def _last(connection: Connection, select: sa.Select[Any], person_id: str) -> Row[Any]:
    row = connection.execute(select, {"who": person_id}).one_or_none()
    if row is None:
        raise LookupError(f"no person {person_id}")
    return row if row.survivor is None else _last(connection, select, row.survivor)


_BY_ID = sa.select(person).where(person.c.id == sa.bindparam("who"))
_HELD = _BY_ID.with_for_update(key_share=True)  # what only refers to the person goes on
_OF_CONTACT = sa.select(person).where(
    person.c.installation == sa.bindparam("account"), person.c.contact == sa.bindparam("record")
)
_HELD_CONTACT = Ready(_OF_CONTACT.with_for_update(key_share=True))


def identities(connection: Connection, person_id: str) -> list[str]:
    """The survivor and everyone merged into it: all under whom this contact was ever known."""
    top = str(survivor(connection, person_id).id)
    merged = sa.select(person.c.id).where(person.c.survivor == top).order_by(person.c.id)
    return [top, *connection.scalars(merged)]


def merge(
    connection: Connection,
    person_id: str,
    survivor_contact: str,
    at: datetime,
    belongings: Sequence[Belongings] = (),
) -> str:
    """Records that a contact was merged into *survivor_contact*, at the CRM's time; the survivor's person id.

    What is known already, in whatever order it comes, changes nothing; a circle of merges is not followed.
    """
    merged = _locked(connection, person_id)
    into = of_contact(connection, merged.installation, survivor_contact)
    into_id = into.id if into else _stand_in(connection, merged, survivor_contact)
    loser, winner = survivor(connection, person_id), survivor(connection, into_id)
    if loser.id == winner.id:
        return str(winner.id)
    if merged.survivor is not None and at < merged.merged_at:
        # What we knew is newer: this was a step on the way there, and by then that far.
        loser, winner, at = winner, loser, merged.merged_at
    _join(connection, loser, winner, at)
    for room in belongings:
        room.move(connection, loser.id, winner.id)
    return str(winner.id)


def gone(connection: Connection, person_id: str, at: datetime) -> None:
    """The contact was deleted at the CRM's time *at*, unless something newer is known of it."""
    connection.execute(
        person.update()
        .where(person.c.id == person_id, _standing(person.c.standing_at <= at))
        .values(gone_at=at, standing_at=at)
    )


def back(connection: Connection, person_id: str, at: datetime, now: datetime) -> None:
    """The contact was restored at *at*, unless something newer is known of it: however that was heard, what could not
    be written while it was gone is written now."""
    restored = (
        person.update()
        .where(person.c.id == person_id, _standing(person.c.standing_at < at))
        .values(gone_at=None, standing_at=at)
        .returning(person.c.installation)
    )
    installation = connection.scalar(restored)
    if installation is None:
        return
    known_as = identities(connection, person_id)
    put_back(connection, lane_of(installation), known_as, "contact_gone", now)
    occasion = f"restored:{round(at.timestamp() * 1000)}"
    owe(connection, [fields(installation, person_id, occasion, now)], now)


def aged(connection: Connection, person_id: str) -> None:
    """What we know of the contact has changed in the CRM: it is asked before the next decision."""
    connection.execute(person.update().where(person.c.id == person_id).values(seen_at=LONG_AGO))


def lock(connection: Connection, people: Iterable[str]) -> None:
    """Nobody else writes anything about these people until the transaction ends."""
    wanted = sa.select(person.c.id).where(person.c.id.in_(sorted(people))).order_by(person.c.id)
    connection.execute(wanted.with_for_update()).all()


def _standing(newer: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.or_(person.c.standing_at.is_(None), newer)


def _locked(connection: Connection, person_id: str) -> Row[Any]:
    return connection.execute(
        sa.select(person).where(person.c.id == person_id).with_for_update()
    ).one()


def _stand_in(connection: Connection, merged: Row[Any], contact: str) -> str:
    """The survivor of a merge who was not known yet: as the merged one, until the CRM is asked."""
    like = survivor(connection, merged.id)
    values = {name: getattr(like, name) for name in COPIED}
    return _make(connection, merged.installation, contact, {**values, "seen_at": LONG_AGO})


def _make(connection: Connection, installation: str, contact: str, values: dict[str, Any]) -> str:
    """Whoever sees the contact for the first time at the same moment makes the same person."""
    insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
    row = {"id": new_id(), "installation": installation, "contact": contact, **values}
    connection.execute(insert(person).values(row).on_conflict_do_nothing())
    made = of_contact(connection, installation, contact)
    assert made is not None  # noqa: S101 - ours, or the one that was in the way
    return str(made.id)


def _join(connection: Connection, loser: Row[Any], winner: Row[Any], at: datetime) -> None:
    """A suppression is never lost, and whoever was merged into the loser is now the winner."""
    lock(connection, (loser.id, winner.id))
    loser, winner = (survivor(connection, who.id) for who in (loser, winner))
    newest: dict[str, Any] = {
        name: _newest(getattr(loser, name), getattr(winner, name)) for name in MOMENTS
    }
    newest["follow_up_open"] = loser.follow_up_open or winner.follow_up_open
    connection.execute(
        person.update().where(person.c.id == winner.id).values(seen_at=LONG_AGO, **newest)
    )
    connection.execute(
        person.update().where(person.c.survivor == loser.id).values(survivor=winner.id)
    )
    connection.execute(
        person.update().where(person.c.id == loser.id).values(survivor=winner.id, merged_at=at)
    )


def _newest(*moments: datetime | None) -> datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)
