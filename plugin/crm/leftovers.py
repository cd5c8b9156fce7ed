"""What we wrote in a CRM about somebody who is erased: named by keys and ids, owed to be taken away again."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.answers.store import answer
from plugin.crm.owing import answer_topic
from plugin.db import new_id
from plugin.deliveries.actions import Owed, owe
from plugin.deliveries.pruning import KEPT
from plugin.deliveries.store import delivery
from plugin.followups.owing import task_topic
from plugin.followups.store import followup, with_task
from plugin.messages import timeline
from plugin.people.rules import lane_of

# Answer records, tasks and entries on the timeline: by our key the CRM's id, empty where we never heard it.
Left: TypeAlias = dict[str, dict[str, str]]
TOPICS = {"answers": answer_topic, "tasks": task_topic}
EVERYTHING = (*TOPICS, "tellings")


def left_in_crm(connection: Connection, people: Sequence[str], now: datetime) -> Left:
    """What was begun to be written of these people, and so may stand there. What the ledger has forgotten is looked
    for by its key."""
    theirs = sa.select(answer.c.id).where(answer.c.person.in_(people))
    ids = connection.scalars(theirs).all()
    left = {name: _begun(connection, ids, topic) for name, topic in TOPICS.items()}
    old = connection.scalars(theirs.where(answer.c.revised_at < now - KEPT)).all()
    left["answers"] = dict.fromkeys(old, "") | left["answers"]
    told = sa.select(followup.c.answer, followup.c.task).where(
        followup.c.person.in_(people), with_task
    )
    left["tasks"] |= {row.answer: row.task for row in connection.execute(told)}
    left["tellings"] = dict.fromkeys(timeline.keys(connection, people, standing=True), "")
    left["tellings"] |= proofs(connection, timeline.keys(connection, people))
    return left


def _begun(
    connection: Connection, ids: Sequence[str], topic: Callable[[str], str]
) -> dict[str, str]:
    """By answer, as ``proofs`` by topic."""
    topics = {topic(one): one for one in ids}
    return {topics[name]: proof for name, proof in proofs(connection, list(topics)).items()}


def proofs(connection: Connection, topics: Sequence[str]) -> dict[str, str]:
    """By topic the CRM's id of what was begun to be written, empty where we never heard it."""
    rows = connection.execute(
        sa.select(delivery.c.topic, delivery.c.proof)
        .where(delivery.c.topic.in_(topics), delivery.c.started_at.is_not(None))
        .order_by(delivery.c.id)
    )
    found: dict[str, str] = {}
    for topic, proof in rows:
        found[topic] = proof or found.get(topic, "")
    return found


def owe_erasing(
    connection: Connection,
    installation: str,
    person: str,
    contact: str,
    left: Left,
    now: datetime,
) -> str:
    """Owes one delivery that takes all of it away; its id. What earlier ones have not taken away it takes over."""
    subject = f"erase:{person}"
    earlier = _not_done(connection, subject)
    for row in earlier:
        for name in EVERYTHING:
            left[name] = row.payload.get(name, {}) | left[name]
    _take_over(connection, [row.id for row in earlier], now)
    payload: Mapping[str, Any] = {"contact": contact, **left}
    key = f"{subject}:{new_id()}"
    owe(connection, [Owed(lane_of(installation), "erase", key, key, subject, payload, now)], now)
    return str(connection.scalar(sa.select(delivery.c.id).where(delivery.c.key == key)))


def _not_done(connection: Connection, subject: str) -> Sequence[Row[Any]]:
    """One that is under way goes on: to take the same away twice is harmless."""
    earlier: sa.Select[Any] = sa.select(delivery.c.id, delivery.c.payload).where(
        delivery.c.kind == "erase",
        delivery.c.subject == subject,
        delivery.c.state.in_(("queued", "parked", "unsure")),
    )
    return connection.execute(earlier).all()


def _take_over(connection: Connection, ids: Sequence[str], now: datetime) -> None:
    connection.execute(
        delivery.update()
        .where(delivery.c.id.in_(ids))
        .values(state="void", error="erased_anew", settled_at=now, payload={})
    )
