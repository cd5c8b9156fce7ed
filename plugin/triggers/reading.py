"""Triggers and what their events led to, as pages and commands show them."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.asking.store import ask, refused_ask
from plugin.deliveries.store import lane
from plugin.errors import Problem
from plugin.people.store import person
from plugin.touchpoints.store import touchpoint
from plugin.triggers import looking
from plugin.triggers.store import trigger, trigger_event

_LISTED = sa.select(
    trigger, touchpoint.c.name.label("touchpoint_name"), touchpoint.c.kind.label("touchpoint_kind")
).join(touchpoint, touchpoint.c.key == trigger.c.touchpoint)


def listed(connection: Connection) -> Sequence[Row[Any]]:
    query = _LISTED.where(trigger.c.removed_at.is_(None)).order_by(trigger.c.name, trigger.c.key)
    return connection.execute(query).all()


def waits(connection: Connection, installation: str) -> str:
    """The code of why its triggers do not look just now; empty while they do."""
    stands = connection.execute(
        sa.select(lane.c.parked_reason, lane.c.wait_reason).where(
            lane.c.id == looking.lane(installation)
        )
    ).one_or_none()
    return str(stands.parked_reason or stands.wait_reason or "") if stands else ""


def went_off(connection: Connection) -> Sequence[Row[Any]]:
    """Those that stand still because the CRM does not let them look."""
    return [row for row in listed(connection) if row.off_reason]


def get(connection: Connection, key: str) -> Row[Any]:
    """Raises ``Problem("not_found")``, for a removed one too."""
    query = _LISTED.where(trigger.c.key == key, trigger.c.removed_at.is_(None))
    found = connection.execute(query).one_or_none()
    if found is None:
        raise Problem("not_found", "There is no such trigger.")
    return found


def events(
    connection: Connection, key: str, *, after: str = "", limit: int = 50
) -> Sequence[Row[Any]]:
    """The newest first, before the one with the id *after*. One that was refused and put off may have been asked since:
    ``later`` is the ask it came to, ``again_at`` when it is decided again."""
    later = (
        sa.select(sa.func.min(ask.c.created_at))
        .where(
            ask.c.person == trigger_event.c.person,
            ask.c.touchpoint == trigger_event.c.touchpoint,
            ask.c.trigger == trigger_event.c.trigger,
            ask.c.created_at > trigger_event.c.decided_at,
        )
        .correlate(trigger_event)
        .scalar_subquery()
    )
    put_off = sa.and_(
        refused_ask.c.person == trigger_event.c.person,
        refused_ask.c.touchpoint == trigger_event.c.touchpoint,
    )
    query = (
        sa.select(
            trigger_event,
            person.c.name.label("person_name"),
            refused_ask.c.again_at,
            sa.type_coerce(later, ask.c.created_at.type).label("later"),
        )
        .outerjoin(person, person.c.id == trigger_event.c.person)
        .outerjoin(refused_ask, put_off)
        .where(trigger_event.c.trigger == key)
        .order_by(trigger_event.c.id.desc())
        .limit(limit)
    )
    if after:
        query = query.where(trigger_event.c.id < after)
    return connection.execute(query).all()


def counts(connection: Connection, key: str) -> dict[str, int]:
    """How many of its events are in which state."""
    rows = connection.execute(
        sa.select(trigger_event.c.state, sa.func.count())
        .where(trigger_event.c.trigger == key)
        .group_by(trigger_event.c.state)
    )
    return {row[0]: row[1] for row in rows}
