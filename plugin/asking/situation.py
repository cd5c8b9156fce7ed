"""What is known of a person at a touchpoint before it is decided: the ask that is open, the last refusal, and when her
company was asked. One statement, because each costs as much as all that it reads."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.asking.store import ask, refused_ask
from plugin.db import Timestamp
from plugin.people import companies


@dataclass(frozen=True, slots=True)
class Open:
    """What a decision and its token must know of an ask."""

    id: str
    installation: str
    person: str
    touchpoint: str
    channel: str
    locale: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """The last one, as it was kept."""

    reason: str
    channel: str
    next_eligible_at: datetime | None
    refused_at: datetime
    occurred_at: datetime | None
    again_at: datetime | None
    window_ends_at: datetime | None

    def put_off_since(self, now: datetime) -> datetime | None:
        """When that happened about which it is decided again, while its window lasts."""
        lasts = self.again_at and self.window_ends_at and self.window_ends_at > now
        return self.occurred_at if lasts else None


@dataclass(frozen=True, slots=True)
class Situation:
    """*company*: when her company was asked, oldest first; not looked up where an ask is open."""

    opened: Open | None
    refused: Refusal | None
    company: Sequence[datetime]


def look(connection: Connection, her: Row[Any], key: str, now: datetime) -> Situation:
    """In the transaction that holds *her* row. From here on it holds her company's too, unless an ask is open. An ask
    whose time is over is open no longer."""
    given = {
        "who": her.id, "about": key, "now": now, "account": her.installation, "record": her.company,
    }  # fmt: skip
    row = connection.execute(_LOOK, given).one()
    opened = Open(*row[: len(_OPEN)]) if row[0] is not None else None
    if opened is not None and opened.expires_at <= now:
        connection.execute(ask.update().where(ask.c.id == opened.id).values(state="expired"))
        opened = None
    refused = Refusal(*row[len(_OPEN) : -1]) if row[len(_OPEN)] is not None else None
    return Situation(opened, refused, () if opened else _company(connection, her, row[-1]))


def _company(connection: Connection, her: Row[Any], known: list[int] | None) -> Sequence[datetime]:
    if not her.company:
        return ()
    if known is None:  # the first time that we meet it
        return companies.asked(connection, her.installation, her.company)
    return companies.moments(known)


def standing(connection: Connection, ask_id: str) -> Open:
    """An ask that was decided before, whatever became of it. Raises ``LookupError`` for an unknown one."""
    found = connection.execute(_STANDING, {"this": ask_id}).one_or_none()
    if found is None:
        raise LookupError(f"no ask {ask_id}")
    return Open(*found)


_OPEN = [ask.c[part.name] for part in fields(Open)]
_STANDING = sa.select(*_OPEN).where(ask.c.id == sa.bindparam("this"))
# A literal, never a parameter: only then do both databases use the partial index.
_IS_OPEN = sa.and_(
    ask.c.person == sa.bindparam("who"),
    ask.c.touchpoint == sa.bindparam("about"),
    ask.c.state == sa.literal_column("'open'"),
)
_REFUSED = sa.and_(
    refused_ask.c.person == sa.bindparam("who"), refused_ask.c.touchpoint == sa.bindparam("about")
)
_STILL_OPEN = sa.exists().where(_IS_OPEN, ask.c.expires_at > sa.bindparam("now", type_=Timestamp))
_one_row = sa.select(sa.literal_column("1").label("one")).subquery("one_row")
_LOOK = sa.select(
    *_OPEN,
    *(refused_ask.c[part.name] for part in fields(Refusal)),
    companies.HELD.where(~_STILL_OPEN.correlate(None)).scalar_subquery(),
).select_from(_one_row.outerjoin(ask, _IS_OPEN).outerjoin(refused_ask, _REFUSED))
