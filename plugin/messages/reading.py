"""What others ask of messages: who was told of a change, and what one person was told."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.messages.letters import spoken
from plugin.messages.saying import said
from plugin.messages.store import message, recipient
from plugin.people import actions as people


@dataclass(frozen=True, slots=True)
class Telling:
    """What somebody was told, as plain text in her language. *channel*: by what she was told first, ``email`` or
    ``widget``."""

    subject: str
    text: str
    at: datetime
    channel: str


def told(change_id: str) -> sa.Select[tuple[str]]:
    """The ids of everybody who was told of it, by mail or on a page."""
    mine = (recipient.c.change == change_id, recipient.c.state == "told")
    return sa.select(recipient.c.person).where(*mine)


def telling(connection: Connection, change_id: str, person_id: str) -> Telling | None:
    """``None`` for whoever was not told, was erased, or was merged into somebody."""
    found = connection.execute(
        sa.select(recipient, message.c.texts)
        .join(message, message.c.change == recipient.c.change)
        .where(recipient.c.change == change_id, recipient.c.person == person_id)
    ).one_or_none()
    if found is None or found.state != "told":
        return None
    her = people.survivor(connection, person_id)
    told = said(connection, found.texts or {}, found.locale, her, found.answer)
    times = {"email": found.mailed_at, "widget": found.noticed_at}
    channel, at = min(((c, t) for c, t in times.items() if t), key=lambda each: each[1])
    own = told.texts.get(told.locale, {})
    parts = (own.get(part, "") for part in ("subject", "body"))
    subject, text = (spoken(part, told.slots, told.locale) for part in parts)
    return Telling(subject, text, at, channel)
