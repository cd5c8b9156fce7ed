"""Which comments are to be read next: those of the last minutes, and a walk back through all the others.

An answer is looked at again for as long as it can be revised, and all of them once a day and whenever the themes
changed, so that nothing is left out, whatever was missed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.answers.rules import EDIT_WINDOW, SETTLE
from plugin.answers.store import answer, counted
from plugin.db import lowest_id
from plugin.themes.store import theme_reading, theme_walk

AT_ONCE = 100
PAGE = 2_000  # answers that one step of the walk looks at
FRESH = timedelta(minutes=30)
STILL_OPEN = EDIT_WINDOW + timedelta(hours=1)
LATE_EVERY = timedelta(hours=1)
ALL_EVERY = timedelta(days=1)
TOP = "~"  # above every id


@dataclass(frozen=True, slots=True)
class Step:
    """*rows* are to be read now. *walk* is where the walk then stands; *more* whether to go on at once."""

    rows: Sequence[Row[Any]]
    walk: Mapping[str, Any]
    more: bool


def next_step(connection: Connection, edition: str, now: datetime) -> Step:
    """*now* is the real time: ids go by it."""
    walk = _walk(connection, edition, now)
    rows = _unread(connection, edition, now, answer.c.id >= lowest_id(now - FRESH))
    if len(rows) == AT_ONCE or not walk["cursor"]:
        return Step(rows, walk, len(rows) == AT_ONCE)
    page = _page(connection, walk)
    if not page:
        return Step(rows, walk | {"cursor": ""}, False)
    between = sa.and_(answer.c.id <= page[0], answer.c.id >= page[-1])
    older = _unread(connection, edition, now, between)
    # More of this page than were taken: the walk stays here, and they come first the next time.
    onwards = walk if len(older) == AT_ONCE else walk | {"cursor": page[-1]}
    known = {row.id for row in rows}
    return Step([*rows, *(row for row in older if row.id not in known)], onwards, True)


def keep(connection: Connection, walk: Mapping[str, Any]) -> None:
    if not connection.execute(theme_walk.update().values(**walk)).rowcount:
        connection.execute(theme_walk.insert().values(id=1, **walk))


def _walk(connection: Connection, edition: str, now: datetime) -> dict[str, Any]:
    row = connection.execute(sa.select(theme_walk)).mappings().one_or_none()
    walk: dict[str, Any] = {name: row[name] for name in row if name != "id"} if row else {}
    if walk.get("edition") != edition or _due(walk.get("all_at"), ALL_EVERY, now):
        return {"edition": edition, "cursor": TOP, "floor": "", "all_at": now, "late_at": now}
    if not walk["cursor"] and _due(walk["late_at"], LATE_EVERY, now):
        floor = lowest_id(now - STILL_OPEN)
        return walk | {"cursor": TOP, "floor": floor, "late_at": now}
    return walk


def _due(last: datetime | None, every: timedelta, now: datetime) -> bool:
    return last is None or now - last >= every


def _page(connection: Connection, walk: Mapping[str, Any]) -> list[str]:
    query = sa.select(answer.c.id).where(answer.c.id < walk["cursor"], answer.c.id >= walk["floor"])
    return list(connection.scalars(query.order_by(answer.c.id.desc()).limit(PAGE)))


def _unread(
    connection: Connection, edition: str, now: datetime, which: sa.ColumnElement[bool]
) -> list[Row[Any]]:
    """Settled and counted, and not read as they stand; what never had a comment needs no reading."""
    never = sa.and_(theme_reading.c.answer.is_(None), answer.c.comment != "")
    differs = sa.or_(
        theme_reading.c.revision != answer.c.revision, theme_reading.c.edition != edition
    )
    return list(
        connection.execute(
            sa.select(answer.c.id, answer.c.locale, answer.c.comment, answer.c.revision)
            .outerjoin(theme_reading, theme_reading.c.answer == answer.c.id)
            .where(which, counted, sa.or_(never, differs), answer.c.revised_at <= now - SETTLE)
            .order_by(answer.c.id.desc())
            .limit(AT_ONCE)
        )
    )
