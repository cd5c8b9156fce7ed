"""Deleted, restored, changed: the CRM's time decides, however the news comes."""

import itertools

import pytest
import sqlalchemy as sa

from plugin.answers.store import answer
from plugin.deliveries.store import delivery
from plugin.people.actions import LONG_AGO, see
from plugin.people.rules import FoundContact
from tests.support.surveys import HUB


def test_a_deleted_contact_is_kept_and_not_asked(survey_world, crm, answers):
    answers("1", 3)
    crm.says("deleted", "1")
    assert crm.known("1")["gone_at"] == crm.at(0)
    assert len(survey_world.rows(sa.select(answer))) == 1


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_the_last_thing_that_happened_holds_in_any_order(survey_world, crm, order):
    survey_world.person("1")
    happenings = ("deleted", "restored", "deleted", "restored")
    events = [crm.event(what, "1", minute) for minute, what in enumerate(happenings)]
    crm.tell(*[events[n] for n in order])
    assert crm.known("1")["gone_at"] is None
    crm.says("deleted", "1", minute=9)
    crm.tell(*events)
    assert crm.known("1")["gone_at"] == crm.at(9)


def test_restoring_queues_again_what_could_not_be_written(survey_world, crm, answers):
    answers("1", 3)
    crm.says("deleted", "1", minute=1)
    gone = {"state": "parked", "error": "contact_gone", "started_at": crm.at(1)}
    survey_world.write(delivery.update().values(**gone, settled_at=crm.at(1)))
    refused = delivery.c.kind == "task"
    survey_world.write(delivery.update().where(refused).values(error="row_refused"))
    crm.says("restored", "1", minute=2)
    crm.says("restored", "1", minute=2)
    states = {row["kind"]: row["state"] for row in survey_world.rows(sa.select(delivery))}
    assert states == {"answer": "queued", "contact": "queued", "task": "parked"}


def parked_as_gone(world, crm):
    gone = {"state": "parked", "error": "contact_gone", "started_at": crm.at(1)}
    world.write(delivery.update().values(**gone, settled_at=crm.at(1)))


def states(world):
    return {row["kind"]: row["state"] for row in world.rows(sa.select(delivery))}


def test_whoever_is_seen_before_the_news_of_her_return_is_told_all_the_same(
    survey_world, crm, answers
):
    """The news is older than what was seen, and changes nothing any more."""
    answers("1", 3)
    crm.says("deleted", "1", minute=-2)
    parked_as_gone(survey_world, crm)
    with survey_world.shared.database.write() as connection:
        see(connection, HUB, FoundContact("1"), survey_world.clock.now())
    crm.says("restored", "1", minute=-1)
    assert states(survey_world) == dict.fromkeys(("answer", "contact", "task"), "queued")


@pytest.mark.parametrize("back", ["merged into one who stays", "restored after a merge"])
def test_what_was_owed_about_a_merged_one_is_owed_about_the_survivor(
    survey_world, crm, answers, back
):
    survey_world.person("2")
    answers("1", 3)
    if back == "restored after a merge":
        crm.says("merged", "1", minute=1, into="2")
        crm.says("deleted", "2", minute=2)
        parked_as_gone(survey_world, crm)
        crm.says("restored", "2", minute=3)
    else:
        crm.says("deleted", "1", minute=1)
        parked_as_gone(survey_world, crm)
        crm.says("merged", "1", minute=3, into="2")
    assert states(survey_world) == dict.fromkeys(("answer", "contact", "task"), "queued")


def test_old_news_of_a_deletion_does_not_hide_whom_the_crm_just_showed(survey_world, crm):
    survey_world.person("1")
    crm.says("deleted", "1")
    survey_world.clock.ahead += crm.at(5) - crm.at(0)
    with survey_world.shared.database.write() as connection:
        see(connection, HUB, FoundContact("1"), survey_world.clock.now())
    crm.says("deleted", "1")
    assert crm.known("1")["gone_at"] is None


def test_a_changed_address_is_asked_for_before_the_next_decision(survey_world, crm):
    survey_world.person("1")
    survey_world.person("2")
    crm.says("merged", "1", into="2")
    survey_world.person("3")
    crm.says("changed", "1")
    crm.says("changed", "3")
    crm.says("changed", "unknown")
    assert {crm.known(contact)["seen_at"] for contact in "23"} == {LONG_AGO}
