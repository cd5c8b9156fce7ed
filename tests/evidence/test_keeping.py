"""What is known of openings and answers goes after thirty days, and goes where the person goes."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from plugin.answers.store import answer
from plugin.crm.erasing import erase_person
from plugin.crm.merging import merge
from plugin.evidence import belongings
from plugin.evidence.pruning import prune
from plugin.evidence.store import evidence, opening
from plugin.people.store import person
from tests.evidence.visitors import Visitor, saw
from tests.support.surveys import HUB, World


@pytest.fixture
def token(survey_world: World) -> str:
    token = survey_world.ask(channel="email")
    Visitor(survey_world, token).wait(3).send(9, saw())
    return token


def kept(world: World) -> tuple[int, int]:
    return len(world.rows(sa.select(opening))), len(world.rows(sa.select(evidence)))


def test_after_thirty_days_it_is_gone_and_the_answer_still_counts(
    survey_world: World, token: str
) -> None:
    def pruned(days: float) -> bool:
        with survey_world.shared.database.write() as connection:
            at = survey_world.clock.now() + timedelta(days=days)
            return prune(connection, at, at_once=1)

    assert not pruned(29)
    assert kept(survey_world) == (1, 1)
    assert pruned(31)
    assert not pruned(31)
    assert kept(survey_world) == (0, 0)
    assert survey_world.one(sa.select(answer.c.standing)) == "counted"


@pytest.mark.parametrize("query", ["score=11&by=%00", "given=%00"])
def test_what_no_database_holds_in_an_address_keeps_no_opening_from_being_noted(
    survey_world: World, query: str
) -> None:
    token = survey_world.ask(channel="email")
    assert Visitor(survey_world, token, f"/s/{token}?{query}").page.status_code == 200
    assert kept(survey_world) == (1, 0)


def test_it_is_erased_with_the_person(survey_world: World, token: str) -> None:
    Visitor(survey_world, survey_world.ask("102", channel="link"))
    with survey_world.shared.database.write() as connection:
        erase_person(connection, HUB, "101", survey_world.clock.now())
    assert kept(survey_world) == (1, 0)


def test_it_is_the_survivor_s_after_a_merge_and_in_her_export(
    survey_world: World, token: str
) -> None:
    survey_world.person("102")
    now = survey_world.clock.now()
    ids = {row["contact"]: row["id"] for row in survey_world.rows(sa.select(person))}
    with survey_world.shared.database.write() as connection:
        merge(connection, ids["101"], "102", now, now)
    with survey_world.shared.database.read() as connection:
        held = belongings.held(connection, [ids["102"]])
        nothing = belongings.held(connection, [ids["101"]])
    assert [len(held[name]) for name in ("openings", "evidence")] == [1, 1]
    assert [len(nothing[name]) for name in ("openings", "evidence")] == [0, 0]


def test_of_two_who_turned_out_to_be_one_either_link_is_judged_by_all_that_is_known(
    survey_world: World,
) -> None:
    older = survey_world.ask("1", channel="email")
    newer = survey_world.ask("2", channel="email")
    now = survey_world.clock.now()
    ids = {row["contact"]: row["id"] for row in survey_world.rows(sa.select(person))}
    with survey_world.shared.database.write() as connection:
        merge(connection, ids["1"], "2", now, now)
    machine = Visitor(survey_world, older).wait(3)
    machine.get(machine.form.decoy)
    machine.send(1, saw())
    assert [row["standing"] for row in survey_world.rows(sa.select(answer))] == ["provisional"]
    assert Visitor(survey_world, older).wait(3).send(8, saw()).status_code == 201
    assert Visitor(survey_world, newer).wait(3).page.text.count("Thank you")
    counted = survey_world.rows(sa.select(answer).where(answer.c.standing == "counted"))
    assert [row["score"] for row in counted] == [8]
    assert [row["reason"] for row in survey_world.rows(sa.select(evidence))] == [
        "decoy_link",
        "hand",
    ]
