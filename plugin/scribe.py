"""A process that writes for the web: its transactions do not wait for the web's turns of the interpreter, nor the
web for its.

A thread hands its item over on a line of its own and waits there; the scribe takes whatever has come in and makes one
transaction of it. It ends when the web lets go of the lines, whatever the web's end was.
"""

import gc
import os
import pickle
import selectors
import signal
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from queue import LifoQueue
from typing import Any, Generic, NoReturn, TypeAlias

import structlog

from plugin.db import Database
from plugin.groupcommit import CutOff, GroupCommit, Outcome, R, T, settle

log = structlog.get_logger()

Line: TypeAlias = "Connection[Any, Any]"
Settle: TypeAlias = Callable[[Sequence[Any]], Sequence[Outcome[Any]]]

PATIENCE = 2.0  # seconds
_NOT_FOR_US = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)


class Scribe(Generic[T, R]):
    """Does the work of *here* in a process of its own, which is a copy of this one: start it before any thread and
    before the database is used. Should it end, *here* works again; an item that was in its hands is then done once
    more, so the work must come to the same when it is done twice."""

    def __init__(self, here: GroupCommit[T, R], lines: int) -> None:
        self._here = here
        pairs = [Pipe() for _ in range(lines)]
        # Whoever ends all processes at once may do so before the new one has said that it does not mind.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _NOT_FOR_US)
        self._process = os.fork()
        if self._process == 0:
            _be_scribe(here, [theirs for _, theirs in pairs])
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        for _, theirs in pairs:
            theirs.close()
        self._lines: LifoQueue[Line] = LifoQueue()
        for ours, _ in pairs:
            self._lines.put(ours)
        self._ended = False

    def submit(self, item: T) -> R:
        """Raises what the item's own transaction raised."""
        outcome = self._written(item)
        return self._here.submit(item) if outcome is None else outcome.get()

    def _written(self, item: T) -> Outcome[R] | None:
        """``None`` where the scribe has ended, with or without the item."""
        line = self._lines.get()
        try:
            if not self._ended:
                line.send(item)
                outcome: Outcome[R] = line.recv()
                return outcome
        except (EOFError, OSError):
            self._ended = True
            log.error("scribe_ended", now="the web writes by itself until it is started again")
        except BaseException:
            line.close()  # an outcome may still come on it, which is nobody else's
            raise
        finally:
            self._lines.put(line)
        return None

    def stop(self) -> None:
        """Waits until what it holds is written, unless a thread that waits for it keeps it from ending."""
        while not self._lines.empty():
            self._lines.get().close()
        until = time.monotonic() + PATIENCE
        while not os.waitpid(self._process, os.WNOHANG)[0] and time.monotonic() < until:
            time.sleep(0.01)


def _be_scribe(here: GroupCommit[Any, Any], lines: Sequence[Line]) -> NoReturn:
    """What the web's process would do next is not for its copy."""
    try:
        gc.freeze()
        for number in _NOT_FOR_US:
            signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _NOT_FOR_US)
        signal.set_wakeup_fd(-1)
        _keep_open({line.fileno() for line in lines})
        database = Database(here.database.url, pool_size=1, by_index=True)
        _write(lambda items: settle(database, here.work, items), lines)
    except BaseException as error:  # noqa: BLE001 - its text may hold a customer's words
        log.error("scribe", error=type(error).__name__)
    finally:
        os._exit(0)


def _keep_open(wanted: Collection[int]) -> None:
    """Nothing else of the web's: a socket it listens on would keep its port taken."""
    for number in [int(open_.name) for open_ in Path("/dev/fd").iterdir()]:
        if number > 2 and number not in wanted:
            with suppress(OSError):  # the folder itself, by now
                os.close(number)


def _write(settled: Settle, lines: Sequence[Line]) -> None:
    """Until all lines have ended."""
    with selectors.DefaultSelector() as selector:
        for line in lines:
            selector.register(line, selectors.EVENT_READ)
        while selector.get_map():
            taken = _taken(selector)
            outcomes = settled([item for _, item in taken]) if taken else ()
            for (line, _), outcome in zip(taken, outcomes, strict=True):
                _tell(line, outcome)


def _taken(selector: selectors.BaseSelector) -> list[tuple[Line, Any]]:
    """What has come in by now, at least one item or the end of a line."""
    taken = []
    for key, _ in selector.select():
        line: Any = key.fileobj
        try:
            taken.append((line, line.recv()))
        except (EOFError, OSError):
            selector.unregister(line)
    return taken


def _tell(line: Line, outcome: Outcome[Any]) -> None:
    """Whoever is gone meanwhile needs no answer."""
    with suppress(OSError):
        line.send(outcome if _travels(outcome.error) else Outcome(error=CutOff()))


def _travels(error: BaseException | None) -> bool:
    """Not every error can be taken apart and put together again on the other side."""
    if error is not None:
        try:
            pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
        except Exception:  # noqa: BLE001 - whatever its class raises
            return False
    return True
