"""Posts and decoys that meet in the same moment, in one process and in two."""

import threading
from collections.abc import Callable

import sqlalchemy as sa

from plugin.answers.store import answer
from plugin.app import create_app
from plugin.followups.store import followup
from tests.evidence.visitors import Visitor, saw
from tests.support.surveys import World

ROUNDS = 6


def at_once(*acts: Callable[[], object]) -> None:
    gate = threading.Barrier(len(acts))

    def act(one: Callable[[], object]) -> None:
        gate.wait()
        one()

    threads = [threading.Thread(target=act, args=(one,)) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def another(world: World) -> World:
    """A second web process at the same database."""
    return World(world.shared, create_app(world.shared), world.clock, world.tokens)


def test_a_decoy_that_is_pressed_while_the_answer_is_sent_to_another_process_is_not_missed(
    survey_world: World,
) -> None:
    elsewhere = another(survey_world)
    for contact in range(ROUNDS):
        machine = Visitor(survey_world, survey_world.ask(f"{contact}", channel="email")).wait(3)
        same = Visitor(elsewhere, machine.token)
        at_once(lambda: machine.send(1, saw()), lambda: same.get(machine.form.decoy))  # noqa: B023
    stands = [row["standing"] for row in survey_world.rows(sa.select(answer))]
    assert stands == ["provisional"] * ROUNDS
    assert not survey_world.rows(sa.select(followup))


def test_a_machine_and_a_person_at_the_same_moment_are_one_answer_that_counts(
    survey_world: World,
) -> None:
    elsewhere = another(survey_world)
    for contact in range(ROUNDS):
        token = survey_world.ask(f"{contact}", channel="email")
        her = Visitor(survey_world, token).wait(3)
        machine = Visitor(elsewhere, token)
        at_once(lambda: her.send(3, saw()), lambda: machine.send(10))  # noqa: B023
    rows = survey_world.rows(sa.select(answer))
    assert [row["score"] for row in rows if row["standing"] == "counted"] == [3] * ROUNDS
    assert len(rows) == 2 * ROUNDS


def test_the_same_page_sent_twice_at_once_is_one_answer(survey_world: World) -> None:
    elsewhere = another(survey_world)
    for contact in range(ROUNDS):
        her = Visitor(survey_world, survey_world.ask(f"{contact}", channel="email")).wait(3)
        same = Visitor(elsewhere, her.token)
        same.form = her.form
        at_once(lambda: her.send(3, saw()), lambda: same.send(3, saw()))  # noqa: B023
    stands = [row["standing"] for row in survey_world.rows(sa.select(answer))]
    assert stands == ["counted"] * ROUNDS
