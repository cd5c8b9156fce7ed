"""SQLite's log reaches the file beside the work, and holds nobody up."""

import shutil
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from plugin import engines
from plugin.db import Database, meta
from plugin.operate.checkpoints import start_checkpoints


@pytest.fixture
def database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copy(sqlite_template, tmp_path / "gensvar.db")
    with closing(Database(f"sqlite:///{tmp_path / 'gensvar.db'}")) as opened:
        yield opened


def in_file(database: Database, key: str) -> bool:
    """Whether the file alone, without its log, holds *key*."""
    alone = Path(f"{database.url.database}.alone")
    shutil.copy(str(database.url.database), alone)
    with closing(sqlite3.connect(alone)) as connection:
        found = connection.execute("SELECT 1 FROM meta WHERE key = ?", (key,)).fetchone()
    return found is not None


def write(database: Database, key: str) -> None:
    with database.write() as connection:
        connection.execute(meta.insert().values(key=key, value="x"))


def test_who_writes_and_who_reads_are_not_waited_for(database: Database) -> None:
    write(database, "before")
    with database.read() as reader, database.write() as writer:
        reader.scalar(sa.select(sa.func.count()).select_from(meta))
        writer.execute(meta.insert().values(key="during", value="x"))
        began = time.monotonic()
        database.checkpoint()
        assert time.monotonic() - began < 5
    assert in_file(database, "before")
    assert not in_file(database, "during")


def test_a_commit_does_not_do_it(database: Database) -> None:
    with database.write() as connection:
        rows = [
            {"key": f"{n}", "value": "x" * 4000} for n in range(1500)
        ]  # over SQLite's own limit
        connection.execute(meta.insert(), rows)
    assert not in_file(database, "0")


def test_a_long_log_begins_anew_though_somebody_goes_on_writing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "LONG_LOG", 50)
    monkeypatch.setattr(engines, "KEPT_WAITING", 5_000)
    with database.write() as connection:
        connection.execute(meta.insert(), [{"key": f"{n}", "value": "x" * 4000} for n in range(99)])
    with ThreadPoolExecutor() as other:
        with database.write() as writer:
            writer.execute(meta.insert().values(key="during", value="x"))
            moving = other.submit(database.checkpoint)
            time.sleep(0.2)
        moving.result()
    assert in_file(database, "during")
    write(database, "in the new log")
    assert logged(database) < 10


def logged(database: Database) -> int:
    """Pages."""
    with closing(sqlite3.connect(str(database.url.database))) as connection:
        _, pages, _ = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    return int(pages)


def test_afterwards_a_writer_waits_for_another_as_long_as_before(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "LONG_LOG", 0)
    write(database, "logged")
    database.checkpoint()
    with database.read() as connection:
        waits = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    assert waits == engines.BUSY_TIMEOUT


def test_a_reader_keeps_nobody_waiting_for_long(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "LONG_LOG", 0)
    with database.read() as reader:
        reader.scalar(sa.select(sa.func.count()).select_from(meta))
        write(database, "after she began")
        began = time.monotonic()
        database.checkpoint()
        assert time.monotonic() - began < 5
    write(database, "and after that")
    database.checkpoint()
    assert in_file(database, "and after that")


def test_it_happens_again_and_again_until_stopped(database: Database) -> None:
    stop = start_checkpoints(database, pause=0.02)
    for key in ("first", "second"):
        write(database, key)
        over = time.monotonic() + 10
        while not in_file(database, key) and time.monotonic() < over:
            time.sleep(0.02)
        assert in_file(database, key)
    stop()
    write(database, "third")
    assert not in_file(database, "third")
