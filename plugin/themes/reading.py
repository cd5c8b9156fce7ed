"""What pages want to know of themes: how many answers each has, the newest of them, and what one answer is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.answers.store import answer, counted
from plugin.themes import known
from plugin.themes.store import answer_theme, theme_reading

_about = answer_theme.join(answer, answer.c.id == answer_theme.c.answer)
_has = sa.and_(answer_theme.c.has, counted)


@dataclass(frozen=True, slots=True)
class About:
    """One theme as the form of an answer shows it. *by* is empty where the answer is not about it."""

    key: str
    name: str
    has: bool
    by: str
    words: Sequence[str]


@dataclass(frozen=True, slots=True)
class Totals:
    """Comments that were read, and how many of them no theme caught."""

    read: int
    without: int


def counts(connection: Connection) -> Mapping[str, int]:
    """How many answers that count are about each theme."""
    rows = connection.execute(
        sa.select(answer_theme.c.theme, sa.func.count())
        .select_from(_about)
        .where(_has)
        .group_by(answer_theme.c.theme)
    )
    return {row[0]: row[1] for row in rows}


def answers(
    connection: Connection, key: str, *, before: str = "", limit: int = 1
) -> Sequence[Row[Any]]:
    """The answers about a theme, the newest first; *before* is the id of the last one already seen."""
    query: sa.Select[Any] = (
        sa.select(
            answer.c.id,
            answer.c.score,
            answer.c.category,
            answer.c.kind,
            answer.c.comment,
            answer.c.locale,
            answer.c.answered_at,
            answer_theme.c.by,
            answer_theme.c.words,
        )
        .select_from(_about)
        .where(_has, answer_theme.c.theme == key)
        .order_by(answer_theme.c.answer.desc())
        .limit(limit)
    )
    if before:
        query = query.where(answer_theme.c.answer < before)
    return connection.execute(query).all()


def of_answer(connection: Connection, answer_id: str) -> list[About]:
    """Every theme that is on or that the answer has, in their order."""
    query = sa.select(answer_theme).where(answer_theme.c.answer == answer_id)
    rows = {row.theme: row for row in connection.execute(query)}
    return [
        _about_one(one, rows.get(one.key))
        for one in known.every(connection)
        if one.is_on or (one.key in rows and rows[one.key].has)
    ]


def was_read(connection: Connection, answer_id: str) -> bool:
    """Whether the answer's comment has been read at all."""
    query = sa.select(theme_reading.c.answer).where(theme_reading.c.answer == answer_id)
    return connection.scalar(query) is not None


def totals(connection: Connection) -> Totals:
    caught = sa.exists().where(answer_theme.c.answer == answer.c.id, answer_theme.c.has)
    read = theme_reading.join(answer, answer.c.id == theme_reading.c.answer)
    query = sa.select(sa.func.count(), sa.func.count().filter(~caught))
    row = connection.execute(query.select_from(read).where(counted, answer.c.comment != "")).one()
    return Totals(row[0], row[1])


def _about_one(one: known.Known, row: Any) -> About:
    if row is None:
        return About(one.key, one.name, False, "", ())
    return About(one.key, one.name, row.has, row.by, row.words)
