"""Every engine compiles the statements it runs and asks its server what that is, and every test has an engine of its
own: what was compiled for one database of a kind, and what the one server answered, is taken again for the next."""

from typing import Any

from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Engine
from sqlalchemy.util import LRUCache

_compiled: dict[str, LRUCache[Any, Any]] = {}
_make = Engine.__init__


def _with_what_was_compiled(engine: Engine, *args: Any, **options: Any) -> None:
    _make(engine, *args, **options)
    engine._compiled_cache = _compiled.setdefault(engine.dialect.name, LRUCache(5000))


_initialize = PGDialect_psycopg.initialize
_told: dict[str, Any] = {}


def _initialized(dialect: PGDialect_psycopg, connection: Any) -> None:
    if not _told:
        before = dict(vars(dialect))
        _initialize(dialect, connection)
        _told.update({k: v for k, v in vars(dialect).items() if before.get(k, _told) is not v})
    vars(dialect).update(_told)


def _same_kind(dialect: Any, other: object) -> bool:
    return type(dialect) is type(other)


def _kind(dialect: Any) -> int:
    return hash(type(dialect))


Engine.__init__ = _with_what_was_compiled  # type: ignore[method-assign]
PGDialect_psycopg.initialize = _initialized  # type: ignore[method-assign]
for kind in (SQLiteDialect_pysqlite, PGDialect_psycopg):
    kind.__eq__ = _same_kind  # type: ignore[assignment,method-assign]
    kind.__hash__ = _kind  # type: ignore[assignment,method-assign]
