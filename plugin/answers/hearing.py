"""What an ask and a person hear of an answer that counts, and of one that counts no longer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin import rowset
from plugin.answers.judging import Recorded
from plugin.answers.store import answer, counted
from plugin.asking.frequency import next_ask_at
from plugin.asking.store import ask
from plugin.db import Timestamp
from plugin.people.store import person
from plugin.ready import Ready
from plugin.touchpoints.store import touchpoint


def heard(connection: Connection, first: Sequence[Recorded], now: datetime, day: int) -> None:
    """Answers that count from now on."""
    if not first:
        return
    asks = _ids(first)
    relational = sorted(r.ask.person for r in first if r.ask.kind == "relational")
    _ASK_ANSWERED.run(connection, {"ids": asks, "now": now})
    told = {"ids": asks, "relational": relational, "now": now, "day": day}
    _PERSON_ANSWERED.run(connection, told)


_IDS = rowset.texts("ids")
_ASK_ANSWERED = Ready(
    ask.update()
    .where(rowset.among(ask.c.id, _IDS))
    .values(state="answered", answered_at=sa.bindparam("now"))
)
_NOW = sa.bindparam("now", type_=Timestamp)
_DAY = sa.bindparam("day", type_=sa.BigInteger)
_RELATIONAL = rowset.among(person.c.id, rowset.texts("relational"))
# Whom the asks belong to by now, so that a merge just before does not hide the answer from the next decision.
_THEIRS = person.c.id.in_(sa.select(ask.c.person).where(rowset.among(ask.c.id, _IDS)))
_PERSON_ANSWERED = Ready(
    person.update()
    .where(_THEIRS)
    .values(
        last_answered_at=_NOW,
        silent_since=None,
        relational_answered_at=sa.case((_RELATIONAL, _NOW), else_=person.c.relational_answered_at),
        relational_silent_since=sa.case(
            (_RELATIONAL, None), else_=person.c.relational_silent_since
        ),
        ask_refusal=None,
        next_ask_at=next_ask_at(_DAY, answered=_NOW, silent=None),
    )
)


def unheard(connection: Connection, undone: Sequence[Recorded], now: datetime, day: int) -> None:
    """Answers that count no longer: their links are open again, and their people were not heard."""
    if undone:
        connection.execute(_ASK_OPEN, {"ids": _ids(undone), "now": now})
        recount(connection, undone, day)


def recount(connection: Connection, changed: Sequence[Recorded], day: int) -> None:
    """What stands on the people about their answers, anew from those that count."""
    theirs = {"ids": _ids(changed)}
    connection.execute(_WHEN_ANSWERED, theirs)
    connection.execute(_WHEN_SILENT, theirs)
    connection.execute(_NEXT, {**theirs, "day": day})


def _ids(some: Sequence[Recorded]) -> list[str]:
    return sorted(r.ask.id for r in some)


_other = ask.alias()
_another_open = sa.exists().where(
    _other.c.person == ask.c.person,
    _other.c.touchpoint == ask.c.touchpoint,
    _other.c.state == "open",
)
_ASK_OPEN = (
    ask.update()
    .where(rowset.among(ask.c.id, _IDS), ask.c.state == "answered")
    .values(
        state=sa.case((_another_open | (ask.c.expires_at <= _NOW), "expired"), else_="open"),
        answered_at=None,
    )
)


def _newest(*which: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
    return (
        sa.select(sa.func.max(answer.c.answered_at))
        .where(answer.c.person == person.c.id, counted, *which)
        .scalar_subquery()
    )


_WHEN_ANSWERED = (
    person.update()
    .where(_THEIRS)
    .values(
        last_answered_at=_newest(), relational_answered_at=_newest(answer.c.kind == "relational")
    )
)


def _silent(asked: Any, *heard: Any) -> sa.ColumnElement[Any]:
    """When she was last asked, unless she was heard since."""
    never: sa.ColumnElement[Any] = sa.literal_column("0")
    return sa.case(
        (sa.or_(*(asked <= sa.func.coalesce(at, never) for at in heard)), None), else_=asked
    )


_LAST_RELATIONAL = (
    sa.select(sa.func.max(ask.c.created_at))
    .join(touchpoint, touchpoint.c.key == ask.c.touchpoint)
    .where(ask.c.person == person.c.id, touchpoint.c.kind == "relational")
    .scalar_subquery()
)
_WHEN_SILENT = (
    person.update()
    .where(_THEIRS)
    .values(
        silent_since=_silent(
            person.c.last_asked_at, person.c.last_answered_at, person.c.last_declined_at
        ),
        relational_silent_since=_silent(
            _LAST_RELATIONAL, person.c.relational_answered_at, person.c.relational_declined_at
        ),
    )
)
_NEXT = person.update().where(_THEIRS).values(next_ask_at=next_ask_at(_DAY))
