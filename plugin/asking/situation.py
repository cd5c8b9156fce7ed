"""What is known of a person at a touchpoint before it is decided: the ask that is open, the last refusal, and when her
company was asked. One statement, because each costs as much as all that it reads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.asking import frequency
from plugin.asking.limits import Limits
from plugin.asking.store import ask, refused_ask
from plugin.asking.store import frequency as rules_of_frequency
from plugin.db import Timestamp
from plugin.people import companies
from plugin.ready import Ready
from plugin.touchpoints.store import touchpoint


@dataclass(frozen=True, slots=True)
class About:
    """What a decision must know of a touchpoint."""

    key: str
    kind: str
    channels: Sequence[str]
    delay_hours: int
    window_days: int | None
    sample: int


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
    """*about* is ``None`` where there is no such touchpoint in use. *company*: when her company was asked, as
    ``companies`` tells it; not looked up where an ask is open."""

    limits: Limits
    about: About | None
    opened: Open | None
    refused: Refusal | None
    company: Sequence[int]


def look(connection: Connection, her: Row[Any], key: str, now: datetime) -> Situation:
    """In the transaction that holds *her* row. From here on it holds her company's too, unless an ask is open. An ask
    whose time is over is open no longer."""
    given = {
        "who": her.id, "about": key, "now": now, "account": her.installation, "record": her.company,
    }  # fmt: skip
    rules, about, opened, refused, company = _parts(_LOOK.one_or_none(connection, given))
    found = Open(*opened) if opened[0] is not None else None
    if found is not None and found.expires_at <= now:
        connection.execute(ask.update().where(ask.c.id == found.id).values(state="expired"))
        found = None
    return Situation(
        limits=frequency.limits_of(rules),
        about=About(*about) if about[0] is not None else None,
        opened=found,
        refused=Refusal(*refused) if refused[0] is not None else None,
        company=() if found else _company(connection, her, company[0]),
    )


def _parts(row: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The columns of each table."""
    at = 0
    for columns in (frequency.RULES, _ABOUT, _OPEN, _REFUSAL, (None,)):
        yield row[at : at + len(columns)]
        at += len(columns)


def in_use(connection: Connection, key: str) -> About | None:
    """The touchpoint alone, for whoever knows nobody yet."""
    found = connection.execute(_IN_USE, {"about": key}).one_or_none()
    return None if found is None else About(*found)


def _company(connection: Connection, her: Row[Any], known: list[int] | None) -> Sequence[int]:
    if not her.company:
        return ()
    if known is None:  # the first time that we meet it
        return companies.asked(connection, her.installation, her.company)
    return known


def standing(connection: Connection, ask_id: str) -> Open:
    """An ask that was decided before, whatever became of it. Raises ``LookupError`` for an unknown one."""
    found = connection.execute(_STANDING, {"this": ask_id}).one_or_none()
    if found is None:
        raise LookupError(f"no ask {ask_id}")
    return Open(*found)


_ABOUT = [touchpoint.c[part.name] for part in fields(About)]
_OPEN = [ask.c[part.name] for part in fields(Open)]
_REFUSAL = [refused_ask.c[part.name] for part in fields(Refusal)]
_WHO: sa.BindParameter[str] = sa.bindparam("who")
_KEY: sa.BindParameter[str] = sa.bindparam("about")
_THIS = sa.and_(touchpoint.c.key == _KEY, touchpoint.c.archived_at.is_(None))
# A literal, never a parameter: only then do both databases use the partial index.
_IS_OPEN = sa.and_(
    ask.c.person == _WHO, ask.c.touchpoint == _KEY, ask.c.state == sa.literal_column("'open'")
)
_REFUSED = sa.and_(refused_ask.c.person == _WHO, refused_ask.c.touchpoint == _KEY)
_STILL_OPEN = sa.exists().where(_IS_OPEN, ask.c.expires_at > sa.bindparam("now", type_=Timestamp))
_IN_USE = sa.select(*_ABOUT).where(_THIS)
_STANDING = sa.select(*_OPEN).where(ask.c.id == sa.bindparam("this"))
# The rules of frequency are one row, which is always there: all else is what there may be beside it.
_LOOK = Ready(
    sa.select(
        *frequency.RULES,
        *_ABOUT,
        *_OPEN,
        *_REFUSAL,
        companies.HELD.where(~_STILL_OPEN.correlate(None)).scalar_subquery().label("asked"),
    ).select_from(
        rules_of_frequency.outerjoin(touchpoint, _THIS)
        .outerjoin(ask, _IS_OPEN)
        .outerjoin(refused_ask, _REFUSED)
    )
)
