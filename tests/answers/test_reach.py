"""However much is stored, an answer reaches its rows by index and reads no table from end to end."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin import ready, rowset
from plugin.db import Database
from plugin.deliveries.planning import by_index
from plugin.ready import call
from tests.support.surveys import World

# What a statement's own parameter holds, and what it has found by then, are read from end to end by right.
LISTS = ("json_each", "CONSTANT ROW", "(subquery-", "SCAN found", "SCAN given")


@contextmanager
def statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """What goes through SQLAlchemy, and what goes to the driver at once."""
    seen: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, text: str, given: Any, *rest: Any) -> None:
        if text.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            seen.append((text, given))

    def called(connection: Connection, text: str, given: Any) -> Any:
        note(connection, None, text, given)
        return call(connection, text, given)

    sa.event.listen(database.engine, "before_cursor_execute", note)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ready, "call", called)
        patch.setattr(rowset, "call", called)
        yield seen
    sa.event.remove(database.engine, "before_cursor_execute", note)


def read_whole(database: Database, text: str, given: Any) -> list[str]:
    """The steps of the database's own plan that read a table from end to end."""
    explain = "EXPLAIN QUERY PLAN" if database.embedded else "EXPLAIN"
    with database.read() as connection:
        by_index(connection)
        plan = [str(row[-1]) for row in connection.exec_driver_sql(f"{explain} {text}", given)]
    whole = "SCAN " if database.embedded else "Seq Scan"
    return [step for step in plan if whole in step and not any(one in step for one in LISTS)]


def test_an_answer_and_its_revision_read_no_table_from_end_to_end(survey_world: World) -> None:
    token = survey_world.ask()
    with statements(survey_world.shared.database) as seen:
        assert survey_world.answer(token, score=3).status_code == 201
        assert survey_world.answer(token, score=9, comment="Better now.").status_code == 200
    assert len(seen) > 10
    for text, given in seen:
        assert read_whole(survey_world.shared.database, text, given) == [], text
