"""What should stand in the CRM, for some people at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connectors.types import RecordRef
from plugin.crm.reading import histories
from plugin.crm.reconciling.rules import Values
from plugin.crm.rules import contact_values
from plugin.deliveries.store import delivery, queued
from plugin.people.rules import lane_of
from plugin.people.store import person


@dataclass(frozen=True, slots=True)
class Expected:
    """By contact our values; answer records and open follow-ups' tasks by their keys. *last* is the last person
    looked at, empty when there are no more."""

    last: str
    values: Mapping[str, Values]
    people: Mapping[str, str]
    answers: Sequence[RecordRef]
    tasks: Sequence[RecordRef]


def expected(connection: Connection, installation: str, after: str, limit: int) -> Expected:
    """Of the next *limit* people behind *after*. Whoever something is still owed about is left out."""
    rows = connection.execute(
        sa.select(person)
        .where(
            person.c.installation == installation,
            person.c.id > after,
            person.c.survivor.is_(None),
            person.c.erased_at.is_(None),
            person.c.gone_at.is_(None),
            sa.or_(person.c.last_asked_at.is_not(None), person.c.last_answered_at.is_not(None)),
        )
        .order_by(person.c.id)
        .limit(limit)
    ).all()
    busy = _busy(connection, installation, [row.id for row in rows])
    owners = {row.id: row for row in rows if row.id not in busy}
    known = histories(connection, owners.values())
    told = [(owners[i], a.id) for i, history in known.items() for a in history.answers]
    proofs = _proofs(connection, [answer for _, answer in told])
    return Expected(
        last=rows[-1].id if len(rows) == limit else "",
        values={row.contact: contact_values(row, known[row.id]) for row in owners.values()},
        people={row.contact: row.id for row in owners.values()},
        answers=[
            RecordRef(answer, proof, owner.contact)
            for owner, answer in told
            if (proof := proofs.get(answer, "")) is not None
        ],
        tasks=[
            RecordRef(f.answer, f.task, owners[i].contact)
            for i, history in known.items()
            for f in history.follow_ups
            if f.task and f.state == "open"
        ],
    )


def _busy(connection: Connection, installation: str, people: Sequence[str]) -> set[str]:
    waiting = sa.select(delivery.c.subject).where(
        delivery.c.lane == lane_of(installation), delivery.c.subject.in_(people), queued
    )
    return set(connection.scalars(waiting))


def _proofs(connection: Connection, answers: Sequence[str]) -> dict[str, str | None]:
    """The record's id of each answer as far as the ledger still tells it; ``None`` for one that was never made."""
    rows = connection.execute(
        sa.select(delivery.c.topic, delivery.c.proof)
        .where(
            delivery.c.topic.in_([f"answer:{answer}" for answer in answers]),
            delivery.c.started_at.is_not(None),
        )
        .order_by(delivery.c.id)
    ).all()
    found: dict[str, str | None] = {}
    for row in rows:
        answer = row.topic.partition(":")[2]
        found[answer] = row.proof or found.get(answer)
    return found
