"""Owing: once per key, once per topic as long as nobody has begun, in one statement."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from plugin.db import Database
from plugin.deliveries.actions import Owed, begun, ensure_lane, owe, void
from plugin.deliveries.store import delivery, lane

NOW = datetime(2026, 11, 21, 12, 0, 0, 5000, tzinfo=UTC)
SOON = NOW + timedelta(seconds=2)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    with opened.write() as connection:
        ensure_lane(connection, "lane", 10)
    yield opened
    opened.close()


def effect(key: str = "a", topic: str = "", **changed: Any) -> Owed:
    given = {
        "lane": "lane",
        "kind": "note",
        "subject": "s",
        "payload": {"id": "é ☃"},
        "due_at": NOW,
    }
    return Owed(key=key, topic=topic or key, **given | changed)


def owe_all(database: Database, *owed: Owed) -> None:
    with database.write() as connection:
        owe(connection, owed, NOW)


def rows(database: Database) -> list[sa.Row[Any]]:
    with database.read() as connection:
        return list(connection.execute(sa.select(delivery).order_by(delivery.c.id)))


def settle(database: Database, **values: Any) -> None:
    with database.write() as connection:
        connection.execute(delivery.update().values(started_at=NOW, **values))


@pytest.mark.parametrize("others", [0, 1, 40])
def test_what_is_owed_stands_there_as_it_was_said(database: Database, others: int) -> None:
    owe_all(
        database, effect("a"), effect("b", due_at=SOON), *(effect(f"c{n}") for n in range(others))
    )
    first, second, *more = rows(database)
    assert (first.key, first.state, first.payload, first.created_at) == (
        "a",
        "queued",
        {"id": "é ☃"},
        NOW,
    )
    assert (second.key, second.due_at, second.attempts, second.in_doubt) == ("b", SOON, 0, False)
    assert [row.key for row in more] == [f"c{n}" for n in range(others)]


def test_ids_follow_the_order_in_which_effects_are_owed(database: Database) -> None:
    keys = [f"z{n}" if n % 2 else f"a{n}" for n in range(50)]
    owe_all(database, *map(effect, keys))
    assert [row.key for row in rows(database)] == keys


@pytest.mark.parametrize("key", ["a", "later"])
def test_a_topic_nobody_has_begun_is_only_postponed(database: Database, key: str) -> None:
    owe_all(database, effect("a", "topic"))
    owe_all(database, effect(key, "topic", due_at=SOON))
    assert [(row.key, row.due_at) for row in rows(database)] == [("a", SOON)]


def test_one_topic_twice_in_one_call_is_owed_once(database: Database) -> None:
    owe_all(database, effect("a", "topic"), effect("b", "topic"))
    assert [row.key for row in rows(database)] == ["b"]


def test_a_topic_that_was_begun_is_owed_again(database: Database) -> None:
    owe_all(database, effect("a", "topic"))
    settle(database)
    owe_all(database, effect("b", "topic"))
    assert [row.key for row in rows(database)] == ["a", "b"]


@pytest.mark.parametrize("state", ["queued", "delivered", "parked", "unsure", "void"])
def test_a_key_that_was_begun_or_settled_is_never_owed_again(
    database: Database, state: str
) -> None:
    owe_all(database, effect("a"))
    settle(database, state=state)
    owe_all(database, effect("a", due_at=SOON), effect("b"))
    assert [(row.key, row.state) for row in rows(database)] == [("a", state), ("b", "queued")]


def test_a_lane_that_does_not_exist_is_refused(database: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        owe_all(database, effect("a", lane="nowhere"))


def test_a_lane_is_made_once_and_takes_a_new_rate(database: Database) -> None:
    with database.write() as connection:
        ensure_lane(connection, "lane", 4)
        assert connection.execute(sa.select(lane.c.id, lane.c.rate)).all() == [("lane", 4.0)]


def test_only_what_nobody_has_begun_is_taken_back(database: Database) -> None:
    owe_all(database, effect("a", "begun"))
    settle(database)
    owe_all(database, effect("b", "open"), effect("c", "other"))
    with database.write() as connection:
        assert void(connection, ["begun", "open"], "revised_up", SOON) == 1
    assert [row.state for row in rows(database)] == ["queued", "void", "queued"]
    assert (rows(database)[1].error, rows(database)[1].settled_at) == ("revised_up", SOON)


def test_begun_names_topics_under_way_or_done(database: Database) -> None:
    owe_all(database, effect("a"))
    settle(database, state="delivered")
    owe_all(database, effect("b"))
    with database.read() as connection:
        assert begun(connection, ["a", "b", "c"]) == {"a"}


def test_a_void_effect_was_not_done(database: Database) -> None:
    owe_all(database, effect("a"))
    settle(database, state="void")
    with database.read() as connection:
        assert begun(connection, ["a"]) == set()
