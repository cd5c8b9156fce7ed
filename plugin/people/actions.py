"""Contacts as we know them: seen, merged, gone."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.db import new_id
from plugin.people.rules import FoundContact
from plugin.people.store import person


def see(connection: Connection, installation: str, found: FoundContact, now: datetime) -> str:
    """The person's id, made or brought up to date with what the CRM just said."""
    known = _by_contact(connection, installation, found.contact)
    values: dict[str, Any] = {
        "name": found.name,
        "email": found.email,
        "company": found.company,
        "company_name": found.company_name,
        "opted_out": found.opted_out,
        "seen_at": now,
        "gone_at": None,
    }
    if found.locale:
        values["locale"] = found.locale
    if known is None:
        made = new_id()
        connection.execute(
            person.insert().values(
                id=made, installation=installation, contact=found.contact, **values
            )
        )
        return made
    if known.erased_at is None:
        connection.execute(person.update().where(person.c.id == known.id).values(**values))
    return str(known.id)


def survivor(connection: Connection, person_id: str) -> Row[Any]:
    """The person a merged one became, at the end of the chain; raises ``LookupError`` for an unknown id."""
    seen: set[str] = set()
    while person_id not in seen:
        seen.add(person_id)
        row = connection.execute(sa.select(person).where(person.c.id == person_id)).one_or_none()
        if row is None:
            raise LookupError(f"no person {person_id}")
        if row.survivor is None:
            return row
        person_id = row.survivor
    raise LookupError(f"the merges of person {person_id} run in a circle")


def merge(connection: Connection, person_id: str, survivor_contact: str, now: datetime) -> str:
    """Records that a contact was merged into *survivor_contact*; returns the survivor's person id.

    Rows of the merged person stay where they are and are read through ``survivor``; a suppression is never lost.
    """
    merged = connection.execute(sa.select(person).where(person.c.id == person_id)).one()
    kept = _by_contact(connection, merged.installation, survivor_contact)
    if kept is None:
        kept_id = new_id()
        values = {
            c.name: getattr(merged, c.name)
            for c in person.c
            if c.name not in ("id", "contact", "survivor")
        }
        connection.execute(person.insert().values(id=kept_id, contact=survivor_contact, **values))
    elif kept.id == person_id:
        return person_id
    else:
        kept_id = kept.id
        connection.execute(
            person.update().where(person.c.id == kept_id).values(**_newest(merged, kept))
        )
    connection.execute(person.update().where(person.c.id == person_id).values(survivor=kept_id))
    return str(kept_id)


def gone(connection: Connection, person_id: str, now: datetime) -> None:
    connection.execute(
        person.update()
        .where(person.c.id == person_id, person.c.gone_at.is_(None))
        .values(gone_at=now)
    )


def _newest(merged: Row[Any], kept: Row[Any]) -> dict[str, datetime | None]:
    moments = ("last_asked_at", "last_answered_at", "last_declined_at", "unsubscribed_at")
    return {
        name: max(
            (m for m in (getattr(merged, name), getattr(kept, name)) if m is not None), default=None
        )
        for name in moments
    }


def _by_contact(connection: Connection, installation: str, contact: str) -> Row[Any] | None:
    return connection.execute(
        sa.select(person).where(person.c.installation == installation, person.c.contact == contact)
    ).one_or_none()


def identities(connection: Connection, person_id: str) -> list[str]:
    """The survivor and everyone merged into it: all under whom answers of this contact may stand."""
    top = str(survivor(connection, person_id).id)
    known, frontier = [top], [top]
    while frontier:
        merged = connection.scalars(
            sa.select(person.c.id).where(person.c.survivor.in_(frontier))
        ).all()
        frontier = [m for m in merged if m not in known]
        known += frontier
    return known
