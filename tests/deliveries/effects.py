"""The other side: a store of effects in a file of its own, with a unique key, that several processes reach."""

import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

TABLES = """
CREATE TABLE IF NOT EXISTS effect (seq INTEGER PRIMARY KEY, key TEXT UNIQUE, subject TEXT, n INTEGER, by TEXT);
CREATE TABLE IF NOT EXISTS doubled (key TEXT, by TEXT);
CREATE TABLE IF NOT EXISTS call (lane TEXT, rows INTEGER, began REAL, ended REAL, by TEXT);
"""


class Effects:
    def __init__(self, path: Path) -> None:
        self._file = sqlite3.connect(
            path, timeout=30, isolation_level=None, check_same_thread=False
        )
        self._file.execute("PRAGMA journal_mode=WAL")
        self._file.execute("PRAGMA synchronous=OFF")
        self._file.executescript(TABLES)

    def close(self) -> None:
        self._file.close()

    def known(self, keys: Sequence[str]) -> set[str]:
        asked = ",".join("?" * len(keys))
        rows = self._file.execute(f"SELECT key FROM effect WHERE key IN ({asked})", list(keys))
        return {key for (key,) in rows}

    def write(self, effects: Sequence[tuple[str, str, int]], by: str) -> None:
        """Whoever writes a key again without having looked has done it twice."""
        for key, subject, n in effects:
            try:
                self._file.execute(
                    "INSERT INTO effect (key, subject, n, by) VALUES (?, ?, ?, ?)",
                    (key, subject, n, by),
                )
            except sqlite3.IntegrityError:
                self._file.execute("INSERT INTO doubled VALUES (?, ?)", (key, by))

    def called(self, lane: str, rows: int, began: float, by: str) -> None:
        row = (lane, rows, began, time.monotonic(), by)
        self._file.execute("INSERT INTO call VALUES (?, ?, ?, ?, ?)", row)

    def all(self, what: str) -> list[tuple]:
        return self._file.execute(what).fetchall()

    def count(self, table: str = "effect") -> int:
        return self.all(f"SELECT count(*) FROM {table}")[0][0]
