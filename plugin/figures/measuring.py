"""What the answers about satisfaction and effort come to, tests and what does not count left out."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.answers.store import answer, counted
from plugin.asking.store import ask
from plugin.asking.testing import is_test
from plugin.errors import Problem
from plugin.figures.measures import FIGURES, Figure
from plugin.people.store import person
from plugin.periods import Period
from plugin.touchpoints.reading import Touchpoint
from plugin.touchpoints.rules import MEASURES


@dataclass(frozen=True, slots=True)
class Measured:
    """What one touchpoint, or several of one kind together, came to; ``figure`` is ``None`` without answers."""

    kind: str
    touchpoints: Sequence[Touchpoint]
    figure: Figure | None


def measured(connection: Connection, about: Sequence[Touchpoint], period: Period) -> Measured:
    """Raises ``Problem("kinds_mixed")`` where *about* is of several kinds, or asks the NPS question."""
    kinds = {one.kind for one in about}
    if len(kinds) != 1 or not kinds <= set(MEASURES):
        words = "Choose touchpoints that all measure satisfaction, or all effort. NPS has figures of its own."
        raise Problem("kinds_mixed", words)
    (kind,) = kinds
    rows = connection.execute(
        sa.select(answer.c.score, sa.func.count().label("how_many"))
        .join(ask, ask.c.id == answer.c.ask)
        .join(person, person.c.id == answer.c.person)
        .where(
            answer.c.touchpoint.in_([one.key for one in about]),
            answer.c.kind == kind,
            counted,
            ~is_test(connection),
            *period.conditions(answer.c.answered_at),
        )
        .group_by(answer.c.score)
    )
    return Measured(kind, about, FIGURES[kind]({row.score: row.how_many for row in rows}))
