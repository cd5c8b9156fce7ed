"""The database: SQLite embedded, PostgreSQL when one machine is outgrown. Here, and in ``engines``, is what differs."""

import re
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect, make_url
from sqlalchemy.ext.compiler import compiles

from plugin.engines import engine, move_log

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# What this database is: the mode it was made in (production, demo, test).
meta = sa.Table(
    "meta",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
ID = re.compile(r"[0-9a-z]{26}", re.ASCII)
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]


def milliseconds(moment: datetime) -> int:
    """Since 1970."""
    return (moment - EPOCH) // MILLISECOND


def moment_at(number: int) -> datetime:
    """So many milliseconds after the beginning of 1970."""
    return EPOCH + number * MILLISECOND


class Timestamp(sa.TypeDecorator[datetime]):
    """Aware UTC kept as milliseconds since 1970, so that both databases compare and add alike."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else milliseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else moment_at(value)


class now_ms(  # noqa: N801 - reads as the SQL function it is
    sa.sql.functions.FunctionElement[int]
):
    """The database's own clock, in milliseconds since 1970: the only one that several hosts share."""

    type = sa.BigInteger()
    inherit_cache = True


@compiles(now_ms, "sqlite")
def _now_sqlite(element: now_ms, compiler: Any, **kw: Any) -> str:
    return "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"


@compiles(now_ms, "postgresql")
def _now_postgresql(element: now_ms, compiler: Any, **kw: Any) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"


class latest(  # noqa: N801 - reads as the SQL function it is
    sa.sql.functions.FunctionElement[int]
):
    """The greatest of several numbers, none of them null."""

    type = sa.BigInteger()
    inherit_cache = True


@compiles(latest, "sqlite")
def _latest_sqlite(element: latest, compiler: Any, **kw: Any) -> str:
    return f"max({compiler.process(element.clauses, **kw)})"


@compiles(latest, "postgresql")
def _latest_postgresql(element: latest, compiler: Any, **kw: Any) -> str:
    return f"greatest({compiler.process(element.clauses, **kw)})"


class holds_ascii(  # noqa: N801 - reads as the SQL function it is
    sa.sql.functions.FunctionElement[bool]
):
    """``holds_ascii(column, "%acme%")``: the column is like the pattern of ASCII letters, in capitals or not. A quick
    sieve for many rows: lowering each of them takes five times as long."""

    type = sa.Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> "holds_ascii":
        """As it stands: a condition already."""
        return self


@compiles(holds_ascii, "sqlite")
def _holds_sqlite(element: holds_ascii, compiler: Any, **kw: Any) -> str:
    column, pattern = (compiler.process(part, **kw) for part in element.clauses)
    return f"{column} LIKE {pattern}"


@compiles(holds_ascii, "postgresql")
def _holds_postgresql(element: holds_ascii, compiler: Any, **kw: Any) -> str:
    column, pattern = (compiler.process(part, **kw) for part in element.clauses)
    return f"{column} ILIKE {pattern}"


class read_through(  # noqa: N801 - reads as what it does
    sa.sql.functions.FunctionElement[datetime]
):
    """A column by which SQLite looks for no index; PostgreSQL knows by itself when one is worth it."""

    type = Timestamp()
    inherit_cache = True


@compiles(read_through, "sqlite")
def _read_through_sqlite(element: read_through, compiler: Any, **kw: Any) -> str:
    return f"+{compiler.process(element.clauses, **kw)}"


@compiles(read_through, "postgresql")
def _read_through_postgresql(element: read_through, compiler: Any, **kw: Any) -> str:
    return str(compiler.process(element.clauses, **kw))


class _Ids:
    """Ids that rise: by the millisecond, and within one by a random step."""

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()

    def next(self) -> int:
        fresh = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(79)
        with self._lock:
            self._last = (
                fresh if fresh >> 80 > self._last >> 80 else self._last + 1 + secrets.randbits(48)
            )
            return self._last


_ids = _Ids()


def new_id() -> str:
    """26 lowercase characters, rising within a process, ordered by time (to the millisecond) across all."""
    value = _ids.next()
    return "".join([_PAIRS[value >> shift & 1023] for shift in range(120, -1, -10)])


def id_in(text: str) -> str:
    """*text* where it can be an id, else nothing: somebody else wrote it, and a database cannot hold every text."""
    return text if ID.fullmatch(text) else ""


def lowest_id(moment: datetime) -> str:
    """No id made from *moment* on is lower."""
    value = milliseconds(moment) << 80
    return "".join([_PAIRS[value >> shift & 1023] for shift in range(120, -1, -10)])


def made_at(some_id: str) -> datetime:
    """When ``new_id`` made it."""
    value = 0
    for sign in some_id:
        value = value << 5 | _ALPHABET.index(sign)
    return moment_at(value >> 80)


class WrongMode(Exception):
    """The database was made in another mode (production, demo, test)."""


class Database:
    """An engine and the two ways to use it: ``read()`` and ``write()``, each one transaction."""

    def __init__(self, url: str | sa.URL, *, pool_size: int = 10, by_index: bool = False) -> None:
        self.url = make_url(url)
        self.embedded = self.url.get_backend_name() == "sqlite"
        self.engine = engine(self.url, pool_size, by_index=by_index)
        self._writing = self.engine.execution_options(writing=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that may write; on SQLite it takes the write lock at once, so it never fails half-way."""
        with self._writing.connect() as connection, connection.begin():
            yield connection

    def checkpoint(self) -> None:
        """Moves what SQLite has logged into the file itself, beside whoever reads and writes meanwhile."""
        with closing(self.engine.raw_connection()) as connection:
            move_log(connection)

    def close(self) -> None:
        self.engine.dispose()


@contextmanager
def at_one_go(connection: Connection) -> Iterator[None]:
    """Inserts, updates and deletes in here, of which nothing is read back, reach PostgreSQL in one round trip.
    Errors come at the end of the block."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        yield
        return
    try:
        with driver.pipeline():
            yield
    except psycopg.Error as error:
        raise sa.exc.DBAPIError.instance(None, None, error, psycopg.Error) from error


def for_good(connection: Connection) -> None:
    """What this transaction deletes is overwritten in SQLite's file at once; PostgreSQL overwrites it in its time."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")


def remember_mode(database: Database, env: str) -> None:
    """Keeps the mode a database was made in; raises ``WrongMode`` when it was another."""
    with database.write() as connection:
        made_in = connection.scalar(sa.select(meta.c.value).where(meta.c.key == "env"))
        if made_in is None:
            connection.execute(meta.insert().values(key="env", value=env))
        elif made_in != env:
            raise WrongMode(
                f"This database was made with GENSVAR_ENV={made_in} and is now opened with {env}. "
                "Use the mode it was made in, or another DATABASE_URL."
            )
