"""What the answers about satisfaction and effort come to, tests and what does not count left out."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.answers.store import answer, counted
from plugin.asking.states import ANSWERED, REACHED, STANDS
from plugin.asking.store import ask
from plugin.asking.testing import in_earnest
from plugin.errors import Problem
from plugin.figures.measures import FIGURES, Figure
from plugin.figures.rules import ResponseRate
from plugin.periods import Period
from plugin.touchpoints.reading import Touchpoint
from plugin.touchpoints.rules import MEASURES


@dataclass(frozen=True, slots=True)
class Measured:
    """What one touchpoint, or several of one kind together, came to; ``figure`` is ``None`` without answers. The
    response rate goes by the day of the ask."""

    kind: str
    touchpoints: Sequence[Touchpoint]
    figure: Figure | None
    rate: ResponseRate


def measured(connection: Connection, about: Sequence[Touchpoint], period: Period) -> Measured:
    """Raises ``Problem("kinds_mixed")`` where *about* is of several kinds, or asks the NPS question."""
    kinds = {one.kind for one in about}
    if len(kinds) != 1 or not kinds <= set(MEASURES):
        words = "Choose touchpoints that all measure satisfaction, or all effort. NPS has figures of its own."
        raise Problem("kinds_mixed", words)
    (kind,) = kinds
    keys = [one.key for one in about]
    scores = _scores(connection, kind, keys, period)
    return Measured(kind, about, FIGURES[kind](scores), _rate(connection, keys, period))


def _scores(
    connection: Connection, kind: str, keys: Sequence[str], period: Period
) -> dict[int, int]:
    rows = connection.execute(
        sa.select(answer.c.score, sa.func.count().label("how_many"))
        .join(ask, ask.c.id == answer.c.ask)
        .where(answer.c.touchpoint.in_(keys), answer.c.kind == kind, counted)
        .where(*in_earnest(connection), *period.conditions(answer.c.answered_at))
        .group_by(answer.c.score)
    )
    return {row.score: row.how_many for row in rows}


def _rate(connection: Connection, keys: Sequence[str], period: Period) -> ResponseRate:
    number = sa.func.count()
    query = (
        sa.select(number.filter(ANSWERED), number.filter(REACHED))
        .where(STANDS, ask.c.touchpoint.in_(keys))
        .where(*in_earnest(connection), *period.conditions(ask.c.created_at))
    )
    return ResponseRate(*connection.execute(query).one())
