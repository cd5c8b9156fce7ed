"""The newest answer of each person and kind is what a look through all answers would find, whatever happens."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from plugin.access.rules import CLI
from plugin.answers import standing
from plugin.answers.store import answer, counted
from plugin.crm.consequences import consequences
from plugin.crm.erasing import erase_person
from plugin.crm.merging import merge
from plugin.people.store import person
from plugin.segments.store import newest_answer
from tests.support.surveys import HUB, World

Row = tuple[Any, ...]


def kept(world: World) -> list[Row]:
    query = sa.select(newest_answer).order_by(newest_answer.c.person, newest_answer.c.kind)
    return [tuple(row.values()) for row in world.rows(query)]


def looked_through(world: World) -> list[Row]:
    order = (answer.c.person, answer.c.kind, answer.c.answered_at, answer.c.id)
    rows = world.rows(sa.select(answer).where(counted).order_by(*order))
    return list(_newest(rows))


def _newest(rows: list[dict[str, Any]]) -> Iterator[Row]:
    for (who, kind), theirs in groupby(rows, lambda row: (row["person"], row["kind"])):
        *others, last = theirs
        before = others[-1]["score"] if others else None
        yield who, kind, last["id"], last["category"], last["score"], before, last["answered_at"]


def overrule(world: World, answer_id: str, *, counts: bool) -> None:
    order = standing.Order(counts, CLI, "tried")
    with world.shared.database.write() as connection:
        standing.overrule(
            connection, answer_id, order, world.clock.now(), consequences(world.clock), 86_400_000
        )


def test_it_follows_first_answers_revisions_and_what_no_longer_counts(survey_world: World):
    world, said = survey_world, {}
    for key, contact, score in (
        ("support", "1", 3), ("yearly", "1", 9), ("support", "1", 10), ("support", "2", 8),
    ):  # fmt: skip
        token = world.ask(contact, key=key)
        answered = world.answer(token, score=score)
        assert answered.status_code == 201
        said[key, contact, score] = token, answered.json["answer_id"]
        assert kept(world) == looked_through(world)
    assert len(kept(world)) == 3
    assert world.answer(said["support", "1", 3][0], score=5, comment="Slow").status_code == 200
    assert world.answer(said["support", "2", 8][0], score=0).status_code == 200
    assert kept(world) == looked_through(world)
    assert [row[5] for row in kept(world) if row[5] is not None] == [5]
    newest = said["support", "1", 10][1]
    for counts in (False, True):
        overrule(world, newest, counts=counts)
        assert kept(world) == looked_through(world)
    overrule(world, said["yearly", "1", 9][1], counts=False)
    assert kept(world) == looked_through(world)
    assert "relational" not in {row[1] for row in kept(world)}


def test_a_merge_and_an_erasure_take_it_along(survey_world: World):
    world = survey_world
    for contact, score in (("1", 2), ("2", 9), ("1", 7)):
        assert world.answer(world.ask(contact), score=score).status_code == 201
    one = world.one(sa.select(person.c.id).where(person.c.contact == "1"))
    now = world.clock.now()
    with world.shared.database.write() as connection:
        merge(connection, one, "2", now, now)
    assert kept(world) == looked_through(world)
    assert [(row[4], row[5]) for row in kept(world)] == [(7, 9)]
    with world.shared.database.write() as connection:
        erase_person(connection, HUB, "2", now)
    assert kept(world) == []
