"""The ledger's verbs for everybody else: owe an effect, take it back, replay it, park and resume a lane."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.db import new_id
from plugin.deliveries import owing
from plugin.deliveries.store import delivery, lane


@dataclass(frozen=True, slots=True)
class Owed:
    """One effect owed. *key* makes it happen once for ever; of one *topic* at most one effect that nobody has
    begun is owed; effects of one *subject* in a lane happen in order. *payload* holds ids only."""

    lane: str
    kind: str
    key: str
    topic: str
    subject: str
    payload: Mapping[str, Any]
    due_at: datetime


def owe(connection: Connection, owed: Sequence[Owed], now: datetime) -> None:
    """Owes all in one statement, in the caller's transaction; their order is the order of one subject's effects.

    A topic that is owed already and not begun gets the new due time instead of a second row; a key that was
    begun or settled before is owed no more. The lanes must exist (``ensure_lane``).
    """
    newest = {o.topic: o for o in owed}.values()
    ids = sorted(new_id() for _ in newest)
    rows = [
        {
            "id": row_id,
            "lane": o.lane,
            "kind": o.kind,
            "key": o.key,
            "topic": o.topic,
            "subject": o.subject,
            "due_at": _ms(o.due_at),
            "payload": dict(o.payload),
        }
        for row_id, o in zip(ids, newest, strict=True)
    ]
    if rows:
        owing.insert(connection, json.dumps(rows), now)


def void(connection: Connection, topics: Iterable[str], reason: str, now: datetime) -> int:
    """Takes back what is owed on *topics* and nobody has begun; how many effects that were."""
    done = connection.execute(
        delivery.update()
        .where(
            delivery.c.topic.in_(list(topics)),
            delivery.c.state == "queued",
            delivery.c.started_at.is_(None),
        )
        .values(state="void", error=reason, settled_at=now)
    )
    return done.rowcount


def begun(connection: Connection, topics: Iterable[str]) -> set[str]:
    """Those of *topics* on which an effect was begun or done (a void one does not count)."""
    rows = connection.execute(
        sa.select(delivery.c.topic)
        .where(
            delivery.c.topic.in_(list(topics)),
            delivery.c.started_at.is_not(None),
            delivery.c.state != "void",
        )
        .distinct()
    )
    return set(rows.scalars())


def ensure_lane(connection: Connection, lane_id: str, rate: float) -> None:
    """Makes the lane, or gives it another rate (calls a second)."""
    owing.ensure_lane(connection, lane_id, rate)


def park_lane(connection: Connection, lane_id: str, reason: str) -> None:
    """Stops a lane until ``resume_lane``; what is owed on it waits."""
    connection.execute(lane.update().where(lane.c.id == lane_id).values(parked_reason=reason))


def resume_lane(connection: Connection, lane_id: str, now: datetime) -> None:
    """Lets a lane go on at once, for instance after reconnecting. A call that was under way with the old
    grant cannot park it again."""
    connection.execute(
        lane.update()
        .where(lane.c.id == lane_id)
        .values(parked_reason=None, not_before=None, fails=0, resumed_at=now)
    )


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
