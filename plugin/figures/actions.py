"""One figure for whoever names what it is of."""

from functools import reduce
from operator import add

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.errors import Problem
from plugin.figures.reading import Scope, Tally, tallies
from plugin.figures.rules import NPS_KINDS, Figure, too_few
from plugin.periods import Period
from plugin.strict import storable
from plugin.touchpoints.store import touchpoint


def figure(connection: Connection, scope: Scope, period: Period) -> tuple[Figure, Tally]:
    """The figure of *scope*, and the tally it is made of. Raises ``Problem``: ``not_found`` for a touchpoint there is
    none of, ``kinds_mixed``, ``too_few_answers``."""
    _check_touchpoint(connection, scope)
    found = tallies(connection, scope, [period])
    kinds = {series.kind for (series, _), tally in found.items() if tally.counts.n}
    if len(kinds) > 1:
        raise Problem(
            "kinds_mixed",
            f"There are answers of several kinds ({', '.join(sorted(kinds))}). Name one with kind=.",
        )
    if not kinds:
        raise Problem("too_few_answers", too_few(0))
    (kind,) = kinds
    tally = reduce(add, (one for (series, _), one in found.items() if series.kind == kind))
    return tally.figure(kind, period), tally


def _check_touchpoint(connection: Connection, scope: Scope) -> None:
    if not scope.touchpoint:
        return
    kind = (
        connection.scalar(sa.select(touchpoint.c.kind).where(touchpoint.c.key == scope.touchpoint))
        if storable(scope.touchpoint)
        else None
    )
    if kind is None:
        raise Problem("not_found", "There is no such touchpoint.")
    if kind not in NPS_KINDS or scope.kind not in ("", kind):
        raise Problem("kinds_mixed", f"This touchpoint asks {kind}: it has no other figure.")
