"""One transaction for everybody who waits at the same moment: they share the disk flush.

On SQLite only one transaction writes at a time anyway; on PostgreSQL the round trips are shared.
Whoever comes first works for all who queued up behind; there is no thread to start or to stop.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from sqlalchemy.engine import Connection

from plugin.db import Database

T = TypeVar("T")
R = TypeVar("R")


class _Waiting(Generic[T, R]):
    __slots__ = ("error", "item", "result", "settled")

    def __init__(self, item: T) -> None:
        self.item = item
        self.settled = False
        self.result: R | None = None
        self.error: BaseException | None = None


class GroupCommit(Generic[T, R]):
    """``submit`` returns what *work* returned for the item, after the commit."""

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
        self._turn = threading.Lock()

    def submit(self, item: T) -> R:
        """Raises what the item's own transaction raised; a neighbour's failure is not its failure."""
        waiting: _Waiting[T, R] = _Waiting(item)
        self._queue.append(waiting)
        while not waiting.settled:
            with self._turn:
                if not waiting.settled:
                    size = min(self._most, len(self._queue))
                    self._settle([self._queue.popleft() for _ in range(size)])
        if waiting.error is not None:
            raise waiting.error
        assert waiting.result is not None  # noqa: S101
        return waiting.result

    def _settle(self, group: Sequence[_Waiting[T, R]]) -> None:
        try:
            with self._database.write() as connection:
                results = self._work(connection, [waiting.item for waiting in group])
        except Exception as error:  # noqa: BLE001 - handed to whoever waits for it
            if len(group) > 1:
                for waiting in group:
                    self._settle([waiting])
                return
            group[0].error = error
            group[0].settled = True
        else:
            for waiting, result in zip(group, results, strict=True):
                waiting.result = result
                waiting.settled = True
