"""Each person's newest answer of a kind, kept when an answer begins, changes or ends to count."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection

from plugin import rowset
from plugin.answers.judging import Recorded
from plugin.answers.store import answer, counted
from plugin.deliveries.actions import Owed
from plugin.ready import Ready
from plugin.segments.store import newest_answer


def counts(connection: Connection, recorded: Sequence[Recorded], now: datetime) -> list[Owed]:
    """Answers that count, new ones and revisions. Nothing is read back: it waits for no round trip."""
    keep(connection, _ids(recorded))
    return []


def counts_no_longer(
    connection: Connection, recorded: Sequence[Recorded], now: datetime
) -> list[Owed]:
    """What was newest before them is newest again."""
    connection.execute(_TAKE_AWAY, {"ids": _ids(recorded)})
    return counts(connection, recorded, now)


def keep(connection: Connection, answers: Sequence[str]) -> None:
    """Of the people whose answers these are, by the answers' ids."""
    _put(connection.dialect.name).run(connection, {"ids": answers})


def move(connection: Connection, merged: str, survivor: str) -> None:
    """Of two people who are one: from the answers of both, whether those have moved or not."""
    both = (merged, survivor)
    connection.execute(newest_answer.delete().where(newest_answer.c.person.in_(both)))
    theirs = _newest(answer.c.person.in_(both), sa.literal(survivor), answer.c.kind)
    connection.execute(newest_answer.insert().from_select(_NAMES, theirs))


def _ids(recorded: Sequence[Recorded]) -> list[str]:
    return sorted({r.answer for r in recorded})


def _newest(whose: sa.ColumnElement[bool], who: Any, *each: Any) -> sa.Select[Any]:
    """The newest of each, with the score of the one before it."""
    order = (answer.c.answered_at.desc(), answer.c.id.desc())
    said = (
        sa.select(
            who.label("person"), answer.c.kind, answer.c.id.label("answer"), answer.c.category,
            answer.c.score, answer.c.answered_at,
            sa.func.lead(answer.c.score).over(partition_by=each, order_by=order).label("before"),
            sa.func.row_number().over(partition_by=each, order_by=order).label("place"),
        )
        .where(whose, counted)
        .subquery("found")
    )  # fmt: skip
    return sa.select(*(said.c[name] for name in _NAMES)).where(said.c.place == 1)


_NAMES = [column.name for column in newest_answer.c]
# Whose they are by now: a merge may have come between.
_given = answer.alias("given")
_WHOSE = (
    sa.select(_given.c.person)
    .where(rowset.among(_given.c.id, rowset.texts("ids")))
    .correlate(None)
    .scalar_subquery()
)
_TAKE_AWAY = newest_answer.delete().where(rowset.within(newest_answer.c.person, _WHOSE))


@cache
def _put(dialect: str) -> Ready:
    """An older answer that is written down at the same moment by another process does not push a newer one aside."""
    insert = sqlite_insert if dialect == "sqlite" else postgresql_insert
    theirs = _newest(
        rowset.within(answer.c.person, _WHOSE), answer.c.person, answer.c.person, answer.c.kind
    )
    put = insert(newest_answer).from_select(_NAMES, theirs)
    keys = list(newest_answer.primary_key)
    put = put.on_conflict_do_update(
        index_elements=keys,
        set_={name: put.excluded[name] for name in _NAMES if name not in {k.name for k in keys}},
        where=put.excluded.answered_at >= newest_answer.c.answered_at,
    )
    return Ready(put)
