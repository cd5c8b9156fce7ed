"""One transaction for everybody who waits at the same moment: they share the disk flush.

On SQLite only one transaction writes at a time anyway; on PostgreSQL the round trips are shared.
Whoever comes first works for all who queued up behind; there is no thread to start or to stop.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeAlias, TypeVar

from psycopg.errors import DeadlockDetected
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from plugin.db import Database

T = TypeVar("T")
R = TypeVar("R")
Given = TypeVar("Given", contravariant=True)
Made = TypeVar("Made", covariant=True)

Work: TypeAlias = Callable[[Connection, Sequence[T]], Sequence[R]]
"""A result for each item, in the transaction it is given."""

TRIES = 5  # of an item that ran into what another transaction wrote meanwhile


class CutOff(Exception):
    """Whoever worked for the group was ended; whether it committed is unknown."""


class Committing(Protocol[Given, Made]):
    """Where an item is handed in, and its result waited for until it is committed."""

    def submit(self, item: Given, /) -> Made:
        """Raises what the item's own transaction raised; a neighbour's failure is not its failure."""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[R]):
    """What became of an item: its result, or what its own transaction raised."""

    result: R | None = None
    error: BaseException | None = None

    def get(self) -> R:
        """Raises the error."""
        if self.error is not None:
            raise self.error
        assert self.result is not None  # noqa: S101
        return self.result


def settle(
    database: Database, work: Work[T, R], items: Sequence[T], tries: int = TRIES
) -> list[Outcome[R]]:
    """In one transaction; where that fails, each item in one of its own. Work that ran into what another transaction
    wrote meanwhile is done again."""
    try:
        with database.write() as connection:
            outcomes = [Outcome(result) for result in work(connection, items)]
    except Exception as error:  # noqa: BLE001 - handed to whoever waits for it
        if len(items) > 1:
            return [outcome for item in items for outcome in settle(database, work, [item])]
        if _met_another(error) and tries > 1:
            return settle(database, work, items, tries - 1)
        return [Outcome(error=error)]
    return outcomes


def _met_another(error: Exception) -> bool:
    """A key that another transaction wrote meanwhile, or the two waited for each other."""
    deadlock = isinstance(error, DBAPIError) and isinstance(error.orig, DeadlockDetected)
    return deadlock or isinstance(error, IntegrityError)


class _Waiting(Generic[T, R]):
    """*turn* opens once: when the item is settled, or when its thread is the next to work."""

    __slots__ = ("item", "outcome", "turn")

    def __init__(self, item: T) -> None:
        self.item = item
        self.outcome: Outcome[R] | None = None
        self.turn = threading.Lock()
        self.turn.acquire()


class GroupCommit(Generic[T, R]):
    """``submit`` returns what *work* returned for the item, after the commit."""

    def __init__(self, database: Database, work: Work[T, R], *, most: int = 100) -> None:
        self.database, self.work = database, work
        self._most = most
        self._queue: deque[_Waiting[T, R]] = deque()
        self._working = False
        self._lock = threading.Lock()

    def submit(self, item: T) -> R:
        """Raises what the item's own transaction raised; a neighbour's failure is not its failure."""
        waiting: _Waiting[T, R] = _Waiting(item)
        if not self._is_first(waiting):
            waiting.turn.acquire()
        if waiting.outcome is None:
            self._work_for_all()
        assert waiting.outcome is not None  # noqa: S101
        return waiting.outcome.get()

    def _is_first(self, waiting: _Waiting[T, R]) -> bool:
        with self._lock:
            self._queue.append(waiting)
            first, self._working = not self._working, True
        return first

    def _work_for_all(self) -> None:
        with self._lock:
            size = min(self._most, len(self._queue))
            group = [self._queue.popleft() for _ in range(size)]
        outcomes: Sequence[Outcome[R]] = [Outcome(error=CutOff())] * size
        try:
            outcomes = settle(self.database, self.work, [waiting.item for waiting in group])
        finally:
            for waiting, outcome in zip(group, outcomes, strict=True):
                waiting.outcome = outcome
                waiting.turn.release()
            self._hand_over()

    def _hand_over(self) -> None:
        """The oldest of those who came meanwhile is next: its own item is in its group."""
        with self._lock:
            self._working = bool(self._queue)
            if self._working:
                self._queue[0].turn.release()
