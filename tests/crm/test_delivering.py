"""From an answer to what a rep sees, in either CRM: exactly one effect, whatever goes wrong on the way."""

from contextlib import closing
from datetime import timedelta
from sqlite3 import connect

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from plugin.access.rules import CLI
from plugin.answers.store import answer
from plugin.crm.actions import stop_deliveries
from plugin.crm.merging import merge
from plugin.crm.setup import remove_now, set_up_now
from plugin.deliveries.store import delivery
from plugin.deliveries.verdicts import Wait
from plugin.followups.store import followup
from plugin.people import actions as people
from plugin.people.store import person


@pytest.fixture
def contact(side):
    return side.contact()


@pytest.fixture
def someone(here, account, contact):
    return here.person(account, contact, name="Åsa Öberg")


def one_of_each(side, contact):
    return len(side.tasks(contact)), len(side.answers(contact))


def test_a_detractor_is_a_task_an_answer_and_fields_on_the_contact(here, side, account):
    anna = side.colleague("Anna")
    contact = side.contact(owner=anna)
    here.answer(here.person(account, contact, name="Åsa Öberg"), 3, "Nobody <b>called</b> back")
    here.deliver()
    (task,) = side.tasks(contact)
    assert task["subject"] == "NPS 3: follow up with Åsa Öberg"
    assert task["owner"] == anna
    assert task["priority"] == "high"
    assert contact in task["body"]  # the link to the record
    assert len(side.answers(contact)) == 1
    assert float(side.field(contact, "score")) == 3
    assert side.field(contact, "category") == "detractor"
    assert side.field(contact, "comment") == "Nobody <b>called</b> back"
    assert side.field(contact, "follow_up") == "open"
    assert "Anna" in side.field(contact, "follow_up_owner")
    told = here.follow_up()
    assert told.task
    assert (told.owner, told.task_revision) == (anna, 1)


def test_a_promoter_is_no_task(here, side, someone, contact):
    here.answer(someone, 10)
    here.deliver()
    assert one_of_each(side, contact) == (0, 1)
    assert side.field(contact, "follow_up") is None


def test_the_customer_who_wants_no_contact_is_respected_first_of_all(here, side, someone, contact):
    here.answer(someone, 2, may_contact=False)
    here.deliver()
    assert "NOT want to be contacted" in side.tasks(contact)[0]["body"][:60]


@pytest.mark.parametrize(
    "database_url", [pytest.param("sqlite", marks=pytest.mark.sqlite)], indirect=True
)
def test_a_backup_from_before_the_delivery_makes_nothing_twice(
    here, side, someone, contact, tmp_path
):
    here.answer(someone, 3)
    file = make_url(here.services.settings.database_url).database
    with closing(connect(file)) as live, closing(connect(tmp_path / "backup.db")) as backup:
        live.backup(backup)
        here.deliver()
        assert one_of_each(side, contact) == (1, 1)
        backup.backup(live)
    assert "queued" in here.states()
    here.deliver()
    assert set(here.states()) == {"delivered"}
    assert one_of_each(side, contact) == (1, 1)
    assert here.follow_up().task


def test_an_inactive_owner_gets_nothing_the_fallback_does(here, side, account):
    anna, bo = side.colleague("Anna", active=False), side.colleague("Bo")
    here.change(account, fallback_owner=bo)
    contact = side.contact(owner=anna)
    here.answer(here.person(account, contact), 0)
    here.deliver()
    assert side.tasks(contact)[0]["owner"] == bo
    assert here.follow_up().owner == bo


def test_nobody_to_own_it_is_said_in_the_task(here, side, account):
    contact = side.contact(owner=side.colleague("Anna", active=False))
    here.answer(here.person(account, contact), 0)
    here.deliver()
    (task,) = side.tasks(contact)
    assert "Nobody active owns this contact" in task["body"]
    assert here.follow_up().owner == ""


def test_revised_up_before_delivery_owes_no_task(here, side, someone, contact):
    ask = here.answer(someone, 3)
    here.revise(ask, 9)
    here.deliver()
    assert one_of_each(side, contact) == (0, 1)
    assert float(side.field(contact, "score")) == 9
    assert side.field(contact, "follow_up") is None


