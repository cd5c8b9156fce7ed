"""What people do to tasks in either CRM is known here after one look, whatever goes wrong on the way."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from plugin.access.rules import CLI
from plugin.crm import polls
from plugin.crm.actions import connect, disconnect, leave
from plugin.crm.handlers import poll as polling
from plugin.crm.handlers.poll import Polls
from plugin.deliveries.store import delivery, lane
from plugin.deliveries.verdicts import Wait
from plugin.followups.store import followup
from tests.support.granting import grant


@pytest.fixture
def contact(here, side, account):
    """Somebody who is unhappy, with a task that a rep has."""
    contact = side.contact(owner=side.colleague("Anna"))
    here.answer(here.person(account, contact, name="Åsa Öberg"), 3)
    here.deliver()
    assert side.field(contact, "follow_up") == "open"
    return contact


@pytest.fixture
def task(here, contact):
    return here.follow_up().task


def seen(here, account):
    here.poll(account)
    here.deliver()
    return here.follow_up()


def test_a_poll_is_owed_as_soon_as_the_crm_is_set_up_and_always_one(here, account):
    assert here.states("poll") == ["queued"]
    here.poll(account, times=3)
    assert sorted(here.states("poll")) == ["delivered", "queued"]
    assert here.row(account).polled_at is not None


def test_nobody_is_polled_before_the_first_set_up(here, side):
    made = here.connect(side.name, side.sandbox, set_up=False)
    ensured(here)
    assert here.deliveries("poll") == []
    with here.services.database.write() as connection:
        polls.begin(connection, here.services.clock, made)
    here.poll(made)
    assert here.row(made).polled_at is None


def test_whoever_was_left_out_is_polled_after_a_start_and_only_once(here, account):
    here.run(delivery.delete().where(delivery.c.kind == "poll"))
    here.run(lane.delete().where(lane.c.id == polls.poll_lane(account)))
    ensured(here)
    ensured(here)
    assert here.states("poll") == ["queued"]
    here.run(delivery.update().values(state="parked"))
    ensured(here)
    here.poll(account)
    assert here.row(account).polled_at is not None


def test_closed_in_the_crm_is_closed_here_and_on_the_contact(here, side, account, contact, task):
    side.finish(task, "slow_reply", "solved")
    told = seen(here, account)
    assert (told.state, told.cause, told.outcome) == ("closed", "slow_reply", "solved")
    assert side.field(contact, "follow_up") == "closed"


def test_given_away_in_the_crm_is_given_away_here(here, side, account, contact, task):
    bo = side.colleague("Bo")
    here.another()  # owners are kept for a minute in HubSpot: a process that never saw them
    side.give(task, bo)
    here.others[-1].poll(account)
    here.deliver()
    assert (here.follow_up().owner, here.follow_up().owner_name) == (bo, "Bo Berg")
    assert "Bo" in side.field(contact, "follow_up_owner")


def test_deleted_in_the_crm_closes_and_says_so(here, side, account, contact, task):
    side.delete_task(task)
    told = seen(here, account)
    assert (told.state, told.outcome) == ("closed", None)
    assert "deleted" in told.closed_by
    assert side.field(contact, "follow_up") == "closed"


def test_seen_twice_is_the_same_as_seen_once(here, side, account, contact, task):
    side.finish(task, "price", "partly")
    first = seen(here, account)
    calls = side.sandbox.count("")
    assert seen(here, account) == first
    assert side.sandbox.count("contacts/batch/update") <= calls
    assert here.states("contact").count("queued") == 0


def test_a_poll_that_dies_before_it_is_settled_never_was(here, side, account, contact, task):
    seen(here, account)
    mark = here.row(account).poll_mark
    side.finish(task, "price", "partly")
    row, handler = here.deliveries("poll")[-1], Polls(here.connections)
    handler.handle(_Lane(polls.poll_lane(account)), [_Row(row)], 25.0)
    assert here.follow_up().state == "open"
    assert here.row(account).poll_mark == mark
    assert seen(here, account).state == "closed"


def test_what_cannot_be_written_here_takes_the_mark_back_with_it(
    here, side, account, contact, task, monkeypatch
):
    seen(here, account)
    before = here.row(account)
    side.finish(task, "price", "partly")
    monkeypatch.setattr(polling, "change", broken)
    here.poll(account)
    assert (here.follow_up().state, here.row(account).poll_mark) == ("open", before.poll_mark)
    assert here.states("poll").count("queued") == 1
    monkeypatch.undo()
    assert seen(here, account).state == "closed"


@pytest.mark.parametrize("fault", ["status", "reset", "lost", "garbage"])
def test_a_crm_that_is_away_is_asked_again_and_nothing_is_lost(
    here, side, account, contact, task, fault
):
    here.poll(account)
    side.finish(task, "price", "partly")
    side.sandbox.fail("(composite|batch/read)", fault, status=503)
    here.poll(account)
    assert here.follow_up().state == "open"
    assert here.lane(account, "poll").wait_reason
    assert here.lane(account).wait_reason is None  # what is owed goes on
    the_pause_is_over(here)
    assert seen(here, account).state == "closed"


def test_access_taken_back_stops_polls_and_connecting_again_shows_what_happened_meanwhile(
    here, side, account, contact, task
):
    here.poll(account)
    side.revoke()
    side.finish(task, "price", "partly")
    here.change(account, refresh_at=here.services.clock.now(), token_expires_at=None)
    here.poll(account)
    assert here.row(account).state == "needs_reconnect"
    assert here.lane(account, "poll").parked_reason
    here.services.clock.ahead += timedelta(days=1)
    assert late(here) == []  # it says already that it needs to be connected again
    with here.services.database.write() as connection:
        granted = grant(side.name, side.sandbox)
        services = here.services
        connect(connection, services.clock, services.sealer, granted, way="oauth", who=CLI)
    assert here.lane(account, "poll").parked_reason is None
    assert seen(here, account).state == "closed"


def test_disconnecting_stops_polls_at_once(here, side, account):
    with here.services.database.write() as connection:
        leave(connection, here.services.clock, account, CLI)
    assert here.lane(account, "poll").parked_reason == "disconnecting"
    with here.services.database.write() as connection:
        disconnect(connection, account)
    ensured(here)
    assert here.lane(account, "poll").parked_reason == "disconnected"
    before = len(side.sandbox.calls)
    assert here._ledger({"poll": Polls(here.connections)}).take("polls") is None
    assert len(side.sandbox.calls) == before


def test_who_was_not_polled_for_long_is_late(here, account):
    here.services.clock.scale = 1.0
    here.poll(account)
    assert late(here) == []
    here.services.clock.ahead += timedelta(minutes=16)
    assert late(here) == [account]
    here.poll(account)
    assert late(here) == []


def test_the_next_poll_comes_in_five_minutes(here, account):
    here.services.clock.scale = 1.0
    here.poll(account)
    (waiting,) = (row for row in here.deliveries("poll") if row.state == "queued")
    wait = waiting.due_at - here.services.clock.now()
    assert timedelta(minutes=4) < wait <= timedelta(minutes=5)


def test_more_open_follow_ups_than_are_asked_for_at_once(here, side, account, monkeypatch):
    if side.name == "salesforce":
        here.change(account, capabilities={"task_key": "marker"})
    monkeypatch.setattr(polling, "TASKS_AT_ONCE", 2)
    for _ in range(5):
        here.answer(here.person(account, side.contact()), 0)
        here.deliver()
    for told in here.all(sa.select(followup)):
        side.finish(told.task, "price", "partly")
    here.poll(account)
    assert here.row(account).polled_at is None
    here.poll(account, times=2)
    assert here.row(account).polled_at is not None
    assert {told.state for told in here.all(sa.select(followup))} == {"closed"}


def test_opened_again_in_the_crm_is_open_here(here, side, account, contact, task):
    side.finish(task, "price", "partly")
    assert seen(here, account).state == "closed"
    here.run(delivery.delete().where(delivery.c.kind.in_(("event", "task_look"))))
    side.reopen(task)
    told = seen(here, account)
    assert (told.state, told.cause, told.outcome) == ("open", None, None)
    assert side.field(contact, "follow_up") == "open"


def test_long_closed_follow_ups_are_not_asked_for_again(here, side, account, contact, task):
    if side.name == "salesforce":
        here.change(account, capabilities={"task_key": "marker"})
    side.finish(task, "price", "partly")
    seen(here, account)
    long_ago = here.services.clock.now() - polling.STILL_LOOKED_AT
    here.run(followup.update().values(closed_at=long_ago))
    before = side.sandbox.count("batch/read") + side.sandbox.count("/queryAll")
    here.poll(account)
    assert side.sandbox.count("batch/read") + side.sandbox.count("/queryAll") == before


def test_a_poll_waits_in_words_while_its_installation_is_set_up(here, side):
    made = here.connect(side.name, side.sandbox, set_up=False)
    with pytest.raises(Wait, match="setting_up"):
        Polls(here.connections).handle(_Lane(polls.poll_lane(made)), [], 25.0)


def ensured(here):
    with here.services.database.write() as connection:
        polls.ensure(connection, here.services.clock)


def late(here):
    with here.services.database.read() as connection:
        return [row.id for row in polls.late(connection, here.services.clock)]


def the_pause_is_over(here):
    here.run(lane.update().values(not_before=None))


def broken(*_, **__):
    raise RuntimeError("no room")


class _Lane:
    def __init__(self, lane_id):
        self.id = lane_id
        self.calls = 1


class _Row:
    def __init__(self, row):
        self.id, self.payload = row.id, row.payload
