"""A refused e-mail inside its window is put off, not dropped; and stops when the window ends."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from plugin.asking.actions import decide
from plugin.asking.deferring import DeferredAsks
from plugin.asking.refusals import KIND
from plugin.asking.rules import Asked, NotAsked
from plugin.asking.store import ask, frequency, refused_ask
from plugin.crm.merging import merge
from plugin.deliveries.ledger import Ledger
from plugin.deliveries.pace import Pace
from plugin.deliveries.sending import Batch
from plugin.deliveries.store import delivery
from plugin.people.store import person
from plugin.touchpoints.store import touchpoint
from tests.asking.test_decide import ANNA, shelf, wish
from tests.support.surveys import World, settings, world

DAY = timedelta(days=1)


@pytest.fixture
def posting(database_url: str) -> Iterator[World]:
    """A world that sends mail, with one person in it; asking makes sense for two weeks."""
    made = world(settings(database_url))
    made.write(touchpoint.update().values(window_days=14))
    shelf(made, ANNA)
    yield made
    made.shared.database.close()


def work(world: World) -> None:
    """What a worker does with what is due by the world's clock."""
    handlers = {KIND: DeferredAsks(world.shared)}
    ledger = Ledger(
        world.shared.database, handlers, world.clock, now=lambda connection: world.clock.now()
    )
    claim = ledger.take("worker")
    while claim is not None:
        Batch(ledger, claim, Pace(world.clock.monotonic), threading.Event()).send()
        claim = ledger.claim(claim.lease)


def put_off(world: World) -> list[dict[str, Any]]:
    return world.rows(sa.select(refused_ask).where(refused_ask.c.again_at.is_not(None)))


def due(world: World) -> list[Any]:
    waiting = sa.and_(delivery.c.kind == KIND, delivery.c.state == "queued")
    return [row["due_at"] for row in world.rows(sa.select(delivery.c.due_at).where(waiting))]


def refuse(world: World, **changed: Any) -> NotAsked:
    decision = decide(world.shared, wish(**({"channel": "email"} | changed)))
    assert isinstance(decision, NotAsked)
    return decision


def declined(world: World, days_ago: float) -> None:
    world.person(
        email="a@b.c", opted_out=False, last_declined_at=world.clock.now() - days_ago * DAY
    )


def test_it_is_asked_on_the_day_on_which_it_may_be(posting: World) -> None:
    declined(posting, days_ago=25)
    at = refuse(posting).next_eligible_at
    assert due(posting) == [at]
    work(posting)
    assert posting.rows(sa.select(ask)) == [], "not before"
    posting.clock.ahead += 5 * DAY
    work(posting)
    assert posting.one(sa.select(ask.c.channel)) == "email"
    assert posting.rows(sa.select(refused_ask)) == []
    assert due(posting) == []


def test_what_cannot_be_asked_inside_its_window_is_not_put_off(posting: World) -> None:
    declined(posting, days_ago=10)
    assert refuse(posting).next_eligible_at is not None
    assert due(posting) == []
    posting.write(
        person.update().values(last_declined_at=None, unsubscribed_at=posting.clock.now())
    )
    refuse(posting)
    assert put_off(posting) == []


@pytest.mark.parametrize("channel", ["widget", "link"])
def test_only_mail_is_put_off(posting: World, channel: str) -> None:
    declined(posting, days_ago=25)
    refuse(posting, channel=channel)
    assert (put_off(posting), due(posting)) == ([], [])


def test_where_mail_is_off_nothing_is_put_off(posting: World) -> None:
    posting.shared.settings = replace(posting.shared.settings, mail_reply_to="")
    declined(posting, days_ago=25)
    refuse(posting)
    assert put_off(posting) == []


def test_wanted_again_and_again_it_is_still_put_off_once_and_for_the_first_window(
    posting: World,
) -> None:
    declined(posting, days_ago=25)
    refuse(posting)
    (first,) = put_off(posting)
    posting.clock.ahead += DAY
    refuse(posting)
    (second,) = put_off(posting)
    assert second["window_ends_at"] == first["window_ends_at"]
    assert len(due(posting)) == 1


def test_an_open_follow_up_is_looked_at_every_day_until_the_window_ends(posting: World) -> None:
    posting.person(email="a@b.c", opted_out=False, follow_up_open=True)
    refuse(posting)
    for _ in range(12):
        posting.clock.ahead += DAY
        work(posting)
        assert len(due(posting)) == 1
    posting.clock.ahead += DAY
    work(posting)
    assert (due(posting), put_off(posting)) == ([], [])
    assert posting.one(sa.select(refused_ask.c.reason)) == "follow_up_open"
    assert posting.rows(sa.select(ask)) == []


def test_a_worker_that_comes_too_late_asks_nobody(posting: World) -> None:
    declined(posting, days_ago=25)
    refuse(posting)
    posting.clock.ahead += 20 * DAY
    work(posting)
    assert posting.rows(sa.select(ask)) == []
    assert put_off(posting) == []


def test_quiet_hours_put_a_mail_off_until_they_are_over(posting: World) -> None:
    posting.person(email="a@b.c", opted_out=False, time_zone="Asia/Tokyo")
    hour = (posting.clock.now().hour + 9) % 24
    posting.write(frequency.update().values(quiet_from=hour, quiet_until=(hour + 2) % 24))
    assert refuse(posting).reason == "quiet_hours"
    posting.clock.ahead += timedelta(hours=2)
    work(posting)
    assert len(posting.rows(sa.select(ask))) == 1


def test_whoever_is_asked_on_a_page_meanwhile_gets_no_mail_later(posting: World) -> None:
    posting.person(email="a@b.c", opted_out=False, time_zone="Asia/Tokyo")
    hour = (posting.clock.now().hour + 9) % 24
    posting.write(frequency.update().values(quiet_from=hour, quiet_until=(hour + 2) % 24))
    refuse(posting)
    assert isinstance(decide(posting.shared, wish()), Asked)
    assert due(posting) == []


def test_an_archived_touchpoint_asks_nobody_later(posting: World) -> None:
    declined(posting, days_ago=25)
    refuse(posting)
    posting.write(touchpoint.update().values(archived_at=posting.clock.now()))
    posting.clock.ahead += 5 * DAY
    work(posting)
    assert (posting.rows(sa.select(ask)), posting.rows(sa.select(refused_ask))) == ([], [])


def test_after_a_merge_it_is_the_survivor_who_is_asked(posting: World) -> None:
    declined(posting, days_ago=25)
    refuse(posting)
    merged = posting.one(sa.select(person.c.id))
    posting.person("900", email="a@b.c", opted_out=False)
    with posting.shared.database.write() as connection:
        now = posting.clock.now()
        merge(connection, merged, "900", now, now)
    shelf(posting, ANNA.__class__("900", "Anna", "a@b.c", opted_out=False))
    posting.clock.ahead += 5 * DAY
    work(posting)
    asked = sa.select(person.c.contact).join(ask, ask.c.person == person.c.id)
    assert posting.one(asked) == "900"
