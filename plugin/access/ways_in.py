"""One-time links: invitations, the first set-up, and the way in when all is lost."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.access.rules import Who, hashed, new_secret
from plugin.access.store import way_in
from plugin.clock import Clock
from plugin.db import new_id


@dataclass(frozen=True, slots=True)
class WayIn:
    id: str
    kind: str  # first | invitation | rescue
    note: str
    made_by: str
    created_at: datetime
    expires_at: datetime


_shown = sa.select(
    way_in.c.id,
    way_in.c.kind,
    way_in.c.note,
    way_in.c.made_by,
    way_in.c.created_at,
    way_in.c.expires_at,
)


def make(
    connection: Connection, clock: Clock, kind: str, life: timedelta, by: Who, note: str = ""
) -> str:
    """The secret of a new link; only its hash is kept. A first set-up replaces an earlier one."""
    secret, now = new_secret(), clock.now()
    over = way_in.c.expires_at <= now
    if kind == "first":
        over = sa.or_(over, way_in.c.kind == "first")
    connection.execute(sa.delete(way_in).where(over))
    connection.execute(
        way_in.insert().values(
            id=new_id(),
            hash=hashed(secret),
            kind=kind,
            note=note,
            made_by=by.name,
            created_at=now,
            expires_at=now + clock.scaled(life),
        )
    )
    return secret


def find(connection: Connection, clock: Clock, secret: str) -> WayIn | None:
    """The link, if it was not used and has not expired. Looking does not use it up."""
    query = _shown.where(way_in.c.hash == hashed(secret), way_in.c.expires_at > clock.now())
    row = connection.execute(query).mappings().one_or_none()
    return WayIn(**row) if row else None


def use(connection: Connection, clock: Clock, secret: str) -> WayIn | None:
    """Takes the link away and returns it; only one of several who try at once gets it."""
    row = (
        connection.execute(
            sa.delete(way_in)
            .where(way_in.c.hash == hashed(secret), way_in.c.expires_at > clock.now())
            .returning(*_shown.selected_columns)
        )
        .mappings()
        .one_or_none()
    )
    return WayIn(**row) if row else None


def invitations(connection: Connection, clock: Clock) -> list[WayIn]:
    """Those nobody has used yet, the newest first."""
    query = _shown.where(way_in.c.kind == "invitation", way_in.c.expires_at > clock.now())
    return [
        WayIn(**row) for row in connection.execute(query.order_by(way_in.c.id.desc())).mappings()
    ]


def withdraw(connection: Connection, way_in_id: str) -> WayIn | None:
    row = (
        connection.execute(
            sa.delete(way_in)
            .where(way_in.c.id == way_in_id, way_in.c.kind == "invitation")
            .returning(*_shown.selected_columns)
        )
        .mappings()
        .one_or_none()
    )
    return WayIn(**row) if row else None
