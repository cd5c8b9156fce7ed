"""The fixtures that the rest of the suite stands on."""

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


def test_accessibility_is_really_looked_at(page):
    page.set_content("<html lang=en><title>Form</title><main><input></main>")
    assert "label" in violations(page)[0]
    page.set_content("<html lang=en><title>Form</title><main><label>Why? <input></label></main>")
    assert violations(page) == []
