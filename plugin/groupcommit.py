"""One transaction for everybody who waits at the same moment: they share the disk flush.

On SQLite only one transaction writes at a time anyway; on PostgreSQL the round trips are shared.
Whoever comes first works for all who queued up behind; there is no thread to start or to stop.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from psycopg.errors import DeadlockDetected
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from plugin.db import Database

T = TypeVar("T")
R = TypeVar("R")

TRIES = 5  # of an item that ran into what another transaction wrote meanwhile


class CutOff(Exception):
    """The thread that worked for the group was ended; whether it committed is unknown."""


class _Waiting(Generic[T, R]):
    """*turn* opens once: when the item is settled, or when its thread is the next to work."""

    __slots__ = ("error", "failed", "item", "result", "settled", "turn")

    def __init__(self, item: T) -> None:
        self.item = item
        self.failed = 0
        self.settled = False
        self.result: R | None = None
        self.error: BaseException | None = None
        self.turn = threading.Lock()
        self.turn.acquire()


class GroupCommit(Generic[T, R]):
    """``submit`` returns what *work* returned for the item, after the commit. Work that ran into what
    another transaction wrote meanwhile is done again."""

    def __init__(
        self,
        database: Database,
        work: Callable[[Connection, Sequence[T]], Sequence[R]],
        *,
        most: int = 100,
    ) -> None:
        self._database = database
        self._work = work
        self._most = most
        self._queue: deque[_Waiting[T, R]] = deque()
        self._working = False
        self._lock = threading.Lock()

    def submit(self, item: T) -> R:
        """Raises what the item's own transaction raised; a neighbour's failure is not its failure."""
        waiting: _Waiting[T, R] = _Waiting(item)
        if not self._is_first(waiting):
            waiting.turn.acquire()
        if not waiting.settled:
            self._work_for_all()
        if waiting.error is not None:
            raise waiting.error
        assert waiting.result is not None  # noqa: S101
        return waiting.result

    def _is_first(self, waiting: _Waiting[T, R]) -> bool:
        with self._lock:
            self._queue.append(waiting)
            first, self._working = not self._working, True
        return first

    def _work_for_all(self) -> None:
        with self._lock:
            size = min(self._most, len(self._queue))
            group = [self._queue.popleft() for _ in range(size)]
        try:
            self._settle(group)
        finally:
            self._dismiss(group)
            self._hand_over()

    def _dismiss(self, group: Sequence[_Waiting[T, R]]) -> None:
        for waiting in group:
            if not waiting.settled:
                waiting.error, waiting.settled = CutOff(), True
            waiting.turn.release()

    def _hand_over(self) -> None:
        """The oldest of those who came meanwhile is next: its own item is in its group."""
        with self._lock:
            self._working = bool(self._queue)
            if self._working:
                self._queue[0].turn.release()

    def _settle(self, group: Sequence[_Waiting[T, R]]) -> None:
        try:
            with self._database.write() as connection:
                results = self._work(connection, [waiting.item for waiting in group])
        except Exception as error:  # noqa: BLE001 - handed to whoever waits for it
            self._failed(group, error)
        else:
            for waiting, result in zip(group, results, strict=True):
                waiting.result = result
                waiting.settled = True

    def _failed(self, group: Sequence[_Waiting[T, R]], error: Exception) -> None:
        if len(group) > 1:
            for waiting in group:
                self._settle([waiting])
            return
        (waiting,) = group
        waiting.failed += 1
        if _met_another(error) and waiting.failed < TRIES:
            self._settle(group)
        else:
            waiting.error, waiting.settled = error, True


def _met_another(error: Exception) -> bool:
    """A key that another transaction wrote meanwhile, or the two waited for each other."""
    deadlock = isinstance(error, DBAPIError) and isinstance(error.orig, DeadlockDetected)
    return deadlock or isinstance(error, IntegrityError)
