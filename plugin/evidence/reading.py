"""What pages want to know of how an answer came about."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.asking.store import ask
from plugin.evidence import words
from plugin.evidence.store import evidence, opening
from plugin.evidence.words import Told


@dataclass(frozen=True, slots=True)
class Story:
    """What was decided about an answer, the newest first, and how its link was opened."""

    verdicts: Sequence[Told]
    openings: Sequence[Told]


def story(connection: Connection, answer_id: str, ask_id: str) -> Story:
    judged = (
        sa.select(evidence).where(evidence.c.answer == answer_id).order_by(evidence.c.id.desc())
    )
    opened = sa.select(opening).where(opening.c.ask == ask_id).order_by(opening.c.at, opening.c.id)
    mailed_at = connection.scalar(sa.select(ask.c.mailed_at).where(ask.c.id == ask_id))
    return Story(
        verdicts=words.verdicts(connection.execute(judged)),
        openings=words.openings(connection.execute(opened).all(), mailed_at),
    )


def reasons(connection: Connection, answers: Sequence[str]) -> dict[str, str]:
    """By answer, the words of the newest verdict on it."""
    query = sa.select(evidence).where(evidence.c.answer.in_(answers)).order_by(evidence.c.id)
    rows: dict[str, Row[Any]] = {row.answer: row for row in connection.execute(query)}
    return {name: words.verdicts([row])[0].text for name, row in rows.items()}


def once_counted(connection: Connection, answers: Sequence[str]) -> set[str]:
    """Those of *answers* that were believed at some time, as far back as evidence is kept."""
    query = sa.select(evidence.c.answer).where(evidence.c.answer.in_(answers), evidence.c.human)
    return set(connection.scalars(query))
