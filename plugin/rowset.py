"""Many rows in one statement that has the same text for two and for a thousand; one alone goes without the wrapping.

A group of answers shares a transaction in which nobody else gets on: what counts there is how often the
database is called, because each call hands the interpreter to another thread first.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.ext.compiler import compiles

from plugin.db import milliseconds
from plugin.ready import Texts, call


def insert(connection: Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts *rows*, which all have the same columns: texts, numbers, booleans, times, ``None``."""
    if len(rows) == 1:
        alone = _of_one(table, tuple(rows[0]), connection.dialect)
        call(connection, alone, tuple([_bound(value) for value in rows[0].values()]))
    elif rows:
        statement = _of_many(table, tuple(rows[0]), connection.dialect)
        call(connection, statement, (json.dumps(rows, default=_plain),))


def _bound(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int) else _plain(value)


def _plain(value: Any) -> int:
    if isinstance(value, datetime):
        return milliseconds(value)
    raise TypeError(f"{type(value).__name__} cannot travel in a row")


def texts(name: str) -> sa.BindParameter[Any]:
    """The parameter of ``among``: a list of texts."""
    return sa.bindparam(name, type_=Texts())


class among(  # noqa: N801 - reads as the SQL it is
    sa.sql.functions.FunctionElement[bool]
):
    """``among(column, texts("ids"))``: the column is one of them."""

    type = sa.Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> "among":
        """As it stands: a condition already. SQLite would compare it with 1, and read the whole table for that."""
        return self


@compiles(among, "sqlite")
def _among_sqlite(element: among, compiler: Any, alone: bool = False, **kw: Any) -> str:
    column, given = (compiler.process(part, **kw) for part in element.clauses)
    return f"{column} = {given}" if alone else f"{column} IN (SELECT value FROM json_each({given}))"  # noqa: S608


@compiles(among, "postgresql")
def _among_postgresql(element: among, compiler: Any, alone: bool = False, **kw: Any) -> str:
    column, given = (compiler.process(part, **kw) for part in element.clauses)
    if alone:
        return f"{column} = {given}"
    return f"{column} = ANY (ARRAY(SELECT json_array_elements_text(CAST({given} AS json))))"


class within(  # noqa: N801 - reads as the SQL it is
    among
):
    """``within(column, select.scalar_subquery())``: the column is one of the few texts that the select finds.
    PostgreSQL, which cannot know that they are few, would read the whole table for IN."""

    inherit_cache = True


@compiles(within, "sqlite")
def _within_sqlite(element: within, compiler: Any, **kw: Any) -> str:
    column, select = (compiler.process(part, **kw) for part in element.clauses)
    return f"{column} IN {select}"


@compiles(within, "postgresql")
def _within_postgresql(element: within, compiler: Any, **kw: Any) -> str:
    column, select = (compiler.process(part, **kw) for part in element.clauses)
    return f"{column} = ANY (ARRAY{select})"


@cache
def _of_one(table: sa.Table, names: tuple[str, ...], dialect: Dialect) -> str:
    """A third of what it takes to read one row out of JSON."""
    place = "?" if dialect.name == "sqlite" else "%s"
    return f"{_into(table, names)} VALUES ({', '.join([place] * len(names))})"


@cache
def _of_many(table: sa.Table, names: tuple[str, ...], dialect: Dialect) -> str:
    place = "?" if dialect.name == "sqlite" else "%s"
    return f"{_into(table, names)} {out_of_json(table, names, dialect, place)}"


def out_of_json(table: sa.Table, names: Sequence[str], dialect: Dialect, place: str) -> str:
    """A SELECT of *names*, typed as in *table*, out of the JSON list of objects that is the parameter at *place*. What
    is JSON in a row has to be an object."""
    if dialect.name == "sqlite":
        read = (f"value ->> '{name}' AS {_quoted(name)}" for name in names)
        return f"SELECT {', '.join(read)} FROM json_each({place})"  # noqa: S608 - our own names
    columns = ", ".join(map(_quoted, names))
    typed = ", ".join(f"{_quoted(n)} {table.c[n].type.compile(dialect)}" for n in names)
    return f"SELECT {columns} FROM json_to_recordset(CAST({place} AS json)) AS given ({typed})"  # noqa: S608


def _into(table: sa.Table, names: tuple[str, ...]) -> str:
    return f'INSERT INTO "{table.name}" ({", ".join(map(_quoted, names))})'


def _quoted(name: str) -> str:
    return f'"{name}"'
