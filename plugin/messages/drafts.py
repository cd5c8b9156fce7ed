"""A change's message as it stands: its row where there is one, else what it would be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.changes import actions as changing
from plugin.changes import reading as changes
from plugin.changes.rules import Change
from plugin.messages import rules
from plugin.messages.rules import Plan
from plugin.messages.store import message, messaging

Texts = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Draft:
    """*row* is ``None`` as long as nobody touched it. *texts* are those that are sent: the change's as they are now, or
    as they were when somebody was asked to approve them, or when it began."""

    change: Change
    row: Row[Any] | None
    plan: Plan
    texts: Texts

    @property
    def state(self) -> str:
        return "draft" if self.row is None else str(self.row.state)

    @property
    def stamp(self) -> str:
        """Another one whenever plan or text is another: what somebody has before her eyes."""
        revision = 0 if self.row is None else self.row.revision
        fixed = self.row is not None and self.row.texts is not None
        return f"{revision}" if fixed else f"{revision}.{self.change.revision}"

    @property
    def languages(self) -> list[str]:
        return rules.languages(self.texts)

    @property
    def text_changed(self) -> bool:
        """The change says something else now than what is sent."""
        fixed = self.row is not None and self.row.texts is not None
        return fixed and dict(self.texts) != dict(self.change.texts)

    @property
    def begun(self) -> bool:
        return self.row is not None and self.row.started_at is not None


def load(connection: Connection, change_id: str) -> Draft:
    """Raises ``Problem("not_found")`` for an unknown change."""
    change = changing.get(connection, change_id)
    return of(change, connection.execute(_ROW, {"change": change_id}).one_or_none())


def of(change: Change, row: Row[Any] | None) -> Draft:
    if row is None:
        return Draft(change, None, Plan(), change.texts)
    return Draft(change, row, rules.plan_of(row), change.texts if row.texts is None else row.texts)


def held(connection: Connection, change_id: str, now: datetime, by: str) -> Draft:
    """As ``load``, with a row that nobody else changes until the transaction ends; made where there is none."""
    found = load(connection, change_id)
    if found.row is None:
        made = {"change": change_id, "created_at": now, "created_by": by}
        connection.execute(message.insert().values(**made))
    held_row = connection.execute(_ROW.with_for_update(), {"change": change_id}).one()
    return of(found.change, held_row)


def texts(connection: Connection, change_id: str) -> Texts:
    """Those that can be sent, by language."""
    found = load(connection, change_id)
    return {tag: found.texts[tag] for tag in found.languages}


def newest(connection: Connection, limit: int) -> list[Draft]:
    """Those that somebody touched, the newest first."""
    query = sa.select(message).order_by(message.c.change.desc()).limit(limit)
    found = [(changes.one(connection, row.change), row) for row in connection.execute(query)]
    return [of(change, row) for change, row in found if change is not None]


def settings(connection: Connection) -> Row[Any]:
    """What holds for all messages."""
    return connection.execute(sa.select(messaging)).one()


_ROW = sa.select(message).where(message.c.change == sa.bindparam("change"))
