import psycopg
import pytest

from tools import CannotObtain, postgres, postgres_programs


@pytest.fixture(scope="module")
def server():
    with postgres.cluster() as server:
        yield server


def connect(url):
    return psycopg.connect(url.replace("+psycopg", ""))


def test_takes_a_connection_even_for_root(server):
    with connect(server.create_database()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_keeps_what_was_committed_when_it_is_killed(server):
    url = server.create_database()
    with connect(url) as connection:
        connection.execute("CREATE TABLE answer AS SELECT 9 AS score")
    server.kill()
    server.start()
    with connect(url) as connection:
        assert connection.execute("SELECT score FROM answer").fetchall() == [(9,)]


def test_copies_a_template(server):
    with connect(server.create_database("template")) as connection:
        connection.execute("CREATE TABLE answer AS SELECT 9 AS score")
    with server.database(template="template") as url, connect(url) as connection:
        assert connection.execute("SELECT score FROM answer").fetchall() == [(9,)]


def test_nothing_of_it_is_left():
    with postgres.cluster() as server:
        connection = connect(server.create_database())
    with connection, pytest.raises(psycopg.OperationalError, match="terminating connection"):
        connection.execute("SELECT 1")
    assert not server.home.exists()


def test_says_what_to_do_where_there_is_none(monkeypatch):
    monkeypatch.setattr(postgres_programs, "packaged", lambda: None)
    monkeypatch.setattr(postgres_programs, "installed", lambda: None)
    with pytest.raises(CannotObtain, match="apt-get install"), postgres.cluster():
        pass


def test_shows_the_words_of_a_program_that_fails(server):
    with pytest.raises(CannotObtain, match=r"initdb failed:\n(?s:.*)exists but is not empty"):
        server.create()