def test_revised_up_while_the_crm_was_away_owes_no_task(here, side, someone, contact):
    side.sandbox.fail(".", status=503, times=1)
    ask = here.answer(someone, 3)
    claim = here.ledger.take("tests")
    assert claim.rows[0].kind == "task"
    here.revise(ask, 9)
    here.ledger.give_back(claim.lease, claim.rows)
    here.deliver()
    assert one_of_each(side, contact) == (0, 1)
    assert here.follow_up() is None
    assert side.field(contact, "follow_up") is None
    assert not here.one(sa.select(person.c.follow_up_open))[0]  # and may be asked again


def test_nothing_is_written_when_a_whole_call_no_longer_fits_into_the_lease(
    here, side, someone, contact
):
    here.answer(someone, 3)
    claim = here.ledger.take("slow")
    with pytest.raises(Wait, match="slow_crm"):
        here.ledger.handlers["task"].handle(_Lane(claim), claim.rows, 14.9)
    assert side.tasks(contact) == []


def test_revised_up_while_nobody_knows_of_the_task_is_told_on_the_task(
    here, side, someone, contact
):
    ask = here.answer(someone, 3)
    claim = here.ledger.take("killed")
    here.ledger.handlers["task"].handle(_Lane(claim), claim.rows, 25.0)
    here.revise(ask, 9)
    here.run(_lease_ended())
    here.deliver()
    (task,) = side.tasks(contact)
    assert "changed the score from 3 to 9" in task["body"]
    assert here.follow_up().task
    assert side.field(contact, "follow_up") == "open"


def test_a_revision_that_slips_past_a_task_being_made_is_told_by_a_line(
    here, side, someone, contact
):
    ask = here.answer(someone, 3)
    here.deliver()
    here.revise(ask, None, "Too slow")
    slipped = {"kind": "task", "key": "task:slipped", "topic": "task:slipped"}
    here.run(delivery.update().where(delivery.c.kind == "task_line").values(**slipped))
    here.deliver()
    (task,) = side.tasks(contact)
    assert task["body"].count("Too slow") == 1


def test_revised_up_after_delivery_adds_a_line_and_leaves_the_rest(here, side, someone, contact):
    ask = here.answer(someone, 3)
    here.deliver()
    here.revise(ask, 9, "All is well now")
    here.deliver()
    (task,) = side.tasks(contact)
    assert "changed the score from 3 to 9" in task["body"]
    assert task["body"].index("from 3 to 9") < task["body"].index("3 of 10")
    assert len(side.answers(contact)) == 1
    assert float(side.field(contact, "score")) == 9
    assert side.field(contact, "follow_up") == "open"


def test_a_comment_that_comes_later_is_one_line_and_one_answer(here, side, someone, contact):
    ask = here.answer(someone, 3)
    here.deliver()
    here.revise(ask, None, "Too slow")
    here.deliver()
    (task,) = side.tasks(contact)
    assert task["body"].count("the customer wrote: Too slow") == 1
    assert len(side.answers(contact)) == 1
    assert "Too slow" in side.answers(contact)[0]


def test_the_newest_answer_wins_whatever_the_order_of_delivery(here, side, someone, contact):
    for hours_ago, score in ((2, 3), (1, 8), (3, 10)):
        here.services.clock.ahead = -timedelta(hours=hours_ago)
        here.answer(someone, score)
    here.services.clock.ahead = timedelta()
    here.deliver()
    assert float(side.field(contact, "score")) == 8
    assert float(side.field(contact, "previous_score")) == 3
    assert len(side.answers(contact)) == 3


@pytest.mark.parametrize("kind", ["tasks", "answers", "contacts"])
@pytest.mark.parametrize("fault", ["lost", "reset"])
def test_a_reply_lost_on_the_way_is_one_effect_in_the_end(
    here, side, someone, contact, kind, fault
):
    side.sandbox.fail(getattr(side, f"writes_{kind}"), fault)
    here.answer(someone, 3)
    here.deliver()
    assert one_of_each(side, contact) == (1, 1)
    assert float(side.field(contact, "score")) == 3
    assert set(here.states()) == {"delivered"}


def test_a_worker_killed_after_the_crm_s_commit_is_one_effect(
    here, side, account, someone, contact
):
    here.answer(someone, 3)
    for _ in ("task", "contact", "answer"):
        claim = here.ledger.take("killed")
        here.ledger.handlers[claim.rows[0].kind].handle(_Lane(claim), claim.rows, 25.0)
        here.run(_lease_ended())
    here.deliver()
    assert one_of_each(side, contact) == (1, 1)


