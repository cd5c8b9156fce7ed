"""What a contact's card shows beyond the contact's own fields: read in one go, changing nothing."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.answers.store import answer, counted, nps
from plugin.asking.rules import nobody_left
from plugin.followups.store import followup
from plugin.people import actions as people
from plugin.people.store import person
from plugin.touchpoints.store import touchpoint

MOST = 20


_CONTACT = sa.select(person).where(
    person.c.installation == sa.bindparam("installation"),
    person.c.contact == sa.bindparam("contact"),
)
# The survivor and everyone merged into it: what was said as either is this contact's.
_WHO = sa.select(person.c.id).where(
    sa.or_(person.c.id == sa.bindparam("who"), person.c.survivor == sa.bindparam("who"))
)
_ANSWERS = (
    sa.select(
        answer.c.id,
        answer.c.score,
        answer.c.category,
        answer.c.comment,
        touchpoint.c.name.label("touchpoint"),
        answer.c.kind,
        answer.c.answered_at,
        answer.c.revision,
        answer.c.may_contact,
        sa.func.lag(answer.c.score)
        .over(partition_by=answer.c.kind, order_by=(answer.c.answered_at, answer.c.id))
        .label("before"),
    )
    .join(touchpoint, touchpoint.c.key == answer.c.touchpoint)
    .where(answer.c.person.in_(_WHO), counted, nps)
    .order_by(answer.c.answered_at.desc(), answer.c.id.desc())
    .limit(MOST + 1)
)
_FOLLOW_UPS = (
    sa.select(followup)
    .join(answer)
    .where(followup.c.person.in_(_WHO), counted)
    .order_by(followup.c.state.desc(), followup.c.opened_at.desc(), followup.c.id.desc())
    .limit(MOST)
)
_FOLLOW_UP = sa.select(followup).where(
    followup.c.id == sa.bindparam("followup"), followup.c.person.in_(_WHO)
)
_TOUCHPOINTS = (
    sa.select(touchpoint.c.key, touchpoint.c.name, touchpoint.c.kind)
    .where(touchpoint.c.archived_at.is_(None))
    .order_by(sa.func.lower(touchpoint.c.name), touchpoint.c.key)
)


def document(connection: Connection, installation: str, contact: str) -> dict[str, Any]:
    """The card's JSON. A contact that was never asked, or that belongs to another installation, has an empty one."""
    known = who(connection, installation, contact)
    whose = {"who": known.id if known is not None else ""}
    answers = connection.execute(_ANSWERS, whose).all()
    follow_ups = connection.execute(_FOLLOW_UPS, whose)
    return {
        "contact": contact,
        "answers": [_answer(row) for row in answers[:MOST]],
        "more": len(answers) > MOST,
        "follow_ups": [follow_up(row) for row in follow_ups],
        "touchpoints": [dict(row) for row in connection.execute(_TOUCHPOINTS).mappings()],
        "last_asked_at": iso(known.last_asked_at) if known is not None else None,
        "next_ask_at": iso(known.next_ask_at) if known is not None else None,
        "ask_refusal": _refusal(known) if known is not None else None,
    }


def who(connection: Connection, installation: str, contact: str) -> Row[Any] | None:
    """The person this contact is for us now: of a merged one, the survivor."""
    named = {"installation": installation, "contact": contact}
    found = connection.execute(_CONTACT, named).one_or_none()
    if found is None or found.survivor is None:
        return found
    return people.survivor(connection, found.survivor)


def follow_up_of(
    connection: Connection, installation: str, contact: str, followup_id: str
) -> Row[Any] | None:
    """The follow-up, if it is one of this contact's."""
    known = who(connection, installation, contact)
    if known is None:
        return None
    wanted = {"followup": followup_id, "who": known.id}
    return connection.execute(_FOLLOW_UP, wanted).one_or_none()


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


def _answer(row: Any) -> dict[str, Any]:
    return {**row._mapping, "answered_at": iso(row.answered_at)}


def _refusal(known: Row[Any]) -> Any:
    """Why she was not asked last; that nobody is left to ask stands before it."""
    return nobody_left(known) or known.ask_refusal
