"""The ledger's verbs for everybody else: owe an effect, take it back, replay it, park and resume a lane."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.db import new_id
from plugin.deliveries import owing
from plugin.deliveries.store import delivery, in_state, lane, queued
from plugin.ready import Ready


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
        owing.insert(connection, rows, now)


def void(connection: Connection, topics: Iterable[str], reason: str, now: datetime) -> int:
    """Takes back what is owed on *topics* and nobody has begun; how many effects that were."""
    given = {"topics": list(topics), "reason": reason, "now": now}
    return connection.execute(_VOID, given).rowcount


_VOID = (
    delivery.update()
    .where(
        delivery.c.topic.in_(sa.bindparam("topics", expanding=True)),
        queued,
        delivery.c.started_at.is_(None),
    )
    .values(state="void", error=sa.bindparam("reason"), settled_at=sa.bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of a wish to replay: *done*, and why not in words."""

    id: str
    done: bool
    words: str = ""


def replay(connection: Connection, ids: Iterable[str], now: datetime) -> list[Replayed]:
    """Puts parked and unsure deliveries back into the queue, each once in its life."""
    return [_replay(connection, delivery_id, now) for delivery_id in dict.fromkeys(ids)]


def _replay(connection: Connection, delivery_id: str, now: datetime) -> Replayed:
    put_back = connection.execute(
        delivery.update()
        .where(
            delivery.c.id == delivery_id,
            delivery.c.state.in_(("parked", "unsure")),
            delivery.c.replayed_at.is_(None),
        )
        .values(
            state="queued",
            due_at=now,
            replayed_at=now,
            # A person has looked and says that it was not done.
            in_doubt=sa.and_(delivery.c.in_doubt, delivery.c.state != "unsure"),
            fails=0,
            error=None,
            error_detail=None,
            settled_at=None,
        )
    )
    if put_back.rowcount:
        return Replayed(delivery_id, True)
    return Replayed(delivery_id, False, _why_not(connection, delivery_id))


def put_back(
    connection: Connection, lane: str, subjects: Sequence[str], reason: str, now: datetime
) -> int:
    """Queues again what was parked about *subjects* for *reason*, because that holds no longer; how many that
    were. Nobody asked for it, so it does not count as a replay."""
    done = connection.execute(
        delivery.update()
        .where(
            in_state("parked"),
            delivery.c.lane == lane,
            delivery.c.subject.in_(subjects),
            delivery.c.error == reason,
        )
        .values(state="queued", due_at=now, fails=0, error=None, error_detail=None, settled_at=None)
    )
    return done.rowcount


def _why_not(connection: Connection, delivery_id: str) -> str:
    row = connection.execute(
        sa.select(delivery.c.state, delivery.c.replayed_at).where(delivery.c.id == delivery_id)
    ).one_or_none()
    if row is None:
        return "There is no such delivery."
    if row.replayed_at is not None:
        return f"It was put back once already, on {row.replayed_at:%Y-%m-%d %H:%M} UTC."
    return f"Only a parked or unsure delivery can be put back; this one is {row.state}."


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


def void_unbegun(
    connection: Connection,
    lanes: Sequence[str],
    subjects: Sequence[str],
    reason: str,
    now: datetime,
) -> int:
    """Takes back whatever is owed about *subjects* on *lanes* and nobody has begun; how much that was."""
    done = connection.execute(
        delivery.update()
        .where(
            delivery.c.lane.in_(lanes),
            delivery.c.subject.in_(subjects),
            queued,
            delivery.c.started_at.is_(None),
        )
        .values(state="void", error=reason, settled_at=now)
    )
    return done.rowcount


def take_back(
    connection: Connection,
    lanes: Sequence[str],
    subjects: Sequence[str],
    payload: Mapping[str, Any],
    reason: str,
    now: datetime,
) -> bool:
    """Takes back what is owed about *subjects* with this in its *payload*, tried before or not. ``False`` where it is
    being done at this moment or may have been done: then nothing is taken back."""
    mine = (delivery.c.lane.in_(lanes), delivery.c.subject.in_(subjects), queued)
    columns = (delivery.c.id, delivery.c.payload, delivery.c.in_doubt)
    rows = connection.execute(sa.select(*columns).where(*mine).with_for_update())
    meant = [row for row in rows if payload.items() <= row.payload.items()]
    if any(row.in_doubt for row in meant):
        return False
    ids = [row.id for row in meant]
    gone = delivery.update().where(delivery.c.id.in_(ids))
    connection.execute(gone.values(state="void", error=reason, settled_at=now))
    return True


def outstanding(connection: Connection, topic: str) -> bool:
    """Whether an effect on *topic* is still to happen: owed, on its way, or set aside until a person acts."""
    mine = delivery.c.topic == topic
    unbegun = sa.exists().where(mine, queued, delivery.c.started_at.is_(None))
    unsettled = delivery.c.state.in_(("queued", "parked", "unsure"))
    begun_once = sa.exists().where(mine, delivery.c.started_at.is_not(None), unsettled)
    return bool(connection.scalar(sa.select(sa.or_(unbegun, begun_once))))


def forget(connection: Connection, topic: str) -> None:
    """What was settled on *topic*: for what comes back every few minutes and is worth nothing once it was done."""
    settled = sa.and_(delivery.c.started_at.is_not(None), delivery.c.settled_at.is_not(None))
    connection.execute(delivery.delete().where(delivery.c.topic == topic, settled))


def ensure_lane(connection: Connection, lane_id: str, rate: float) -> None:
    """Makes the lane, or gives it another rate (calls a second)."""
    owing.ensure_lane(connection, lane_id, rate)


def park_lane(connection: Connection, lane_id: str, reason: str) -> None:
    """Stops a lane until ``resume_lane``; what is owed on it waits."""
    connection.execute(lane.update().where(lane.c.id == lane_id).values(parked_reason=reason))


def resume_lane(connection: Connection, lane_id: str) -> None:
    """Lets a lane go on at once, for instance after reconnecting. A call that was under way with the old
    grant cannot park it again."""
    _RESUME.run(connection, {"lane": lane_id})


_RESUME = Ready(
    lane.update()
    .where(lane.c.id == sa.bindparam("lane"))
    .values(
        parked_reason=None,
        not_before=None,
        wait_reason=None,
        fails=0,
        resumed=lane.c.resumed + 1,
    )
)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
