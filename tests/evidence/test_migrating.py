"""Answers of before count as they did, with everything that refers to them."""

import sqlalchemy as sa

from plugin.db import Database
from plugin.revisions import migrate, upgrade

BEFORE = """
INSERT INTO touchpoint (key, name, kind, stage, created_at) VALUES ('t', 'T', 'transactional', 'use', 0);
INSERT INTO person (id, installation, contact, seen_at) VALUES ('p', 'i', '1', 0);
INSERT INTO ask (id, installation, person, touchpoint, channel, created_at, expires_at)
  VALUES ('a', 'i', 'p', 't', 'link', 0, 1);
INSERT INTO answer (id, ask, installation, person, touchpoint, kind, channel, score, category,
                    revision, answered_at, revised_at)
  VALUES ('x', 'a', 'i', 'p', 't', 'transactional', 'link', 3, 'detractor', 2, 5, 6);
INSERT INTO revision (answer, revision, score, evidence, website, at)
  VALUES ('x', 1, 2, 'v1', '', 5), ('x', 2, 3, '', '', 6);
INSERT INTO followup (id, answer, installation, person, due_at, opened_at) VALUES ('f', 'x', 'i', 'p', 9, 5)
"""


def test_what_was_answered_before_counts_as_it_did(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    upgrade(database.url, "0004")
    with database.write() as connection:
        for statement in BEFORE.split(";"):
            connection.execute(sa.text(statement))
    database.close()
    migrate(empty_database_url)
    database = Database(empty_database_url)
    with database.read() as connection:
        row = connection.execute(sa.text("SELECT * FROM answer")).mappings().one()
        assert (row["id"], row["score"], row["standing"], row["hand"]) == ("x", 3, "counted", "")
        count = connection.scalar(
            sa.text("SELECT count(*) FROM revision JOIN answer ON id = answer")
        )
        assert count == 2
        assert connection.scalar(sa.text("SELECT answer FROM followup")) == "x"
        if database.embedded:
            assert not connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    database.close()
