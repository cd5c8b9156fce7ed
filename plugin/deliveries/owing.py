"""Writing into the ledger set by set: one statement, however many effects are owed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection

from plugin.db import Timestamp
from plugin.deliveries.store import lane
from plugin.ready import Ready

# The rows come as one JSON document, so that the statement's text is the same for one row and for a thousand.
_ROWS = {
    "sqlite": """
        (SELECT value ->> 'id' AS id, value ->> 'lane' AS lane, value ->> 'kind' AS kind,
                value ->> 'key' AS "key", value ->> 'topic' AS topic, value ->> 'subject' AS subject,
                value ->> 'due_at' AS due_at, value -> 'payload' AS payload
           FROM json_each(:rows))""",
    "postgresql": """
        json_to_recordset(CAST(:rows AS json)) AS owed
          (id text, lane text, kind text, "key" text, topic text, subject text, due_at bigint, payload json)""",
}

# A look-up with LIMIT, because NOT EXISTS becomes a join for which PostgreSQL reads the whole table.
# In the order of topics, so that two transactions owing the same topics queue up instead of deadlocking.
_INSERT = """
INSERT INTO delivery (id, lane, kind, "key", topic, subject, due_at, payload, created_at)
SELECT id, lane, kind, "key", topic, subject, due_at, payload, :now
  FROM {rows} {alias}
 WHERE (SELECT 1 FROM delivery AS known
         WHERE known."key" = owed."key" AND (known.state <> 'queued' OR known.started_at IS NOT NULL)
         LIMIT 1) IS NULL
 ORDER BY topic
    ON CONFLICT (topic) WHERE state = 'queued' AND started_at IS NULL
    DO UPDATE SET due_at = excluded.due_at
"""

_STATEMENTS = {
    dialect: Ready(
        sa.text(
            _INSERT.format(rows=rows, alias="AS owed" if dialect == "sqlite" else "")
        ).bindparams(sa.bindparam("now", type_=Timestamp))
    )
    for dialect, rows in _ROWS.items()
}


def insert(connection: Connection, rows: str, now: datetime) -> None:
    _STATEMENTS[connection.dialect.name].run(connection, {"rows": rows, "now": now})


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
