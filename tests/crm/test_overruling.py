"""An administrator decides that an answer does not count, or does after all: both CRMs follow."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from plugin.access.rules import Who
from plugin.access.store import audit_entry
from plugin.answers.standing import Order
from plugin.answers.store import answer
from plugin.asking.store import ask
from plugin.crm.overruling import overrule
from plugin.deliveries.store import delivery
from plugin.deliveries.verdicts import Lane
from plugin.errors import Problem
from plugin.followups.store import followup
from plugin.people.store import person

ANNA = Who("a1", "Anna Berg")


@pytest.fixture
def contact(side):
    return side.contact(owner=side.colleague("Anna"))


@pytest.fixture
def someone(here, account, contact):
    return here.person(account, contact, name="Åsa Öberg")


@pytest.fixture
def decide(here):
    def decided(answer_id, counts, why="Looks like a scanner"):
        order = Order(counts, ANNA, why)
        with here.services.database.write() as connection:
            return overrule(connection, answer_id, order, here.services.clock)

    return decided


def the_answer(here, ask_id):
    return here.one(sa.select(answer.c.id).where(answer.c.ask == ask_id)).id


def test_nothing_is_decided_without_a_reason_and_of_one_question_never_two_count(
    here, someone, decide
):
    asked = here.answer(someone, 9)
    counted = the_answer(here, asked)
    with pytest.raises(Problem) as refused:
        decide(counted, False, why="")
    assert list(refused.value.fields) == ["why"]
    row = dict(here.one(sa.select(answer))._mapping)
    here.run(answer.insert().values(row | {"id": "z", "hand": "z", "standing": "provisional"}))
    with pytest.raises(Problem) as refused:
        decide("z", True)
    assert "Set that one aside first" in str(refused.value.fields)
    with pytest.raises(Problem) as refused:
        decide("nobody", True)
    assert refused.value.code == "not_found"
    assert decide(counted, True) is False


def test_what_the_crm_was_not_told_yet_it_is_never_told(here, side, someone, contact, decide):
    here.services.clock.scale = 1
    decide(the_answer(here, here.answer(someone, 2)), False)
    here.hurry()
    here.deliver()
    assert side.tasks(contact) == side.answers(contact) == []
    assert side.field(contact, "score") is None
    assert here.one(sa.select(followup)) is None


def test_what_stands_in_the_crm_is_taken_back(here, side, someone, contact, decide):
    earlier = here.answer(someone, 8, touchpoint={"key": "earlier"})
    asked = here.answer(someone, 2, "Waited long")
    here.deliver()
    assert len(side.answers(contact)) == 2
    assert decide(the_answer(here, asked), False)
    here.deliver()
    (task,) = side.tasks(contact)
    assert task["done"]
    assert "does not count any more" in task["body"].splitlines()[0]
    assert len(side.answers(contact)) == 1
    assert float(side.field(contact, "score")) == 8
    assert side.field(contact, "follow_up") is None
    told = here.follow_up()
    assert (told.state, told.closed_by) == ("closed", "the answer does not count")
    asks = {row.id: row.state for row in here.all(sa.select(ask))}
    assert asks == {earlier: "answered", asked: "open"}
    her = here.one(sa.select(person))
    assert (
        her.last_answered_at
        == here.one(sa.select(answer.c.answered_at).where(answer.c.ask == earlier)).answered_at
    )
    assert her.follow_up_open is False
    (entry,) = here.all(sa.select(audit_entry).where(audit_entry.c.who == "a1"))
    assert (entry.verb, entry.detail) == ("set aside", "Looks like a scanner")


def test_shown_on_the_contact_and_set_aside_before_its_record_was_made(
    here, side, someone, contact, decide
):
    asked = here.answer(someone, 9)
    record = delivery.c.kind == "answer"
    here.run(delivery.update().where(record).values(due_at=here.now() + timedelta(days=1)))
    here.deliver()
    assert float(side.field(contact, "score")) == 9
    decide(the_answer(here, asked), False)
    here.deliver()
    assert side.field(contact, "score") is None


def test_where_it_was_the_only_answer_the_contact_s_fields_are_cleared(
    here, side, someone, contact, decide
):
    asked = here.answer(someone, 2, "Waited long")
    here.deliver()
    decide(the_answer(here, asked), False)
    here.deliver()
    assert side.answers(contact) == []
    for key in ("score", "category", "comment", "answered_at", "follow_up"):
        assert side.field(contact, key) is None, key
    her = here.one(sa.select(person))
    assert her.last_answered_at is None


def test_decided_back_all_is_there_again(here, side, someone, contact, decide):
    asked = here.answer(someone, 2, "Waited long")
    here.deliver()
    counted = the_answer(here, asked)
    decide(counted, False)
    here.deliver()
    assert decide(counted, True, why="She rang us")
    here.deliver()
    (task,) = side.tasks(contact)
    assert not task["done"]
    assert "counts again" in task["body"].splitlines()[0]
    assert len(side.answers(contact)) == 1
    assert float(side.field(contact, "score")) == 2
    assert side.field(contact, "follow_up") == "open"
    assert here.follow_up().state == "open"
    assert here.one(sa.select(ask)).state == "answered"
    assert here.one(sa.select(person)).follow_up_open is True


def test_back_and_forth_before_the_crm_heard_of_any_of_it(here, side, someone, contact, decide):
    asked = here.answer(someone, 2, "Waited long")
    here.deliver()
    counted = the_answer(here, asked)
    for counts in (False, True, False, True):
        assert decide(counted, counts)
    here.deliver()
    assert len(side.answers(contact)) == len(side.tasks(contact)) == 1
    assert not side.tasks(contact)[0]["done"]
    assert float(side.field(contact, "score")) == 2


def test_set_aside_while_its_task_waited_and_counted_again_it_has_its_task(
    here, side, someone, contact, decide
):
    counted = the_answer(here, here.answer(someone, 2, "Waited long"))
    claim = here.ledger.take("tests")
    assert claim.rows[0].kind == "task"
    here.ledger.give_back(claim.lease, claim.rows)
    decide(counted, False)
    here.deliver()
    assert here.follow_up() is None
    decide(counted, True)
    here.deliver()
    (task,) = side.tasks(contact)
    assert not task["done"]
    assert here.follow_up().state == "open"
    assert side.field(contact, "follow_up") == "open"


def test_counted_again_while_its_task_is_being_given_up_it_has_its_task(
    here, side, someone, contact, decide
):
    counted = the_answer(here, here.answer(someone, 2))
    claim = here.ledger.take("tests")
    here.ledger.give_back(claim.lease, claim.rows)
    decide(counted, False)
    claim = here.ledger.take("tests")
    verdicts = here.ledger.handlers["task"].handle(Lane(claim.lease.lane), claim.rows, 25.0)
    decide(counted, True)
    here.ledger.settle(claim.lease, list(zip(claim.rows, verdicts, strict=True)))
    here.ledger.give_back(claim.lease)
    here.deliver()
    assert len(side.tasks(contact)) == 1
    assert here.follow_up().state == "open"


def test_revised_up_before_it_is_set_aside_its_open_task_is_opened_again(
    here, side, someone, contact, decide
):
    asked = here.answer(someone, 2)
    here.deliver()
    here.revise(asked, 9)
    counted = the_answer(here, asked)
    for counts in (False, True):
        decide(counted, counts)
        here.deliver()
        assert side.tasks(contact)[0]["done"] is not counts
    assert here.follow_up().state == "open"


def test_a_task_that_was_deleted_meanwhile_is_not_waited_for(
    here, side, account, someone, contact, decide
):
    counted = the_answer(here, here.answer(someone, 2))
    here.deliver()
    decide(counted, False)
    side.delete_task(here.follow_up().task)
    decide(counted, True)
    here.deliver()
    here.poll(account)
    here.deliver()
    assert here.follow_up().closed_by == "task deleted in the CRM"
    assert side.field(contact, "follow_up") == "closed"


def test_an_answer_that_never_counted_counts_as_a_first_one(here, side, someone, contact, decide):
    asked = here.answer(someone, 2, "Waited long")
    here.run(sa.delete(sa.table("delivery")))
    here.run(followup.delete())
    here.run(answer.update().values(standing="provisional"))
    here.run(ask.update().values(state="open"))
    assert decide(the_answer(here, asked), True)
    here.deliver()
    assert len(side.answers(contact)) == len(side.tasks(contact)) == 1
    assert here.follow_up().state == "open"


def test_a_follow_up_that_a_person_closed_stays_closed(here, side, someone, contact, decide):
    asked = here.answer(someone, 2)
    here.deliver()
    here.run(followup.update().values(state="closed", closed_by="Bo", closed_at=here.now()))
    counted = the_answer(here, asked)
    decide(counted, False)
    decide(counted, True)
    here.deliver()
    assert here.follow_up().closed_by == "Bo"


def test_satisfaction_that_does_not_count_leaves_its_fields(here, side, someone, contact, decide):
    asked = here.answer(someone, 4, touchpoint={"key": "visit", "kind": "csat"})
    here.deliver()
    assert float(side.field(contact, "csat_score")) == 4
    decide(the_answer(here, asked), False)
    here.deliver()
    assert side.field(contact, "csat_score") is None
    assert side.field(contact, "csat_at") is None
