"""What becomes of a follow-up: its row changes, and its story is kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin import rowset
from plugin.db import new_id
from plugin.followups.rules import COMPLETED, DELETED
from plugin.followups.store import event, followup
from plugin.people.store import person
from plugin.ready import Ready


def locked(connection: Connection, which: sa.ColumnElement[bool]) -> Row[Any] | None:
    """The follow-up, which nobody else changes until the transaction ends."""
    return connection.execute(sa.select(followup).where(which).with_for_update()).first()


def change(connection: Connection, known: Row[Any], values: Mapping[str, Any]) -> None:
    connection.execute(followup.update().where(followup.c.id == known.id).values(**values))
    if "state" in values:
        mark(connection, [known.person])


def mark(connection: Connection, people: Sequence[str]) -> None:
    """Nobody is asked while a reply is owed; so that stands on the person, whenever a follow-up opens or ends."""
    _MARK.run(connection, {"people": sorted(people)})


_ONE_OPEN = sa.select(followup.c.id).where(
    followup.c.person == person.c.id, followup.c.state == "open"
)
# Not EXISTS: PostgreSQL would read all that are open for it, while it believes that they are few.
_OPEN = _ONE_OPEN.limit(1).scalar_subquery().is_not(None)
_MARK = Ready(
    person.update()
    .where(rowset.among(person.c.id, rowset.texts("people")))
    .values(
        follow_up_open=_OPEN,
        ask_refusal=sa.case(
            (person.c.ask_refusal != "follow_up_open", person.c.ask_refusal), else_=None
        ),
    )
)


def tell(connection: Connection, known: Row[Any], what: str, at: datetime, **more: Any) -> None:
    """*more*: ``by``, ``note``, ``cause``, ``outcome``."""
    connection.execute(
        event.insert().values(id=new_id(), followup=known.id, at=at, what=what, **more)
    )


def tell_seen(
    connection: Connection, known: Row[Any], values: Mapping[str, Any], now: datetime
) -> None:
    """What was seen in the CRM, by what it changed here."""
    chosen = {name: values[name] for name in ("cause", "outcome") if values.get(name)}
    if values.get("state") == "closed":
        what = "deleted" if values["closed_by"] == DELETED else "completed"
        tell(connection, known, what, now, **chosen)
    elif values.get("state") == "open":
        tell(connection, known, "reopened", now)
    elif chosen:
        tell(connection, known, "corrected", now, by=COMPLETED, **chosen)
    if "owner" in values:
        name = values.get("owner_name", known.owner_name)
        tell(connection, known, "assigned", now, note=name)
