"""Many who wait share a commit; one who fails fails alone."""

import threading
from collections.abc import Sequence
from contextlib import suppress

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.db import Database, meta
from plugin.groupcommit import GroupCommit


class Work:
    """Stores each word; refuses "bad"; counts how it was called; waits until it may go on."""

    def __init__(self) -> None:
        self.groups: list[int] = []
        self.go = threading.Event()

    def __call__(self, connection: Connection, words: Sequence[str]) -> list[str]:
        self.groups.append(len(words))
        for word in words:
            connection.execute(meta.insert().values(key=word, value="x"))
        self.go.wait(5)
        if "bad" in words:
            raise ValueError("bad")
        return [word.upper() for word in words]


def submit_all(group: GroupCommit[str, str], words: Sequence[str]) -> dict[str, object]:
    results: dict[str, object] = {}

    def submit(word: str) -> None:
        try:
            results[word] = group.submit(word)
        except ValueError as error:
            results[word] = error

    threads = [threading.Thread(target=submit, args=(word,)) for word in words]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    return results


def test_who_waits_while_another_commits_shares_the_next_one(database_url: str) -> None:
    database, work = Database(database_url), Work()
    group = GroupCommit(database, work)
    threading.Timer(0.5, work.go.set).start()
    results = submit_all(group, [f"w{n}" for n in range(10)])
    assert results == {f"w{n}": f"W{n}" for n in range(10)}
    assert len(work.groups) < 10
    with database.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(meta)) == 10
    database.close()


def test_one_who_fails_fails_alone_and_leaves_nothing(database_url: str) -> None:
    database, work = Database(database_url), Work()
    group = GroupCommit(database, work)
    threading.Timer(0.5, work.go.set).start()
    results = submit_all(group, ["bad", *(f"w{n}" for n in range(5))])
    assert isinstance(results.pop("bad"), ValueError)
    assert results == {f"w{n}": f"W{n}" for n in range(5)}
    with database.read() as connection:
        kept = set(connection.scalars(sa.select(meta.c.key)))
    assert kept == {f"w{n}" for n in range(5)}
    database.close()


def test_a_failure_does_not_stop_the_next(database_url: str) -> None:
    database, work = Database(database_url), Work()
    work.go.set()
    group = GroupCommit(database, work)
    with pytest.raises(ValueError, match="bad"):
        group.submit("bad")
    assert group.submit("good") == "GOOD"
    database.close()


def test_two_transactions_that_wait_for_each_other_are_both_done(database_url: str) -> None:
    database, both = Database(database_url), threading.Barrier(2)
    with database.write() as connection:
        connection.execute(meta.insert(), [{"key": key, "value": "x"} for key in ("a", "b")])

    def work(connection: Connection, words: Sequence[str]) -> list[str]:
        for key in words[0]:
            connection.execute(meta.update().where(meta.c.key == key).values(value=words[0]))
            if not database.embedded and not both.broken:
                meet(both)
        return list(words)

    def meet(barrier: threading.Barrier) -> None:
        """Both hold their first row before either reaches for its second; done again, nobody is waited for."""
        with suppress(threading.BrokenBarrierError):
            barrier.wait(2)
        barrier.abort()

    one, other = GroupCommit(database, work), GroupCommit(database, work)
    results: list[str] = []
    threads = [
        threading.Thread(target=lambda g=group, w=word: results.append(g.submit(w)))
        for group, word in ((one, "ab"), (other, "ba"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(results) == ["ab", "ba"]
    database.close()


def test_a_thread_that_is_ended_while_it_works_leaves_nobody_waiting(database_url: str) -> None:
    database, held = Database(database_url), threading.Event()

    def work(connection: Connection, words: Sequence[str]) -> list[str]:
        held.wait(5)
        if "end" in words:
            raise SystemExit
        return list(words)

    group = GroupCommit(database, work)
    results: list[str] = []

    def submit(word: str) -> None:
        try:
            results.append(group.submit(word))
        except BaseException as error:  # noqa: BLE001
            results.append(type(error).__name__)

    threads = [threading.Thread(target=submit, args=(word,)) for word in ("first", "end", "end")]
    for thread in threads:
        thread.start()
        thread.join(0.3)
    held.set()
    for thread in threads:
        thread.join(5)
    assert sorted(results) == ["CutOff", "SystemExit", "first"]
    assert group.submit("after") == "after"
    database.close()