class _Lane:
    def __init__(self, claim):
        self.id, self.calls = claim.lease.lane, 1


def _lease_ended():
    from plugin.deliveries.store import lane

    return lane.update().values(lease_until=None, owner=None)


def test_revoked_access_loses_nothing_and_reconnecting_delivers_it(
    here, side, account, someone, contact
):
    side.revoke()
    here.answer(someone, 3)
    here.deliver()
    assert here.row(account).state == "needs_reconnect"
    assert here.lane(account).parked_reason
    here.answer(someone, 2)
    here.deliver()
    assert set(here.states()) == {"queued"}
    calls = len(side.sandbox.calls)
    here.deliver()
    assert len(side.sandbox.calls) == calls
    here.connect(side.name, side.sandbox, set_up=False)
    here.deliver()
    assert one_of_each(side, contact) == (2, 2)
    assert set(here.states()) == {"delivered"}


def test_disconnected_and_connected_again_nothing_is_sent_before_the_set_up(
    here, side, account, someone, contact
):
    here.answer(someone, 3)
    with here.services.database.write() as connection:
        stop_deliveries(connection, account, CLI)
    remove_now(here.connections, account, lambda words: None, delete_data=False)
    for _ in range(2):  # the first set-up may have failed
        here.connect(side.name, side.sandbox, set_up=False)
        here.deliver()
        assert set(here.states("task")) == {"queued"}
        assert here.lane(account).parked_reason == "setting_up"
    set_up_now(here.connections, account, lambda words: None)
    here.hurry()
    here.deliver()
    assert one_of_each(side, contact) == (1, 1)


def test_an_answer_that_came_while_a_merge_was_written_is_the_survivor_s_too(
    here, side, account, someone, contact
):
    other = side.contact()
    survivor = side.merge(other, contact)
    with here.services.database.write() as connection:
        kept = merge(connection, someone, survivor, here.now(), here.now())
    here.answer(someone, 3)  # still under the merged person's id
    here.deliver()
    assert {row.person for row in here.all(sa.select(answer))} == {kept}
    assert {row.person for row in here.all(sa.select(followup))} == {kept}
    assert one_of_each(side, survivor) == (1, 1)
    assert float(side.field(survivor, "score")) == 3


def test_a_merged_contact_s_answer_lands_on_the_survivor(here, side, someone, contact):
    other = side.contact()
    survivor = side.merge(other, contact)
    here.answer(someone, 3)
    here.deliver()
    assert one_of_each(side, survivor) == (1, 1)
    assert float(side.field(survivor, "score")) == 3
    with here.services.database.read() as connection:
        assert people.survivor(connection, someone).contact == survivor


def test_a_deleted_contact_is_parked_and_none_is_made(here, side, someone, contact):
    side.delete(contact)
    here.answer(someone, 3)
    here.deliver()
    assert {row.error for row in here.deliveries()} == {"contact_gone"}
    with here.services.database.read() as connection:
        assert people.survivor(connection, someone).gone_at is not None


def test_a_contact_who_takes_a_write_again_gets_what_was_parked(here, side, someone, contact):
    side.delete(contact)
    here.answer(someone, 3)
    here.deliver()
    side.restore(contact)
    here.answer(someone, 9)
    here.deliver()
    assert one_of_each(side, contact) == (1, 2)
    assert set(here.states()) == {"delivered"}


def test_bad_rows_are_set_apart_and_the_others_delivered(here, side, account):
    contacts = [side.contact() for _ in range(12)]
    everyone = [here.person(account, contact) for contact in contacts]
    for contact in contacts[:3]:
        side.delete(contact)
    for unhappy in everyone:
        here.answer(unhappy, 3)
    here.deliver()
    assert [one_of_each(side, contact) for contact in contacts[3:]] == [(1, 1)] * 9
    parked = [row for row in here.deliveries() if row.state == "parked"]
    assert {row.subject for row in parked} == set(everyone[:3])


def test_an_erased_person_s_answer_is_owed_no_more(here, side, someone, contact):

    here.answer(someone, 3)
    here.run(person.update().values(erased_at=here.services.clock.now()))
    here.deliver()
    assert one_of_each(side, contact) == (0, 0)
    assert set(here.states()) == {"void"}
