"""Comments are read in the worker, never in the answer's own transaction: one row on a lane of the room's own, whose
settling owes the next."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.db import Database, new_id
from plugin.deliveries.actions import Owed, ensure_lane, forget, owe
from plugin.deliveries.leases import database_time
from plugin.deliveries.store import delivery, queued
from plugin.deliveries.timers import Schedule
from plugin.deliveries.verdicts import Delivered, Delivery, Lane, Verdict
from plugin.services import Services
from plugin.themes import keeping, known, lessons, walking
from plugin.themes.rules import Book

KIND = "read_themes"
LANE = "clock:themes"
RATE = 20.0
EVERY = timedelta(seconds=15)


class ReadThemes:
    """Kind ``read_themes``. The comments are read outside any transaction."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._books = Books()

    def limit(self, lane: str) -> int:
        return 1

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        return [self._read() for _ in rows]

    def _read(self) -> Verdict:
        book, step = self._look()
        read = {row.id: (row.revision, book.read(row.comment, row.locale)) for row in step.rows}

        def effect(connection: Connection) -> None:
            now = database_time(connection)
            keeping.keep(connection, read, book.edition, now)
            walking.keep(connection, step.walk)
            _owe(connection, timedelta() if step.more else EVERY)

        return Delivered(effect=effect)

    def _look(self) -> tuple[Book, walking.Step]:
        book = self._books.current(self._services.database)
        with self._services.database.read() as connection:
            return book, walking.next_step(connection, book.edition, database_time(connection))


class Books:
    """The book as it is now, made anew only when the themes or what was corrected changed."""

    def __init__(self) -> None:
        self._stamp: object = None
        self._book: Book | None = None

    def current(self, database: Database) -> Book:
        with database.read() as connection:
            themes, stamp = known.switched_on(connection), lessons.stamp(connection)
            wanted = (repr(themes), stamp)
            if self._book is None or self._stamp != wanted:
                self._book, self._stamp = lessons.book(connection, themes), wanted
            return self._book


def ensure(connection: Connection) -> None:
    """At start, and when a reading came to nothing: the next one is owed."""
    ensure_lane(connection, LANE, RATE)
    waiting = sa.select(delivery.c.id).where(delivery.c.topic == LANE, queued)
    if connection.execute(waiting.limit(1)).first() is None:
        _owe(connection, timedelta())


def hurry(connection: Connection) -> None:
    """The next reading comes now: themes or what is known of them changed."""
    waiting = (delivery.c.topic == LANE, queued, delivery.c.started_at.is_(None))
    connection.execute(delivery.update().where(*waiting).values(due_at=database_time(connection)))


def planning() -> Schedule:
    """Looks now and then that the reading goes on."""

    def work(connection: Connection, now: object) -> bool:
        ensure(connection)
        return False

    return Schedule("plan_themes", timedelta(minutes=15), work)


def _owe(connection: Connection, pause: timedelta) -> None:
    now = database_time(connection)
    forget(connection, LANE)
    owe(connection, [Owed(LANE, KIND, f"{LANE}:{new_id()}", LANE, LANE, {}, now + pause)], now)
