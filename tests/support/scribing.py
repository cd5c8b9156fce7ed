"""``python -m tests.support.scribing URL``: a program with a scribe and one line to it; prints what becomes of words
that are handed in one after the other. A process of its own, because a scribe is a copy of the one that starts it."""

import json
import signal
import sys
import time
from collections.abc import Callable, Sequence

from sqlalchemy.engine import Connection

from plugin.db import Database
from plugin.groupcommit import GroupCommit
from plugin.scribe import Scribe


class Odd(Exception):
    """Cannot be put together again from its text."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(one + other)


class Interrupted(Exception):
    pass


def work(connection: Connection, words: Sequence[str]) -> list[str]:
    if "odd" in words:
        raise Odd("o", "dd")
    if "slow" in words:
        time.sleep(1)
    return [word.upper() for word in words]


def interrupt(*_: object) -> None:
    raise Interrupted


def outcome(submit: Callable[[str], str], word: str) -> str:
    try:
        return submit(word)
    except Exception as error:  # noqa: BLE001
        return type(error).__name__


def main() -> None:
    scribe = Scribe(GroupCommit(Database(sys.argv[1]), work), lines=1)
    signal.signal(signal.SIGALRM, interrupt)
    said = [outcome(scribe.submit, word) for word in ("first", "odd", "after")]
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    said += [outcome(scribe.submit, word) for word in ("slow", "another's", "last")]
    scribe.stop()
    print(json.dumps(said))


if __name__ == "__main__":
    main()
