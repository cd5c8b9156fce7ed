"""Timers: rows with a due time, written by code that says how often. Nobody leads: every worker plans at its
start, every firing plans the next one, and the key of a period exists once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.deliveries.actions import Owed, ensure_lane, owe
from plugin.deliveries.leases import database_time
from plugin.deliveries.store import delivery, queued
from plugin.deliveries.verdicts import Delivered, Delivery, Lane, Verdict

CLOCK = "clock:gensvar"
RATE = 10.0
_ORIGIN = datetime(1970, 1, 1, tzinfo=UTC)

Work: TypeAlias = Callable[[Connection, datetime], bool]


@dataclass(frozen=True, slots=True)
class Schedule:
    """Once in every period of length *every* (counted from 1970) *work* runs, in the transaction that settles
    the timer's row. It returns whether more is left to do at once, and should not write for long."""

    kind: str
    every: timedelta
    work: Work

    def after(self, now: datetime) -> datetime:
        """The beginning of the next period."""
        return _ORIGIN + ((now - _ORIGIN) // self.every + 1) * self.every


class Timer:
    """The handler of a schedule's rows."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule

    def limit(self, lane: str) -> int:
        return 1

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        return [Delivered(effect=self._fire) for _ in rows]

    def _fire(self, connection: Connection) -> None:
        now = database_time(connection)
        more = self._schedule.work(connection, now)
        _owe(connection, self._schedule, now if more else self._schedule.after(now), now)


def plan(connection: Connection, schedules: Sequence[Schedule]) -> None:
    """At start: owes the next firing of every schedule that has none queued; an overdue one is left alone."""
    ensure_lane(connection, CLOCK, RATE)
    now = database_time(connection)
    for schedule in schedules:
        if not _planned(connection, schedule):
            _owe(connection, schedule, schedule.after(now), now)


def _planned(connection: Connection, schedule: Schedule) -> bool:
    waiting = sa.select(delivery.c.id).where(
        delivery.c.lane == CLOCK, delivery.c.kind == schedule.kind, queued
    )
    return connection.execute(waiting.limit(1)).first() is not None


def _owe(connection: Connection, schedule: Schedule, due_at: datetime, now: datetime) -> None:
    """The first firing from *due_at* on that was never planned: a database's clock may be set back."""
    topic = f"{schedule.kind}:{CLOCK}"
    while _known(connection, key := f"{topic}:{due_at.isoformat(timespec='milliseconds')}"):
        due_at = schedule.after(due_at)
    owe(connection, [Owed(CLOCK, schedule.kind, key, topic, topic, {}, due_at)], now)


def _known(connection: Connection, key: str) -> bool:
    found = connection.execute(sa.select(delivery.c.id).where(delivery.c.key == key))
    return found.first() is not None
