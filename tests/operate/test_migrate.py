"""``gensvar migrate``, on both databases."""

import json

import sqlalchemy as sa

from plugin.db import Database, meta


def test_brings_an_empty_database_here_and_says_so_once(gensvar, empty_database_url):
    gensvar.set(**reachable(empty_database_url))

    first = json.loads(gensvar("migrate", "--json").out)
    again = json.loads(gensvar("migrate", "--json").out)

    assert first["before"] is None
    assert first["changed"] is True
    assert again == {"before": first["now"], "now": first["now"], "changed": False}


def test_a_newer_database_is_refused_in_words(gensvar, database_url):
    gensvar.set(**reachable(database_url))
    change(database_url, "UPDATE alembic_version SET version_num = '9999'")

    ran = gensvar("migrate")

    assert ran.code == 1
    assert "9999" in ran.err
    assert "newer" in ran.err
    assert not ran.out


def test_a_database_of_another_mode_is_left_alone(gensvar, database_url):
    gensvar.set(**reachable(database_url))
    change(database_url, "INSERT INTO meta (key, value) VALUES ('env', 'demo')")

    ran = gensvar("migrate")

    assert ran.code == 1
    assert "demo" in ran.err
    assert mode(database_url) == "demo"


def reachable(url: str) -> dict[str, str]:
    keys = {"SIGNING_KEYS": "s" * 32, "ENCRYPTION_KEYS": "e" * 32, "ADMIN_TOKEN": "a" * 32}
    return {"DATABASE_URL": url, **keys}


def change(url: str, statement: str) -> None:
    database = Database(url)
    with database.write() as connection:
        connection.execute(sa.text(statement))
    database.close()


def mode(url: str) -> str | None:
    database = Database(url)
    with database.read() as connection:
        found = connection.scalar(sa.select(meta.c.value).where(meta.c.key == "env"))
    database.close()
    return found
