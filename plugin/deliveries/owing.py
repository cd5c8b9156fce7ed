"""Writing into the ledger set by set: one statement, however many effects are owed."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection, Dialect

from plugin.db import Timestamp
from plugin.deliveries.store import delivery, lane
from plugin.ready import Ready
from plugin.rowset import out_of_json

COLUMNS = ("id", "lane", "kind", "key", "topic", "subject", "due_at", "payload")
FEW = 6  # rows: what two answers owe; each number of them is a statement of its own

# A look-up with LIMIT, because NOT EXISTS becomes a join for which PostgreSQL reads the whole table.
# In the order of topics, so that two transactions owing the same topics queue up instead of deadlocking.
_INSERT = """
INSERT INTO delivery (id, lane, kind, "key", topic, subject, due_at, payload, created_at)
SELECT id, lane, kind, "key", topic, subject, due_at, payload, :now
  FROM ({rows}) AS owed
 WHERE (SELECT 1 FROM delivery AS known
         WHERE known."key" = owed."key" AND (known.state <> 'queued' OR known.started_at IS NOT NULL)
         LIMIT 1) IS NULL
 ORDER BY topic
    ON CONFLICT (topic) WHERE state = 'queued' AND started_at IS NULL
    DO UPDATE SET due_at = excluded.due_at
"""


def insert(connection: Connection, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """*rows* have all of ``COLUMNS``; ``due_at`` in milliseconds since 1970."""
    few = len(rows) if len(rows) <= FEW else 0
    given = _one_by_one(rows) if few else {"rows": json.dumps(rows)}
    _statement(connection.dialect, few).run(connection, {**given, "now": now})


def _one_by_one(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        f"{name}{at}": json.dumps(row[name]) if name == "payload" else row[name]
        for at, row in enumerate(rows)
        for name in COLUMNS
    }


@cache
def _statement(dialect: Dialect, few: int) -> Ready:
    """For so many rows; 0 stands for any number, in one JSON document, out of which a row is read in four times the
    time it takes to find its place."""
    rows = _values(dialect, few) if few else out_of_json(delivery, COLUMNS, dialect, ":rows")
    now = sa.bindparam("now", type_=Timestamp)
    return Ready(sa.text(_INSERT.format(rows=rows)).bindparams(now))


def _values(dialect: Dialect, few: int) -> str:
    rows = (", ".join(_place(dialect, name, at) for name in COLUMNS) for at in range(few))
    named = ", ".join(f'column{at} AS "{name}"' for at, name in enumerate(COLUMNS, 1))
    return f"SELECT {named} FROM (VALUES {', '.join(f'({row})' for row in rows)}) AS given"  # noqa: S608


def _place(dialect: Dialect, name: str, at: int) -> str:
    """PostgreSQL knows no types in VALUES; for SQLite, JSON would be a number."""
    if dialect.name == "sqlite":
        return f":{name}{at}"
    return f"CAST(:{name}{at} AS {delivery.c[name].type.compile(dialect)})"


def ensure_lane(connection: Connection, lane_id: str, rate: float) -> None:
    _LANES[connection.dialect.name].run(connection, {"id": lane_id, "rate": rate})


def _lane_by(insert_into: Callable[[sa.Table], Any]) -> Ready:
    made = insert_into(lane)
    another_rate = made.on_conflict_do_update(
        index_elements=[lane.c.id],
        set_={"rate": made.excluded.rate},
        where=lane.c.rate != made.excluded.rate,
    )
    return Ready(another_rate, ["id", "rate"])


_LANES = {"sqlite": _lane_by(sqlite_insert), "postgresql": _lane_by(postgresql_insert)}
