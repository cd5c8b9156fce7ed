"""The audit log: every change, who made it and when, written in the change's own transaction."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.access.rules import Who
from plugin.access.store import audit_entry
from plugin.db import new_id, now_ms
from plugin.ready import Ready


@dataclass(frozen=True, slots=True)
class Entry:
    id: str
    at: datetime
    who: str
    who_name: str
    verb: str
    object: str
    detail: str


def audit(connection: Connection, who: Who, verb: str, thing: str, detail: str = "") -> None:
    """Notes that *who* did *verb* to *thing*: "added", "touchpoint support-case".

    Call it in the transaction of the change, so that neither happens without the other. Never
    give it a secret.
    """
    made = {"id": new_id(), "who": who.id, "who_name": who.name}
    _NOTE.run(connection, made | {"verb": verb, "object": thing, "detail": detail[:500]})


_NOTE = Ready(
    audit_entry.insert().values(at=now_ms()), ["id", "who", "who_name", "verb", "object", "detail"]
)


def entries(connection: Connection, *, before: str = "", limit: int = 50) -> list[Entry]:
    """The newest first; *before* is the id of the last one already seen."""
    query = sa.select(audit_entry).order_by(audit_entry.c.id.desc()).limit(limit)
    if before:
        query = query.where(audit_entry.c.id < before)
    return [Entry(**row) for row in connection.execute(query).mappings()]
