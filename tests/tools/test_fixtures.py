"""The fixtures that the rest of the suite stands on."""

import psycopg
import pytest
import sqlalchemy as sa

from tests.support.accessibility import violations


@pytest.fixture
def connection(empty_database_url):
    engine = sa.create_engine(empty_database_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.mark.parametrize("_time", ["first", "second"])
def test_a_database_is_empty_for_every_test(connection, _time):
    assert sa.inspect(connection).get_table_names() == []
    connection.execute(sa.text("CREATE TABLE answer (score INTEGER)"))
    connection.commit()


def test_a_database_is_migrated(database_url):
    engine = sa.create_engine(database_url)
    assert "alembic_version" in sa.inspect(engine).get_table_names()
    engine.dispose()


@pytest.mark.postgresql
def test_a_connection_serves_the_next_test_as_if_it_were_new(lent_postgresql):
    question = "SELECT pg_backend_pid(), current_setting('work_mem')"
    new = asked(lent_postgresql, question)
    changing = "SELECT pg_backend_pid(), set_config('work_mem', '9MB', false)"
    assert asked(lent_postgresql, changing) == (new[0], "9MB")
    assert asked(lent_postgresql, question) == new


@pytest.mark.postgresql
def test_what_still_runs_of_an_earlier_test_reaches_nothing_of_the_next(lent_postgresql):
    with lent_postgresql.borrowed() as url:
        earlier = sa.create_engine(url)
        held = earlier.connect()
        held.execute(sa.text("SELECT 1"))
    with lent_postgresql.borrowed():
        with pytest.raises(sa.exc.OperationalError):
            held.execute(sa.text("SELECT 1"))
        with pytest.raises(sa.exc.OperationalError), earlier.connect():
            pass
        held.close()
    earlier.dispose()


@pytest.mark.postgresql
def test_the_next_test_finds_the_rows_that_migrating_made(lent_postgresql):
    rows = "SELECT (SELECT count(*) FROM meta), (SELECT count(*) FROM frequency)"
    made = asked(lent_postgresql, rows)
    with lent_postgresql.borrowed() as url, psycopg.connect(url.replace("+psycopg", "")) as mine:
        mine.execute("DELETE FROM frequency")
        mine.execute("INSERT INTO meta VALUES ('of', 'an earlier test')")
    assert asked(lent_postgresql, rows) == made == (0, 1)


@pytest.mark.postgresql
def test_who_changes_the_tables_leaves_them_to_nobody(lent_postgresql):
    with lent_postgresql.borrowed() as url, psycopg.connect(url.replace("+psycopg", "")) as mine:
        mine.execute("ALTER TABLE meta RENAME TO hidden")
    assert asked(lent_postgresql, "SELECT count(*) FROM meta") == (0,)


def asked(lent_postgresql, question):
    with lent_postgresql.borrowed() as url:
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            row = tuple(connection.execute(sa.text(question)).one())
        engine.dispose()
    return row


def test_accessibility_is_really_looked_at(page):
    page.set_content("<html lang=en><title>Form</title><main><input></main>")
    assert "label" in violations(page)[0]
    page.set_content("<html lang=en><title>Form</title><main><label>Why? <input></label></main>")
    assert violations(page) == []
