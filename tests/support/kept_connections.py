"""A connection to PostgreSQL is a process of the server's, which has yet to read what tables there are and to plan each
statement: that takes longer than most tests, and every test makes connections of its own. Those of a test that ended
serve the next one, with what they have read and planned.

Only who borrows the database is served: what still runs of an earlier test is not, nor is what it holds taken again.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

MOST = 8  # connections that are kept; tests of crowds take more
PLANS = 1000  # that a connection keeps; the driver's own 100 are for one program
_connect, _close = PGDialect_psycopg.connect, PGDialect_psycopg.do_close


class Kept:
    """What nobody uses at the moment, and who may use it."""

    def __init__(self) -> None:
        self._idle: list[psycopg.Connection] = []
        self._lent: WeakKeyDictionary[psycopg.Connection, str] = WeakKeyDictionary()
        self._borrower = ""

    @contextmanager
    def serving(self, role: str) -> Iterator[None]:
        self._borrower = role
        try:
            yield
        finally:
            self._borrower = ""

    @property
    def processes(self) -> list[int]:
        """Of the server's, which wait for the next borrower."""
        return [connection.info.backend_pid for connection in self._idle if not connection.closed]

    def connection(self, dialect: PGDialect_psycopg, *args: Any, **given: Any) -> Any:
        if not self._borrower or given.get("user") != self._borrower:
            return _connect(dialect, *args, **given)
        made = self._taken() or _connect(dialect, *args, **given | {"user": "postgres"})
        made.prepared_max = PLANS
        self._lent[made] = self._borrower
        return made

    def keeps(self, connection: psycopg.Connection) -> bool:
        """Whether it is kept: what an earlier borrower gives back is not, nor what is broken or in a transaction."""
        mine = self._lent.pop(connection, "") == self._borrower != ""
        unbegun = connection.info.transaction_status == TransactionStatus.IDLE
        if mine and unbegun and len(self._idle) < MOST:
            self._idle.append(connection)
            return True
        return False

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _taken(self) -> psycopg.Connection | None:
        while self._idle:
            with suppress(psycopg.Error):  # a test may cut all that lead to its database
                return _as_new(self._idle.pop())
        return None


def _as_new(connection: psycopg.Connection) -> psycopg.Connection:
    connection.autocommit = True
    connection.execute("RESET ALL", prepare=False)
    connection.autocommit = False
    connection._notice_handlers.clear()
    return connection


kept = Kept()


def _close_unless_kept(dialect: PGDialect_psycopg, connection: psycopg.Connection) -> None:
    if not kept.keeps(connection):
        _close(dialect, connection)


def _made_or_kept(dialect: PGDialect_psycopg, *args: Any, **given: Any) -> Any:
    return kept.connection(dialect, *args, **given)


PGDialect_psycopg.connect = _made_or_kept  # type: ignore[method-assign]
PGDialect_psycopg.do_close = _close_unless_kept  # type: ignore[method-assign]
