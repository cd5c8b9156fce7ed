"""What the handlers must know when they send: read from the other rooms' tables at that moment, in one go."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.answers.rules import COUNTED, SET_ASIDE
from plugin.answers.store import answer, counted, revision
from plugin.crm.owing import answer_topic
from plugin.deliveries.actions import begun
from plugin.deliveries.store import delivery
from plugin.deliveries.verdicts import Delivery
from plugin.evidence.reading import once_counted
from plugin.followups.store import followup
from plugin.people.actions import survivor
from plugin.people.store import person
from plugin.touchpoints.rules import NPS
from plugin.touchpoints.store import touchpoint


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it stands now, with the person it belongs to now (a merged one's survivor)."""

    id: str
    person: Row[Any]
    touchpoint: str
    kind: str
    score: int
    category: str
    comment: str
    may_contact: bool | None
    revision: int
    answered_at: datetime
    follow_up: Row[Any] | None
    counts: bool = True


def answered(connection: Connection, ids: Iterable[str]) -> dict[str, Answered]:
    """Those that do not count are among them."""
    wanted = sorted(set(ids))
    rows = connection.execute(_ANSWERS.where(answer.c.id.in_(wanted))).all()
    people = survivors(connection, {row.person for row in rows})
    follow_ups = _by(
        connection.execute(sa.select(followup).where(followup.c.answer.in_(wanted))).all(),
        "answer",
    )
    return {row.id: _answered(row, people[row.person], follow_ups.get(row.id)) for row in rows}


_ANSWERS = sa.select(answer, touchpoint.c.name.label("touchpoint_name")).join(
    touchpoint, touchpoint.c.key == answer.c.touchpoint
)


def _answered(row: Row[Any], owner: Row[Any], follow_up: Row[Any] | None) -> Answered:
    return Answered(
        id=row.id,
        person=owner,
        touchpoint=row.touchpoint_name,
        kind=row.kind,
        score=row.score,
        category=row.category,
        comment=row.comment,
        may_contact=row.may_contact,
        revision=row.revision,
        answered_at=row.answered_at,
        follow_up=follow_up,
        counts=row.standing == COUNTED,
    )


def survivors(connection: Connection, ids: Iterable[str]) -> dict[str, Row[Any]]:
    """Each person, or whom a merged one became: what was owed before a merge is still owed about the merged one."""
    rows = connection.execute(sa.select(person).where(person.c.id.in_(sorted(set(ids))))).all()
    return {r.id: r if r.survivor is None else survivor(connection, r.id) for r in rows}


@dataclass(slots=True)
class History:
    """All that a contact's fields are computed from: NPS answers that count, and their follow-ups; *measured* are
    those of satisfaction and effort. *others*: the CRM was told of an answer that does not count any more."""

    answers: list[Answered] = field(default_factory=list)
    follow_ups: list[Row[Any]] = field(default_factory=list)
    others: bool = False
    measured: list[Answered] = field(default_factory=list)


def histories(connection: Connection, owners: Iterable[Row[Any]]) -> dict[str, History]:
    """By person: answers and follow-ups. Those of a merged one are the survivor's."""
    people = {owner.id: owner for owner in owners}
    made = {person_id: History() for person_id in people}
    others: dict[str, Row[Any]] = {}
    for row in connection.execute(_ANSWERS.where(answer.c.person.in_(sorted(people)))):
        if row.standing == COUNTED:
            history = made[row.person]
            kept = history.answers if row.kind in NPS else history.measured
            kept.append(_answered(row, people[row.person], None))
        else:
            others[row.id] = row
    for told in _told(connection, others) if others else ():
        made[others[told].person].others = True
    theirs = followup.c.person.in_(sorted(people))
    for row in connection.execute(sa.select(followup).join(answer).where(theirs, counted)):
        made[row.person].follow_ups.append(row)
    return made


def _told(connection: Connection, uncounted: Mapping[str, Row[Any]]) -> set[str]:
    """Of which of these answers the CRM was told: that they counted once says so, or the record of an NPS answer."""
    records = {answer_topic(name): name for name, row in uncounted.items() if row.kind in NPS}
    set_aside = {name for name, row in uncounted.items() if row.standing == SET_ASIDE}
    counted_once = once_counted(connection, list(uncounted))
    return {records[topic] for topic in begun(connection, records)} | set_aside | counted_once


@dataclass(frozen=True, slots=True)
class Earlier:
    """What became of the earlier revisions of an answer's record: its id in the CRM, and whether a try of which
    we never heard may have made one."""

    proof: str | None = None
    attempted: bool = False


def earlier(connection: Connection, rows: Sequence[Delivery]) -> dict[str, Earlier]:
    """By delivery id: what became of the effects of the same topic before it."""
    found = {row.id: Earlier() for row in rows}
    by_topic = {row.topic: row.id for row in rows}
    for known in connection.execute(
        sa.select(delivery.c.topic, delivery.c.proof, delivery.c.in_doubt)
        .where(
            delivery.c.topic.in_(sorted(by_topic)),
            delivery.c.started_at.is_not(None),
            delivery.c.id.not_in(sorted(found)),
        )
        .order_by(delivery.c.id)
    ):
        last = found[by_topic[known.topic]]
        found[by_topic[known.topic]] = Earlier(
            known.proof or last.proof, last.attempted or (known.in_doubt and not known.proof)
        )
    return found


def revisions(connection: Connection, answer_ids: Sequence[str]) -> dict[tuple[str, int], Row[Any]]:
    """All revisions of these answers, by answer and number."""
    wanted = sorted(set(answer_ids))
    rows = connection.execute(sa.select(revision).where(revision.c.answer.in_(wanted))).all()
    return {(row.answer, row.revision): row for row in rows}


def _by(rows: Iterable[Row[Any]], name: str) -> dict[str, Row[Any]]:
    return {getattr(row, name): row for row in rows}
