"""Writing verdicts down, in the transaction of the caller, who holds the lane."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import Connection

from plugin.db import Timestamp
from plugin.deliveries.rules import Broke, Change, Waits, outcome, untouched
from plugin.deliveries.store import delivery, queued
from plugin.deliveries.trouble import place
from plugin.deliveries.verdicts import Delivery, Effect, Later, Verdict

log = structlog.get_logger()

Judged: TypeAlias = tuple[Delivery, Verdict | Broke]

_THIS = (delivery.c.id == sa.bindparam("row"), queued)
_SETTLE = (
    delivery.update()
    .where(*_THIS)
    .values(
        state=sa.bindparam("state"),
        due_at=sa.func.coalesce(sa.bindparam("due_at", type_=Timestamp), delivery.c.due_at),
        fails=sa.func.coalesce(sa.bindparam("fails", type_=sa.Integer), delivery.c.fails),
        in_doubt=sa.bindparam("in_doubt"),
        proof=sa.bindparam("proof"),
        error=sa.bindparam("error"),
        error_detail=sa.bindparam("error_detail"),
        settled_at=sa.bindparam("settled_at"),
    )
)
_UNTOUCHED = (
    delivery.update()
    .where(*_THIS)
    .values(attempts=sa.bindparam("attempts"), in_doubt=sa.bindparam("in_doubt"))
)


def write(connection: Connection, judged: Sequence[Judged], now: datetime, waits: Waits) -> None:
    """Runs the rows' effects and settles them; a row whose effect fails comes again, alone."""
    sound = _effects(connection, judged)
    _each(connection, _SETTLE, [(row, outcome(row, v, now, waits)) for row, v in sound])


def leave(connection: Connection, rows: Sequence[Delivery], *, in_doubt: bool) -> None:
    """Puts rows back as they were before this try."""
    _each(connection, _UNTOUCHED, [(row, untouched(row, in_doubt=in_doubt)) for row in rows])


def run(connection: Connection, effect: Effect) -> bool:
    """Runs one effect so that its failure harms nothing else."""
    try:
        with connection.begin_nested():
            effect(connection)
    except Exception as error:  # noqa: BLE001 - whatever it was, the row must not be lost
        log.error("effect_failed", error=type(error).__name__, place=place(error))
        return False
    return True


def _effects(connection: Connection, judged: Sequence[Judged]) -> list[Judged]:
    effects = [effect for _, verdict in judged if (effect := _effect(verdict))]
    if not effects or run(connection, lambda c: _all(c, effects)):
        return list(judged)
    return [(row, _alone(connection, verdict)) for row, verdict in judged]


def _all(connection: Connection, effects: Sequence[Effect]) -> None:
    for effect in effects:
        effect(connection)


def _alone(connection: Connection, verdict: Verdict | Broke) -> Verdict | Broke:
    effect = _effect(verdict)
    if effect is None or run(connection, effect):
        return verdict
    return Later(in_doubt=True, detail="What follows from it could not be written here.")


def _effect(verdict: Verdict | Broke) -> Effect | None:
    return None if isinstance(verdict, Broke) else verdict.effect


def _each(
    connection: Connection, statement: sa.Update, changes: Sequence[tuple[Delivery, Change]]
) -> None:
    if changes:
        connection.execute(statement, [{"row": row.id} | change for row, change in changes])
