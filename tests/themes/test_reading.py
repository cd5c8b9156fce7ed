"""Comments are read in the worker: each once as it stands, revised ones again, erased ones never."""

import threading

import sqlalchemy as sa

from plugin.answers.store import answer, revision
from plugin.db import new_id
from plugin.themes import belongings, keeping, sweep
from plugin.themes.rules import Book, ready
from plugin.themes.store import answer_theme, theme_reading
from tests.themes.conftest import read, themes_of


def run(anna, statement):
    with anna.services.database.write() as connection:
        return connection.execute(statement)


def count(anna, table) -> int:
    with anna.services.database.read() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def revise(anna, answer_id: str, comment: str) -> None:
    with anna.services.database.write() as connection:
        mine = answer.c.id == answer_id
        connection.execute(answer.update().where(mine).values(comment=comment, revision=2))
        row = {"answer": answer_id, "revision": 2, "score": 8, "comment": comment}
        connection.execute(revision.insert().values(**row, at=anna.clock.now()))


def test_what_never_had_a_comment_is_not_even_noted(anna, said):
    said("")
    read(anna)
    assert count(anna, theme_reading) == 0


def test_a_comment_gets_its_themes_once_however_often_it_is_read(anna, said):
    one = said("Svindyrt och ingen ringer tillbaka", "sv")
    for _ in range(3):
        read(anna)
    assert themes_of(anna, one) == {"price", "missing_follow_up"}
    assert count(anna, theme_reading) == 1


def test_a_revised_comment_is_read_again_and_an_emptied_one_is_about_nothing(anna, said):
    one, other = said("Too expensive"), said("Too expensive")
    read(anna)
    revise(anna, one, "Rude people")
    revise(anna, other, "")
    read(anna)
    assert themes_of(anna, one) == {"unfriendly_staff"}
    assert themes_of(anna, other) == set()


def test_what_does_not_count_is_not_read(anna, said):
    one = said("Too expensive", standing="provisional")
    read(anna)
    assert themes_of(anna, one) == set()
    run(anna, answer.update().values(standing="counted"))
    read(anna)
    assert themes_of(anna, one) == {"price"}


def test_an_old_answer_is_found_by_the_walk(anna, said):
    one = said("Too expensive")
    old = "0" * 10 + one[10:]
    with anna.services.database.write() as connection:
        row = dict(connection.execute(sa.select(answer).where(answer.c.id == one)).mappings().one())
        connection.execute(
            answer.insert().values(row | {"id": old, "hand": "x", "standing": "set_aside"})
        )
        connection.execute(answer.update().where(answer.c.id == one).values(standing="set_aside"))
        connection.execute(answer.update().where(answer.c.id == old).values(standing="counted"))
    read(anna)
    assert themes_of(anna, old) == {"price"}


def test_more_than_one_batch_comes_to_an_end(anna, said, monkeypatch):
    monkeypatch.setattr("plugin.themes.walking.AT_ONCE", 3)
    monkeypatch.setattr("plugin.themes.walking.PAGE", 4)
    ids = [said("Too expensive") for _ in range(11)]
    read(anna)
    assert all(themes_of(anna, one) == {"price"} for one in ids)


def test_what_was_revised_while_it_was_read_is_left_for_the_next_time(anna, said):
    one = said("Too expensive")
    stale = {one: (1, Book(ready()).read("Too expensive", "en"))}
    revise(anna, one, "Rude people")
    with anna.services.database.write() as connection:
        keeping.keep(connection, stale, "x", anna.clock.now())
    assert count(anna, answer_theme) == 0


def test_two_readers_at_once_write_each_theme_once(anna, said):
    ids = [said("Too expensive and rude") for _ in range(20)]
    book = Book(ready())
    step = {one: (1, book.read("Too expensive and rude", "en")) for one in ids}
    failed = []

    def write() -> None:
        try:
            with anna.services.database.write() as connection:
                keeping.keep(connection, step, book.edition, anna.clock.now())
        except sa.exc.SQLAlchemyError as error:
            failed.append(error)

    readers = [threading.Thread(target=write) for _ in range(2)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert failed == []
    assert count(anna, answer_theme) == 40


def test_an_erased_person_leaves_nothing_here(anna, said):
    one, other = said("Too expensive"), said("Too expensive", name="Tom Berg")
    read(anna)
    with anna.services.database.write() as connection:
        whose = connection.scalar(sa.select(answer.c.person).where(answer.c.id == one))
        held = belongings.held(connection, [whose])
        assert [row["theme"] for row in held["answer_themes"]] == ["price"]
        assert belongings.forget(connection, [whose]) == 1
        assert belongings.held(connection, [whose]) == {"answer_themes": []}
    assert themes_of(anna, other) == {"price"}
    assert count(anna, theme_reading) == 1


def test_the_next_reading_is_owed_once_however_many_workers_start(anna, said):
    for _ in range(3):
        with anna.services.database.write() as connection:
            sweep.ensure(connection)
    with anna.services.database.read() as connection:
        from plugin.deliveries.store import delivery

        rows = connection.execute(sa.select(delivery).where(delivery.c.lane == sweep.LANE)).all()
    assert len(rows) == 1


def test_an_id_made_later_is_never_below_the_lowest_of_its_moment():
    from datetime import UTC, datetime, timedelta

    from plugin.db import lowest_id

    before = datetime.now(UTC) - timedelta(milliseconds=1)
    assert lowest_id(before) <= new_id() < lowest_id(datetime.now(UTC) + timedelta(seconds=1))
