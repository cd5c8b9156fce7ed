"""What was read becomes rows; what a person said stays."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.answers.store import answer
from plugin.themes.rules import Found, Reading
from plugin.themes.store import answer_theme, by_person, theme_reading


def keep(
    connection: Connection, read: Mapping[str, tuple[int, Reading]], edition: str, now: datetime
) -> None:
    """*read* is by answer: the revision, and what was read in it. What was revised or erased meanwhile is left out."""
    standing = _as_they_stand(connection, read)
    ids = [row.id for row in standing]
    if not ids:
        return
    said = _by_person(connection, ids)
    connection.execute(
        answer_theme.delete().where(answer_theme.c.answer.in_(ids), answer_theme.c.by != "person")
    )
    connection.execute(theme_reading.delete().where(theme_reading.c.answer.in_(ids)))
    about = [
        _about(one, found, now)
        for one in ids
        for found in read[one][1].found
        if (one, found.theme) not in said
    ]
    if about:
        connection.execute(answer_theme.insert(), about)
    connection.execute(
        theme_reading.insert(),
        [
            {
                "answer": one,
                "revision": read[one][0],
                "edition": edition,
                "language": read[one][1].language,
                "at": now,
            }
            for one in ids
        ],
    )


def _as_they_stand(
    connection: Connection, read: Mapping[str, tuple[int, Reading]]
) -> Sequence[Row[Any]]:
    query: sa.Select[Any] = (
        sa.select(answer.c.id, answer.c.revision)
        .where(answer.c.id.in_(sorted(read)))
        .order_by(answer.c.id)
        .with_for_update()
    )
    return [row for row in connection.execute(query) if row.revision == read[row.id][0]]


def _by_person(connection: Connection, ids: Sequence[str]) -> set[tuple[str, str]]:
    query = sa.select(answer_theme.c.answer, answer_theme.c.theme)
    rows = connection.execute(query.where(answer_theme.c.answer.in_(ids), by_person))
    return {(row.answer, row.theme) for row in rows}


def _about(one: str, found: Found, now: datetime) -> dict[str, Any]:
    return {
        "answer": one,
        "theme": found.theme,
        "by": found.by,
        "has": True,
        "words": list(found.words),
        "at": now,
    }
