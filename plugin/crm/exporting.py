"""Everything held here of one installation, before its data is deleted in the CRM."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.answers.store import answer, revision
from plugin.asking.store import ask
from plugin.crm.store import survey_request
from plugin.followups.store import event, followup
from plugin.messages.store import recipient
from plugin.people.store import person


def export(connection: Connection, installation_id: str, path: Path) -> int:
    """Writes a JSON document that only this user can read; the number of answers in it.

    Raises ``FileExistsError`` rather than overwrite an earlier export.
    """
    of_installation = {
        table.name: _rows(
            connection, sa.select(table).where(table.c.installation == installation_id)
        )
        for table in (person, ask, answer, followup, survey_request)
    }
    of_installation["revision"] = _rows(
        connection,
        sa.select(revision)
        .join(answer, answer.c.id == revision.c.answer)
        .where(answer.c.installation == installation_id),
    )
    of_installation["followup_event"] = _rows(
        connection,
        sa.select(event)
        .join(followup, followup.c.id == event.c.followup)
        .where(followup.c.installation == installation_id),
    )
    of_installation["recipient"] = _rows(
        connection,
        sa.select(recipient)
        .join(person, person.c.id == recipient.c.person)
        .where(person.c.installation == installation_id),
    )
    document = {"installation": installation_id, **of_installation}
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False, indent=1, default=str)
        file.flush()
        os.fsync(file.fileno())
    return len(of_installation["answer"])


def _rows(connection: Connection, query: sa.Select[Any]) -> list[dict[str, Any]]:
    found: Iterable[Any] = connection.execute(query).mappings()
    return [dict(row) for row in found]
