"""What should stand in the CRM, for some people at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from connectors.types import RecordRef
from plugin.crm.leftovers import proofs
from plugin.crm.owing import answer_topic
from plugin.crm.reading import histories
from plugin.crm.reconciling.rules import Values
from plugin.crm.rules import contact_values
from plugin.deliveries.store import delivery, queued
from plugin.messages import timeline
from plugin.messages.store import recipient
from plugin.people.rules import lane_of
from plugin.people.store import person


@dataclass(frozen=True, slots=True)
class Expected:
    """By contact our values; answer records, open follow-ups' tasks and timeline entries by their keys. *gone* are
    contacts, with who they are, of whom we heard that they were deleted. *last* is the last person looked at, empty
    when there are no more."""

    last: str
    values: Mapping[str, Values]
    people: Mapping[str, str]
    answers: Sequence[RecordRef]
    tasks: Sequence[RecordRef]
    tellings: Sequence[RecordRef] = ()
    gone: Mapping[str, str] = field(default_factory=dict)


def expected(connection: Connection, installation: str, after: str, limit: int) -> Expected:
    """Of the next *limit* people behind *after*. Whoever something is still owed about is left out."""
    rows = connection.execute(
        sa.select(person)
        .where(
            person.c.installation == installation,
            person.c.id > after,
            person.c.survivor.is_(None),
            person.c.erased_at.is_(None),
            sa.or_(person.c.last_asked_at.is_not(None), person.c.last_answered_at.is_not(None)),
        )
        .order_by(person.c.id)
        .limit(limit)
    ).all()
    busy = _busy(connection, installation, [row.id for row in rows])
    owners = {row.id: row for row in rows if row.gone_at is None and row.id not in busy}
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
        tellings=_tellings(connection, owners),
        gone={row.contact: row.id for row in rows if row.gone_at is not None},
    )


def _tellings(connection: Connection, owners: Mapping[str, Row[Any]]) -> list[RecordRef]:
    """What the ledger still tells that it wrote, of those who were merged into these people too."""
    told = connection.execute(
        sa.select(recipient.c.change, recipient.c.person).where(
            recipient.c.person.in_(sorted(owners)), recipient.c.timeline_at.is_not(None)
        )
    ).all()
    merged = connection.execute(
        sa.select(person.c.survivor, person.c.id).where(
            person.c.survivor.in_({row.person for row in told})
        )
    ).all()
    known = [(row.person, row.person) for row in told] + [tuple(row) for row in merged]
    names: dict[str, str] = {
        timeline.key(row.change, one): owner
        for row in told
        for owner, one in known
        if owner == row.person
    }
    written = proofs(connection, list(names))
    return [
        RecordRef(name, proof, owners[names[name]].contact)
        for name, proof in written.items()
        if proof
    ]


def _busy(connection: Connection, installation: str, people: Sequence[str]) -> set[str]:
    waiting = sa.select(delivery.c.subject).where(
        delivery.c.lane == lane_of(installation), delivery.c.subject.in_(people), queued
    )
    return set(connection.scalars(waiting))


def _proofs(connection: Connection, answers: Sequence[str]) -> dict[str, str | None]:
    """The record's id of each answer as far as the ledger still tells it; ``None`` for one that was never made."""
    topics = {answer_topic(answer): answer for answer in answers}
    found = proofs(connection, list(topics))
    return {topics[topic]: proof or None for topic, proof in found.items()}
