"""Many workers deciding at the same moment, each with connections of its own: on PostgreSQL they really do."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from plugin.answers.actions import Post
from plugin.answers.rules import Submission
from plugin.app import create_app
from plugin.asking.actions import Wish, decide, declined
from plugin.asking.rules import Asked
from plugin.asking.store import ask, frequency
from plugin.people.rules import ContactName
from plugin.people.store import person
from plugin.services import Services
from plugin.touchpoints.store import touchpoint
from plugin.wiring import build_services
from tests.asking.test_decide import ANNA, Shelf
from tests.support.surveys import HUB, World, settings

WORKERS = 6
KEYS = [f"t{number}" for number in range(WORKERS)]


@pytest.fixture
def workers(survey_world: World, database_url: str) -> Iterator[list[Services]]:
    made = [build_services(settings(database_url), survey_world.clock) for _ in range(WORKERS)]
    now = survey_world.clock.now()
    rows = [{"key": key, "name": key, "kind": "transactional", "stage": "use"} for key in KEYS]
    survey_world.write(touchpoint.insert().values([row | {"created_at": now} for row in rows]))
    yield made
    for worker in made:
        worker.database.close()


def at_once(work: Sequence[Callable[[], Any]]) -> list[Any]:
    """All begin together; what each returned."""
    begin = threading.Barrier(len(work))

    def run(one: Callable[[], Any]) -> Any:
        begin.wait()
        return one()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(run, work))


def test_one_contact_is_asked_at_one_touchpoint(
    survey_world: World, workers: list[Services]
) -> None:
    for contact in ("101", "102", "103"):
        survey_world.person(contact)
        wishes = [Wish(HUB, ContactName(id=contact), key) for key in KEYS]
        decided = at_once(
            [
                lambda w=w, wish=wish: decide(w, wish)
                for w, wish in zip(workers, wishes, strict=True)
            ]
        )
        assert sum(isinstance(one, Asked) for one in decided) == 1
        assert {one.reason for one in decided if not isinstance(one, Asked)} == {"asked_recently"}


def test_the_same_wish_is_the_same_ask(survey_world: World, workers: list[Services]) -> None:
    survey_world.person("101")
    wish = Wish(HUB, ContactName(id="101"), "support")
    decided = at_once([lambda w=w: decide(w, wish) for w in workers])
    assert len({one.ask for one in decided}) == 1


def test_a_contact_seen_for_the_first_time_by_all_at_once_is_one_person(
    survey_world: World, workers: list[Services]
) -> None:
    for worker in workers:
        worker.directory = Shelf([ANNA])
    wishes = [Wish(HUB, ContactName(id="101"), key) for key in KEYS]
    decided = at_once(
        [lambda w=w, wish=wish: decide(w, wish) for w, wish in zip(workers, wishes, strict=True)]
    )
    assert sum(isinstance(one, Asked) for one in decided) == 1
    assert len(survey_world.rows(sa.select(person))) == 1


def test_a_company_s_cap_holds(survey_world: World, workers: list[Services]) -> None:
    survey_world.write(frequency.update().values(company_most=2, company_days=10))
    for number in range(WORKERS * 2):
        survey_world.person(str(number), company="c1")
    wishes = [Wish(HUB, ContactName(id=str(number)), "support") for number in range(WORKERS * 2)]
    for half in (wishes[:WORKERS], wishes[WORKERS:]):
        at_once(
            [lambda w=w, wish=wish: decide(w, wish) for w, wish in zip(workers, half, strict=True)]
        )
    assert survey_world.one(sa.select(sa.func.count()).select_from(ask)) == 2


def test_asks_answers_and_declines_get_into_nobody_s_way(
    survey_world: World, workers: list[Services]
) -> None:
    """Whoever asks locks the person, whoever answers the ask: neither waits for ever, and no limit breaks."""
    for contact in ("101", "102"):
        survey_world.person(contact)
    apps = [create_app(worker) for worker in workers]

    def storm(number: int) -> None:
        for turn in range(12):
            contact, key = ("101", "102")[turn % 2], KEYS[(number + turn) % WORKERS]
            decision = decide(workers[number], Wish(HUB, ContactName(id=contact), key))
            if not isinstance(decision, Asked):
                continue
            if turn % 3:
                door = apps[number].extensions["gensvar.answers"]
                door.recorder.submit(Post(decision.ask, Submission("", 2)))
            else:
                with workers[number].database.write() as connection:
                    declined(connection, decision.ask, workers[number].clock)

    at_once([lambda n=n: storm(n) for n in range(WORKERS)])
    for who in survey_world.rows(sa.select(person)):
        asks = survey_world.rows(sa.select(ask).where(ask.c.person == who["id"]))
        assert len(asks) == 1
        assert who["last_answered_at"] or who["last_declined_at"]
