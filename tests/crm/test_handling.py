"""Handled here and done there, closed there and closed here: one follow-up, whatever happens on the way."""

import pytest

from connectors.changes import TaskState
from plugin.crm import handling
from plugin.deliveries.store import delivery, lane
from plugin.deliveries.verdicts import Wait
from plugin.followups.store import followup


@pytest.fixture
def contact(side):
    return side.contact(owner=side.colleague("Anna"))


@pytest.fixture
def someone(here, account, contact):
    return here.person(account, contact, name="Åsa Öberg")


def handle(here, cause="slow_reply", outcome="solved"):
    with here.services.database.write() as connection:
        return handling.handled(
            connection,
            here.follow_up().id,
            cause=cause,
            outcome=outcome,
            by="Bo Berg",
            now=here.services.clock.now(),
        )


def look(here, account):
    """As a poll sees the task: whether anything was news."""
    task_id = here.follow_up().task
    state = here.connections.connector(here.row(account)).task_states([task_id])[task_id]
    return see(here, account, state)


def see(here, account, state: TaskState):
    with here.services.database.write() as connection:
        return handling.task_seen(connection, account, state, here.services.clock.now())


def test_handled_here_completes_the_task_there_and_comes_back_as_no_news(
    here, side, account, someone, contact
):
    here.answer(someone, 3)
    here.deliver()
    handle(here)
    here.deliver()
    (task,) = side.tasks(contact)
    assert task["done"]
    assert side.field(contact, "follow_up") == "closed"
    assert side.field(contact, "follow_up_due") is None
    assert not look(here, account)
    assert here.states("task_done") == ["delivered"]
    side.reopen(here.follow_up().task)
    assert look(here, account)
    here.deliver()
    assert side.field(contact, "follow_up") == "open"


def test_handled_before_there_was_a_task_nobody_is_given_one(here, side, someone, contact):
    here.answer(someone, 3)
    handle(here)
    here.deliver()
    assert side.tasks(contact) == []
    assert side.field(contact, "follow_up") == "closed"
    assert here.states("task") == ["void"]


def test_handled_while_the_task_waits_to_be_tried_again(here, side, someone, contact):
    here.answer(someone, 3)
    claim = here.ledger.take("tests")
    handle(here)
    here.ledger.give_back(claim.lease, claim.rows)
    here.deliver()
    assert side.tasks(contact) == []
    assert here.states("task") == ["void"]


def test_handled_while_nobody_knows_that_the_task_was_made(here, side, someone, contact):
    here.answer(someone, 3)
    claim = here.ledger.take("killed")
    here.ledger.handlers["task"].handle(Claimed(claim), claim.rows, 25.0)
    handle(here)
    here.run(lane.update().values(lease_until=None, owner=None))
    here.deliver()
    (task,) = side.tasks(contact)
    assert task["done"]
    assert here.follow_up().task
    assert side.field(contact, "follow_up") == "closed"


def test_handled_while_the_try_that_is_in_doubt_had_made_none(here, side, someone, contact):
    side.sandbox.fail(side.writes_tasks, "reset")
    here.answer(someone, 3)
    claim = here.ledger.take("tests")
    with pytest.raises(Wait):
        here.ledger.handlers["task"].handle(Claimed(claim), claim.rows, 25.0)
    handle(here)
    here.run(lane.update().values(lease_until=None, owner=None))
    here.deliver()
    (task,) = side.tasks(contact)  # it could not be known: so it is there, and nobody's work
    assert task["done"]


class Claimed:
    def __init__(self, claim):
        self.id, self.calls = claim.lease.lane, 1


def test_a_task_deleted_there_is_owed_nothing_more(here, side, account, someone, contact):
    here.answer(someone, 3)
    here.deliver()
    side.delete_task(here.follow_up().task)
    handle(here)
    here.deliver()
    assert here.states("task_done") == ["void"]
    assert not look(here, account)
    assert here.follow_up().closed_by == "Bo Berg"


def test_opened_again_by_the_customer_before_the_crm_was_told(here, side, someone, contact):
    here.answer(someone, 3)
    here.deliver()
    handle(here)
    here.run(followup.update().values(state="open"))
    here.deliver()
    assert not side.tasks(contact)[0]["done"]
    assert here.all(delivery.select().where(delivery.c.kind == "task_done"))[0].error == (
        "opened_again"
    )


def test_closed_there_is_closed_here_and_the_contact_shows_it(
    here, side, account, someone, contact
):
    here.answer(someone, 3)
    here.deliver()
    side.finish(here.follow_up().task, "price", "not_solved")
    assert look(here, account)
    here.deliver()
    told = here.follow_up()
    assert (told.state, told.cause, told.outcome) == ("closed", "price", "not_solved")
    assert side.field(contact, "follow_up") == "closed"
    assert here.states("task_done") == []


def test_given_to_somebody_else_there_the_contact_says_so(here, side, account, someone, contact):
    cia = side.colleague("Cia")
    here.answer(someone, 3)
    here.deliver()
    side.give(here.follow_up().task, cia)
    assert look(here, account)
    here.deliver()
    assert side.field(contact, "follow_up_owner").startswith("Cia")
