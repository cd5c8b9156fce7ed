"""The answers of one installation in the order they came, for a host's own server."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.answers.store import answer, counted
from plugin.asking.store import ask
from plugin.asking.testing import is_test
from plugin.figures.parse import Place
from plugin.pages import cut
from plugin.people.store import person
from plugin.times import iso

AS_THEY_ARE = (
    "touchpoint", "kind", "channel", "locale", "score", "comment", "may_contact", "revision",
)  # fmt: skip


def page(connection: Connection, installation: str, place: Place) -> tuple[list[Row[Any]], str]:
    """The answers after a place, oldest first, and where the next page begins (or nothing). Who only tries something
    is marked as ``test``."""
    query = (
        sa.select(answer, person.c.contact, is_test(connection).label("test"))
        .join(person, person.c.id == answer.c.person)
        .join(ask, ask.c.id == answer.c.ask)
        .where(answer.c.installation == installation, answer.c.id > place.after, counted)
        .order_by(answer.c.id)
        .limit(place.limit + 1)
    )
    return cut(connection.execute(query).all(), place.limit, lambda row: str(row.id))


def document(row: Row[Any]) -> dict[str, Any]:
    return {
        "answer_id": row.id,
        "contact": row.contact,
        **{name: getattr(row, name) for name in AS_THEY_ARE},
        "category": row.category or None,  # satisfaction and effort have none
        "answered_at": iso(row.answered_at),
        "revised_at": iso(row.revised_at),
        "test": bool(row.test),
    }
