"""What a contact's card shows beyond the contact's own fields: read in one go, changing nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.answers.store import answer
from plugin.asking.rules import nobody_left
from plugin.followups.store import followup
from plugin.people import actions as people
from plugin.people.store import person
from plugin.touchpoints.reading import listed
from plugin.touchpoints.store import touchpoint

MOST = 20


def document(connection: Connection, installation: str, contact: str) -> dict[str, Any]:
    """The card's JSON. A contact that was never asked, or that belongs to another installation, has an empty one."""
    known = who(connection, installation, contact)
    everyone = people.identities(connection, known.id) if known is not None else []
    answers = _answers(connection, everyone)
    return {
        "contact": contact,
        "answers": [_answer(row) for row in answers[:MOST]],
        "more": len(answers) > MOST,
        "follow_ups": [follow_up(row) for row in _follow_ups(connection, everyone)],
        "touchpoints": [
            {"key": one.key, "name": one.name, "kind": one.kind}
            for one in listed(connection)
            if one.archived_at is None
        ],
        "last_asked_at": iso(known.last_asked_at) if known is not None else None,
        "next_ask_at": iso(known.next_ask_at) if known is not None else None,
        "ask_refusal": _refusal(known) if known is not None else None,
    }


def who(connection: Connection, installation: str, contact: str) -> Row[Any] | None:
    """The person this contact is for us now: of a merged one, the survivor."""
    found = connection.scalar(
        sa.select(person.c.id).where(
            person.c.installation == installation, person.c.contact == contact
        )
    )
    return None if found is None else people.survivor(connection, found)


def follow_up_of(
    connection: Connection, installation: str, contact: str, followup_id: str
) -> Row[Any] | None:
    """The follow-up, if it is one of this contact's."""
    known = who(connection, installation, contact)
    if known is None:
        return None
    mine = followup.c.person.in_(people.identities(connection, known.id))
    return connection.execute(
        sa.select(followup).where(followup.c.id == followup_id, mine)
    ).one_or_none()


def follow_up(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "answer": row.answer,
        "state": row.state,
        "owner": row.owner_name,
        "due_at": iso(row.due_at),
        "opened_at": iso(row.opened_at),
        "closed_at": iso(row.closed_at),
        "closed_by": row.closed_by,
        "cause": row.cause,
        "outcome": row.outcome,
    }


def iso(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None


def _answers(connection: Connection, everyone: Sequence[str]) -> Sequence[Row[Any]]:
    """The newest first, each with the score before it of the same kind; one more than is shown."""
    before = sa.func.lag(answer.c.score).over(
        partition_by=answer.c.kind, order_by=(answer.c.answered_at, answer.c.id)
    )
    return connection.execute(
        sa.select(answer, touchpoint.c.name.label("touchpoint_name"), before.label("before"))
        .join(touchpoint, touchpoint.c.key == answer.c.touchpoint)
        .where(answer.c.person.in_(everyone))
        .order_by(answer.c.answered_at.desc(), answer.c.id.desc())
        .limit(MOST + 1)
    ).all()


def _answer(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "score": row.score,
        "category": row.category,
        "comment": row.comment,
        "touchpoint": row.touchpoint_name,
        "kind": row.kind,
        "answered_at": iso(row.answered_at),
        "revision": row.revision,
        "may_contact": row.may_contact,
        "before": row.before,
    }


def _follow_ups(connection: Connection, everyone: Sequence[str]) -> Sequence[Row[Any]]:
    """Open ones first, then the newest."""
    return connection.execute(
        sa.select(followup)
        .where(followup.c.person.in_(everyone))
        .order_by(followup.c.state.desc(), followup.c.opened_at.desc(), followup.c.id.desc())
        .limit(MOST)
    ).all()


def _refusal(known: Row[Any]) -> Any:
    """Why she was not asked last; that nobody is left to ask stands before it."""
    return nobody_left(known) or known.ask_refusal
