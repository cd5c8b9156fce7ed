"""The database: migrations, modes, times and transactions, on both kinds."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import plugin.tables  # noqa: F401 - every room's tables
from plugin import engines
from plugin.db import (
    Database,
    WrongMode,
    meta,
    metadata,
    new_id,
    now_ms,
    remember_mode,
)
from plugin.people.store import person
from plugin.revisions import MIGRATIONS, DatabaseTooNew, migrate, ours, revision, upgrade
from tests.support.databases import CAREFUL
from tools.postgres import Cluster


def test_migrations_make_what_the_rooms_describe(empty_database_url: str) -> None:
    migrate(empty_database_url)
    database = Database(empty_database_url)
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    current, ours = revision(database)
    assert current == ours
    database.close()
    migrate(empty_database_url)


def test_the_files_are_named_for_their_revisions_in_order() -> None:
    steps = list(ScriptDirectory(str(MIGRATIONS)).walk_revisions())
    assert [step.revision for step in steps][::-1] == ours()
    assert len([step for step in steps if step.is_head]) == 1


def test_a_newer_database_is_refused_in_words(database_url: str) -> None:
    database = Database(database_url)
    with database.write() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(DatabaseTooNew, match="9999"):
        migrate(database_url)


def test_a_database_remembers_the_mode_it_was_made_in(database_url: str) -> None:
    database = Database(database_url)
    remember_mode(database, "demo")
    remember_mode(database, "demo")
    with pytest.raises(WrongMode, match="demo"):
        remember_mode(database, "production")
    database.close()


def test_times_come_back_as_aware_utc_to_the_millisecond(database_url: str) -> None:
    database = Database(database_url)
    at = datetime(2026, 11, 21, 10, 0, 0, 123000, tzinfo=UTC)
    with database.write() as connection:
        connection.execute(
            person.insert().values(id="p", installation="i", contact="1", seen_at=at)
        )
    with database.read() as connection:
        assert connection.scalar(sa.select(person.c.seen_at)) == at
        clock = connection.scalar(sa.select(now_ms()))
    assert abs(clock / 1000 - datetime.now(UTC).timestamp()) < 5
    database.close()


def test_a_failed_transaction_leaves_nothing(database_url: str) -> None:
    database = Database(database_url)

    def fail_half_way() -> None:
        with database.write() as connection:
            connection.execute(meta.insert().values(key="a", value="1"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    with database.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(meta)) == 0
    database.close()


def test_what_was_committed_outlives_a_power_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "_PRAGMAS", CAREFUL)
    database = Database(f"sqlite:///{tmp_path / 'careful.db'}")
    full = 2
    with database.write() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == full
    database.close()


def test_ids_are_ordered_by_time_and_never_alike() -> None:
    made = [new_id() for _ in range(2000)]
    assert len(set(made)) == 2000
    assert all(len(each) == 26 and each == each.lower() for each in made)
    assert made == sorted(made)


def test_touchpoints_and_what_refers_to_them_live_through_the_migration_of_kinds(
    empty_database_url: str,
) -> None:
    database = Database(empty_database_url)
    upgrade(database.url, "0006")
    with database.write() as connection:
        for statement in (
            "INSERT INTO touchpoint (key, name, kind, stage, created_at) VALUES ('a', 'A', 'relational', 'use', 1)",
            "INSERT INTO person (id, installation, contact, seen_at) VALUES ('p', 'hubspot:1', '1', 1)",
            """INSERT INTO ask (id, installation, person, touchpoint, channel, created_at, expires_at)
               VALUES ('k', 'hubspot:1', 'p', 'a', 'link', 1, 2)""",
            """INSERT INTO ask (id, installation, person, touchpoint, channel, created_at, expires_at, state)
               VALUES ('l', 'hubspot:1', 'p', 'a', 'link', 1, 2, 'answered')""",
            _answered("early", "l", 9, "promoter", 5),
            _answered("late", "k", 2, "detractor", 7),
            _answered("apart", "k", 8, "passive", 8, standing="set_aside"),
        ):
            connection.execute(sa.text(statement))
    migrate(empty_database_url)
    with database.write() as connection:
        kept = connection.execute(sa.text("SELECT key, kind, sample FROM touchpoint")).all()
        assert [tuple(row) for row in kept] == [("a", "relational", 100)]
        newest = connection.execute(sa.text('SELECT answer, score, "before" FROM newest_answer'))
        assert [tuple(row) for row in newest] == [("late", 2, 9)]
        connection.execute(sa.text("UPDATE touchpoint SET kind = 'csat'"))
    with pytest.raises(sa.exc.IntegrityError), database.write() as connection:
        connection.execute(sa.text("UPDATE touchpoint SET kind = 'smile'"))
    with pytest.raises(sa.exc.IntegrityError), database.write() as connection:
        connection.execute(sa.text("DELETE FROM touchpoint"))
    database.close()


@pytest.mark.postgresql
def test_connections_that_broke_while_nobody_used_them_are_not_noticed(
    postgresql: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "IDLE", 0.0)
    with postgresql.database() as url:
        database = Database(url)
        break_all(database)
        with database.write() as connection:
            assert connection.scalar(sa.text("SELECT 1")) == 1
        database.close()


@pytest.mark.postgresql
def test_one_that_broke_in_use_fails_once_and_takes_the_others_with_it(
    postgresql: Cluster,
) -> None:
    with postgresql.database() as url:
        database = Database(url)
        break_all(database)
        with pytest.raises(sa.exc.OperationalError), database.read() as connection:
            connection.scalar(sa.text("SELECT 1"))
        for _ in range(3):
            with database.read() as connection:
                assert connection.scalar(sa.text("SELECT 1")) == 1
        database.close()


def break_all(database: Database) -> None:
    """Three connections wait in the pool, and the server ends them."""
    with database.read() as one, database.read() as two, database.read() as three:
        mine = [c.scalar(sa.text("SELECT pg_backend_pid()")) for c in (one, two, three)]
    with closing(psycopg.connect(psycopg_url(database))) as other:
        for pid in mine:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))


def psycopg_url(database: Database) -> str:
    return database.url.set(drivername="postgresql").render_as_string(hide_password=False)


def _answered(
    name: str, ask: str, score: int, category: str, at: int, standing: str = "counted"
) -> str:
    return f"""INSERT INTO answer (id, ask, hand, standing, installation, person, touchpoint, kind, channel, score,
               category, revision, answered_at, revised_at)
               VALUES ('{name}', '{ask}', '{name}', '{standing}', 'hubspot:1', 'p', 'a', 'relational', 'link',
               {score}, '{category}', 1, {at}, {at})"""


@pytest.mark.parametrize("by_index", [True, False])
def test_who_looks_up_single_rows_reads_no_table_whole_however_small_it_was_believed_to_be(
    postgresql: Cluster, postgresql_template: str, by_index: bool
) -> None:
    with postgresql.database(template=postgresql_template) as url:
        database = Database(url, by_index=by_index)
        with database.write() as connection:
            connection.execute(meta.insert().values(key="only", value="one"))
            connection.exec_driver_sql("ANALYZE meta")
        with database.read() as connection:
            plan = connection.exec_driver_sql("EXPLAIN SELECT value FROM meta WHERE key = 'only'")
            read_whole = any("Seq Scan" in str(row) for row in plan)
        database.close()
    assert read_whole is not by_index
