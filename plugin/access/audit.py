"""The audit log: every change, who made it and when, written in the change's own transaction."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.access.rules import Who
from plugin.access.store import audit_entry
from plugin.db import new_id, now_ms


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
    connection.execute(
        audit_entry.insert().values(
            id=new_id(),
            at=now_ms(),
            who=who.id,
            who_name=who.name,
            verb=verb,
            object=thing,
            detail=detail[:500],
        )
    )


def entries(connection: Connection, *, before: str = "", limit: int = 50) -> list[Entry]:
    """The newest first; *before* is the id of the last one already seen."""
    query = sa.select(audit_entry).order_by(audit_entry.c.id.desc()).limit(limit)
    if before:
        query = query.where(audit_entry.c.id < before)
    return [Entry(**row) for row in connection.execute(query).mappings()]
