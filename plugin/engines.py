"""How each of the two databases is opened, and how its connections are looked after."""

import time
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import ConnectionPoolEntry

from plugin.ready import call


def engine(url: sa.URL, pool_size: int, *, by_index: bool = False) -> Engine:
    """For the embedded database or the server that *url* names; *pool_size*: connections that are kept. *by_index*:
    for a program whose every statement finds a few rows, however many there are."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, pool_size)
    made = _postgresql(url, pool_size)
    if by_index:
        sa.event.listen(made, "connect", _find_by_index)
    return made


def _sqlite(url: sa.URL, pool_size: int) -> Engine:
    if url.database and url.database != ":memory:":
        path = Path(url.database)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)  # comments and addresses are nobody else's
    made = sa.create_engine(
        url,
        pool_size=pool_size,
        max_overflow=20,
        pool_use_lifo=True,  # who wrote last still knows the pages
        connect_args={"timeout": 30},
    )
    sa.event.listen(made, "connect", _prepare_sqlite)
    sa.event.listen(made, "begin", _begin_sqlite)
    return made


BUSY_TIMEOUT = 30_000  # milliseconds that a writer waits for another
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    f"busy_timeout={BUSY_TIMEOUT}",
    "wal_autocheckpoint=40000",  # pages; by then the server has moved them, in nobody's way
)


def _prepare_sqlite(connection: Any, record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing")
    call(connection, "BEGIN IMMEDIATE" if writing else "BEGIN", ())


LONG_LOG = 2000  # pages
KEPT_WAITING = 20  # milliseconds at most, should somebody still read what has changed since


def move_log(connection: Any) -> None:
    """Brings what SQLite has logged into its file.

    A log begins anew only once all of it was moved, which never comes where somebody goes on writing. From a long one
    on, writers wait for the few pages that came meanwhile: 2 to 5 ms were seen, instead of the 9 to 16 of a commit that
    finds its log too long."""
    execute = connection.cursor().execute
    _, logged, _ = execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    if logged > LONG_LOG:
        execute(f"PRAGMA busy_timeout={KEPT_WAITING}")
        try:
            execute("PRAGMA wal_checkpoint(FULL)")
        finally:
            execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")


def _postgresql(url: sa.URL, pool_size: int) -> Engine:
    made = sa.create_engine(url, pool_size=pool_size, max_overflow=20, pool_use_lifo=True)
    sa.event.listen(made, "checkin", _remember_use)
    sa.event.listen(made, "checkout", _ask_whether_alive)
    return made


# PostgreSQL plans by statistics, which are old while a table grows, and keeps the plan: a statement that was best
# served by reading a small table whole goes on reading it when it is large.
_BY_INDEX = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin", "jit")


def _find_by_index(connection: Any, record: ConnectionPoolEntry) -> None:
    connection.autocommit = True
    for name in _BY_INDEX:
        connection.execute(f"SET {name} = off")
    connection.autocommit = False


IDLE = 2.0  # seconds after which a connection is asked whether it is still there


def _remember_use(connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["used_at"] = time.monotonic()


def _ask_whether_alive(connection: Any, record: ConnectionPoolEntry, fairy: Any) -> None:
    """Instead of a question before each transaction, which costs as much as a statement. One that broke within these
    seconds fails one transaction, and SQLAlchemy then lets go of all that were open."""
    if time.monotonic() - record.info.get("used_at", 0.0) < IDLE:
        return
    try:
        connection.autocommit = True
        connection.execute("SELECT 1")
        connection.autocommit = False
    except psycopg.Error as error:
        raise sa.exc.DisconnectionError from error
