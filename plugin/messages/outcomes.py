"""What becomes of a recipient: written with her mail's verdict, or when the line on a page was in front of her."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.db import Timestamp
from plugin.deliveries.actions import owe
from plugin.messages import timeline
from plugin.messages.store import message, recipient
from plugin.people import actions as people
from plugin.people.owing import fields
from plugin.people.store import person

MAIL_ONLY = ("opted_out", "no_address", "bounced")

Doing: TypeAlias = Callable[[Connection, Row[Any]], None]

ROW = sa.select(recipient, message.c.channels, message.c.timeline).join(
    message, message.c.change == recipient.c.change
)


def of(connection: Connection, recipient_id: str) -> Row[Any] | None:
    return connection.execute(ROW.where(recipient.c.id == recipient_id)).one_or_none()


def instead(connection: Connection, change: str, person_id: str) -> Row[Any] | None:
    """The row that took the place of hers when she and somebody else became one; ``None`` where nothing is left."""
    try:
        her = people.survivor(connection, person_id)
    except LookupError:
        return None
    here = (recipient.c.change == change, recipient.c.person == her.id)
    return connection.execute(ROW.where(*here)).one_or_none()


def mailed(connection: Connection, row: Row[Any], now: datetime) -> None:
    """The mail server took it."""
    _write(connection, row, state="told", reason=None, mailed_at=now)
    _told(connection, row, now)


def mailed_as_read(connection: Connection, row: Row[Any], her: Row[Any], now: datetime) -> bool:
    """As ``mailed``, for a row that was read before the mail left; ``False``, and nothing written, where it is another
    person's by now, is gone, or was told meanwhile."""
    given = {"mark": row.id, "who": her.id, "now": now}
    if not connection.execute(_MAILED, given).rowcount:
        return False
    connection.execute(_MESSAGED, {"who": her.id, "now": now})
    if row.timeline:
        owe(connection, [timeline.owed(her.installation, row.change, her.id, now)], now)
    return True


_now = sa.bindparam("now", type_=Timestamp)
_MAILED = (
    recipient.update()
    .where(
        recipient.c.id == sa.bindparam("mark"),
        recipient.c.person == sa.bindparam("who"),
        recipient.c.state == "due",
        recipient.c.noticed_at.is_(None),
    )
    .values(state="told", reason=None, mailed_at=_now)
)
_MESSAGED = person.update().where(person.c.id == sa.bindparam("who")).values(last_messaged_at=_now)


def noticed(connection: Connection, recipient_id: str, now: datetime) -> bool:
    """The line on a page was in front of her; ``False`` for an unknown id. Told again it changes nothing."""
    row = of(connection, recipient_id)
    if row is None:
        return False
    if row.noticed_at is None:
        state = "void" if row.state == "void" else "told"
        _write(connection, row, state=state, noticed_at=now)
        _told(connection, row, now)
    return True


def dismissed(connection: Connection, recipient_id: str, now: datetime) -> bool:
    """She closed the line: it was in front of her, and does not come back. ``False`` for an unknown id."""
    known = noticed(connection, recipient_id, now)
    first = (recipient.c.id == recipient_id, recipient.c.dismissed_at.is_(None))
    connection.execute(recipient.update().where(*first).values(dismissed_at=now))
    return known


def bounced(connection: Connection, row: Row[Any], now: datetime) -> None:
    """Mail to this address comes back: she was not told by it, and nobody writes to it again, until the CRM has
    another one."""
    first = sa.and_(recipient.c.id == row.id, recipient.c.bounced_at.is_(None))
    connection.execute(recipient.update().where(first).values(bounced_at=now))
    no_mail(connection, row, "bounced")
    stops: dict[str, Any] = {"bounced_at": now, "ask_refusal": "bounced", "next_ask_at": None}
    her = people.held(connection, row.person)
    connection.execute(person.update().where(person.c.id == her.id).values(stops))
    owe(connection, [fields(her.installation, her.id, f"bounced:{row.id}", now)], now)


def no_mail(connection: Connection, row: Row[Any], reason: str) -> None:
    """No mail reaches her. Where the line on a page is left she may still be told by it, and perhaps was."""
    if row.noticed_at is not None:
        return
    if "widget" in row.channels and reason in MAIL_ONLY:
        _write(connection, row, no_mail=reason, state="due")
    else:
        _write(connection, row, reason=reason, state="void")


def unsure(connection: Connection, row: Row[Any]) -> None:
    """Nobody knows whether the mail is on its way."""
    if row.state == "due":
        _write(connection, row, state="unsure")


def _write(connection: Connection, row: Row[Any], **values: Any) -> None:
    connection.execute(recipient.update().where(recipient.c.id == row.id).values(**values))


def _told(connection: Connection, row: Row[Any], now: datetime) -> None:
    her = people.survivor(connection, row.person)
    connection.execute(person.update().where(person.c.id == her.id).values(last_messaged_at=now))
    if row.timeline and not (row.mailed_at or row.noticed_at):
        owe(connection, [timeline.owed(her.installation, row.change, her.id, now)], now)
