"""How far a message has come, in true numbers, and the people behind each of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.messages.store import recipient
from plugin.people.store import person

# What a list of recipients may be narrowed to, beside the reasons of those who are not told.
SHOWN = {
    "mailed": "told by mail",
    "noticed": "told by the line on a page",
    "due": "still to be told",
    "pages": "told by the line on a page, once they come by",
    "unsure": "unsure",
}
_STATES: dict[str, sa.ColumnElement[bool]] = {
    "mailed": sa.and_(recipient.c.state == "told", recipient.c.mailed_at.is_not(None)),
    "noticed": sa.and_(recipient.c.state == "told", recipient.c.mailed_at.is_(None)),
    "due": sa.and_(recipient.c.state == "due", recipient.c.no_mail.is_(None)),
    "pages": sa.and_(recipient.c.state == "due", recipient.c.no_mail.is_not(None)),
    "unsure": recipient.c.state == "unsure",
}
_STATE = sa.case(
    *((holds, sa.literal_column(f"'{name}'", sa.Text)) for name, holds in _STATES.items())
)

_BECAME = (
    *(
        recipient.c[name]
        for name in ("answer", "state", "reason", "no_mail", "due_at", "mailed_at")
    ),
    *(recipient.c[name] for name in ("noticed_at", "dismissed_at", "timeline_at")),
    recipient.c.locale.label("recipient_locale"),
    recipient.c.bounced_at.label("came_back_at"),  # ``bounced_at`` is her address's
)


@dataclass(slots=True)
class Progress:
    """How many recipients there are of each of ``SHOWN``, and of those not told by reason."""

    states: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    on_timeline: int = 0

    @property
    def told(self) -> int:
        return self.states["mailed"] + self.states["noticed"]


def progress(connection: Connection, change: str) -> Progress:
    found = Progress()
    names = (
        recipient.c.reason,
        _STATE.label("stands"),
        recipient.c.timeline_at.is_not(None).label("there"),
    )
    grouped = sa.select(*names).where(recipient.c.change == change).subquery()
    counted = sa.select(*grouped.c, sa.func.count().label("many")).group_by(*grouped.c)
    for row in connection.execute(counted):
        if row.stands is not None:
            found.states[row.stands] += row.many
        else:
            found.reasons[row.reason] += row.many
        found.on_timeline += row.many if row.there else 0
    return found


def page(
    connection: Connection,
    change: str,
    *,
    show: str = "",
    words: str = "",
    after: str = "",
    limit: int = 50,
) -> Sequence[Row[Any]]:
    """Recipients by their ids with all that ``person`` says. *show*: one of ``SHOWN`` or a reason; empty: everybody.
    *after* is the id of the last one already seen."""
    query: sa.Select[Any] = (
        sa.select(person, *_BECAME)
        .join(recipient, recipient.c.person == person.c.id)
        .where(recipient.c.change == change, recipient.c.person > after)
        .order_by(recipient.c.person)
        .limit(limit)
    )
    if show:
        query = query.where(_STATES.get(show, recipient.c.reason == show))
    if words:
        texts = (person.c.name, person.c.email)
        query = query.where(sa.or_(*(one.icontains(words, autoescape=True) for one in texts)))
    return connection.execute(query).all()


def one(connection: Connection, change: str, person_id: str) -> Row[Any] | None:
    """Her row."""
    hers = (recipient.c.change == change, recipient.c.person == person_id)
    return connection.execute(sa.select(recipient).where(*hers)).one_or_none()
