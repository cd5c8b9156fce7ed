"""A message goes out in steps, each of short transactions, the next one owed in the last: whoever is killed anywhere
goes on there.

First everybody it is for is written down, piece by piece; then mails go into the ledger a few at a time, until all had
their turn.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.db import new_id
from plugin.deliveries.actions import Owed, ensure_lane, forget, owe
from plugin.deliveries.store import delivery, queued
from plugin.deliveries.verdicts import Delivered, Delivery, Lane, Verdict
from plugin.mail import lanes
from plugin.messages import drafts, feeding, freezing, settling
from plugin.messages.cases import PAUSED
from plugin.messages.drafts import Draft
from plugin.messages.store import message
from plugin.messages.thanking import KIND as THANKS
from plugin.services import Services

KIND = "message_step"
LANE = "clock:messages"
RATE = 50.0
SOON = timedelta(seconds=2)
NOW_AND_THEN = timedelta(seconds=10)
SELDOM = timedelta(seconds=30)
FEW = 100


class Steps:
    """Kind ``message_step``. What is to be written is read outside any transaction. *begin*: sends a draft that goes
    out by itself."""

    def __init__(self, services: Services, begin: Callable[[Services, str], Any]) -> None:
        self._services = services
        self._begin = begin

    def limit(self, lane: str) -> int:
        return 1

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        return [self._step(row.payload["change"]) for row in rows]

    def _step(self, change_id: str) -> Verdict:
        now = self._services.clock.now()
        with self._services.database.read() as connection:
            draft = drafts.load(connection, change_id)
        if draft.state == "draft":
            self._begin(self._services, change_id)
        if draft.row is None or draft.state not in ("sending", "stopped"):
            return Delivered(effect=lambda connection: forget(connection, topic(change_id)))
        if draft.state == "stopped":
            return self._stop(change_id, now)
        if draft.plan.send_at is not None and draft.plan.send_at > now:
            return Delivered(effect=_then(change_id, now, draft.plan.send_at))
        if draft.row.frozen_at is None:
            return self._freeze(draft, now)
        return self._feed(draft.row, now)

    def _freeze(self, draft: Draft, now: datetime) -> Verdict:
        with self._services.database.read() as connection:
            found = freezing.read(connection, self._services, draft, now)
            rows = freezing.rows(connection, self._services, draft, found, now)
        freezing.write(self._services.database, draft, found, rows, now)
        return Delivered(effect=_then(draft.change.id, now, now))

    def _feed(self, row: Row[Any], now: datetime) -> Verdict:
        with self._services.database.read() as connection:
            unheard = settling.unheard(connection, row.change)
            fed = feeding.read(connection, self._services, row, now)

        def effect(connection: Connection) -> None:
            settling.settle(connection, unheard)
            if _still(connection, row):
                feeding.write(connection, self._services, row, fed, now)
                moved = bool(unheard or fed.owed or fed.later)
                _go_on(connection, row, now, now if fed.more else now + SOON, moved=moved)

        return Delivered(effect=effect)

    def _stop(self, change_id: str, now: datetime) -> Verdict:
        def effect(connection: Connection) -> None:
            more = settling.stop(connection, change_id, now)
            unheard = settling.unheard(connection, change_id)
            settling.settle(connection, unheard)
            if more or unheard or feeding.in_the_ledger(connection, change_id):
                again(connection, change_id, now, now if more or unheard else now + NOW_AND_THEN)
            else:
                forget(connection, topic(change_id))

        return Delivered(effect=effect)


def again(connection: Connection, change_id: str, now: datetime, due_at: datetime) -> None:
    """The next step, at *due_at*."""
    name = topic(change_id)
    ensure_lane(connection, LANE, RATE)
    forget(connection, name)
    owed = Owed(LANE, KIND, f"{name}:{new_id()}", name, name, {"change": change_id}, due_at)
    owe(connection, [owed], now)


def at_once(connection: Connection, change_id: str, now: datetime) -> None:
    """The next step; and what a pause holds back in the ledger is looked at again."""
    held = (delivery.c.kind == THANKS, queued, delivery.c.error == PAUSED)
    for lane in lanes.every_lane(connection):
        here = delivery.update().where(delivery.c.lane == lane, *held)
        connection.execute(here.values(due_at=now))
    again(connection, change_id, now, now)


def topic(change_id: str) -> str:
    return f"{KIND}:{change_id}"


def ensure(connection: Connection, now: datetime) -> None:
    running = sa.select(message.c.change).where(message.c.state == "sending")
    for change_id in connection.scalars(running).all():
        waiting = sa.select(delivery.c.id).where(delivery.c.topic == topic(change_id), queued)
        if connection.execute(waiting.limit(1)).first() is None:
            again(connection, change_id, now, now)


def _then(change_id: str, now: datetime, due_at: datetime) -> Any:
    return lambda connection: again(connection, change_id, now, due_at)


def _still(connection: Connection, row: Row[Any]) -> bool:
    """Whether it is being sent as it was when it was read; nobody changes that until the transaction ends."""
    mine = sa.select(message.c.state, message.c.wave).where(message.c.change == row.change)
    now = connection.execute(mine.with_for_update()).one()
    return bool(now.state == "sending" and now.wave == row.wave)


def _go_on(
    connection: Connection, row: Row[Any], now: datetime, soon: datetime, *, moved: bool
) -> None:
    """The next step comes when it has something to do; none comes when everybody had her turn."""
    due_at = feeding.next_due(connection, row.change)
    in_hand = feeding.in_the_ledger(connection, row.change)
    if due_at is None and not in_hand:
        mine = message.update().where(message.c.change == row.change)
        connection.execute(mine.values(state="done", ended_at=now))
        forget(connection, topic(row.change))
    elif moved or 0 < in_hand < FEW:
        again(connection, row.change, now, soon)
    elif in_hand:
        again(connection, row.change, now, now + NOW_AND_THEN)
    else:
        seldom = now + SELDOM
        again(connection, row.change, now, min(max(soon, due_at or seldom), seldom))
