"""Rows that travel together arrive as they would one by one."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from plugin import rowset
from plugin.answers.store import revision
from plugin.db import Database, Timestamp, metadata

NOW = datetime(2026, 11, 21, 12, 30, 15, 123_000, UTC)
thing = sa.Table(
    "thing",
    sa.MetaData(),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("user", sa.Text),  # a word of SQL
    sa.Column("score", sa.SmallInteger),
    sa.Column("big", sa.BigInteger),
    sa.Column("yes", sa.Boolean),
    sa.Column("at", Timestamp),
)


def row(number: int, **values: Any) -> dict[str, Any]:
    usual = {"user": "Åsa", "score": 7, "big": 2**53 + 1, "yes": True, "at": NOW}
    return {"id": f"row{number}", **usual, **values}


def test_what_cannot_travel_is_refused_and_nothing_is_written(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    thing.metadata.create_all(database.engine)
    for rows in ([row(1), row(2, user=b"bytes")], [row(3, user=b"bytes")]):
        with pytest.raises(TypeError), database.write() as connection:
            rowset.insert(connection, thing, rows)
    with database.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(thing)) == 0
    database.close()


@pytest.mark.parametrize("at_once", [1, 2, 9])
def test_rows_come_back_as_they_were_given(empty_database_url: str, at_once: int) -> None:
    database = Database(empty_database_url)
    thing.metadata.create_all(database.engine)
    rows = [
        row(1),
        row(2, user='it\'s "quoted" \\ \n 🙂 العربية', yes=False),
        row(3, user=None, score=None, big=None, yes=None, at=None),
        row(4, user="", score=0),
        row(5, user="12"),
    ]
    with database.write() as connection:
        rowset.insert(connection, thing, [])
        for first in range(0, len(rows), at_once):
            rowset.insert(connection, thing, rows[first : first + at_once])
        found = [dict(r) for r in connection.execute(sa.select(thing).order_by("id")).mappings()]
    assert found == rows
    database.close()


def test_columns_left_out_get_their_defaults(database_url: str) -> None:
    database = Database(database_url)
    assert "revision" in metadata.tables
    with database.write() as connection:
        if database.embedded:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        given = {"answer": "a", "revision": 1, "score": 3, "at": NOW}
        rowset.insert(connection, revision, [given])
        found = connection.execute(sa.select(revision)).mappings().one()
        assert (found["comment"], found["may_contact"], found["at"]) == ("", None, NOW)
        connection.execute(revision.delete())
    database.close()
