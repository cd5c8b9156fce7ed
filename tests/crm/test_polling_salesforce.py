"""Contacts, leads and survey requests of an org, polled: what happens there happens here, once."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from plugin.asking.store import ask
from plugin.crm.handlers import event, wishes
from plugin.crm.store import survey_request
from plugin.deliveries.store import delivery, lane
from plugin.people.store import person
from tests.connectors.salesforce.wishes import told, wish

REQUEST = "PATCH .*/composite/sobjects$"


@pytest.fixture
def salesforce(here, org):
    made = here.connect("salesforce", org)
    here.touchpoint("support-case")
    here.poll(made)
    return made


def test_a_chain_of_merges_in_one_poll_is_one_person(here, org, salesforce):
    a, b, c = org.add_contacts(3)
    for contact, score in ((a, 3), (b, 9)):
        here.answer(here.person(salesforce, contact), score)
    here.deliver()
    org.merge(b, a)
    org.merge(c, b)
    here.poll(salesforce)
    here.deliver()
    assert survivors(here) == {c}
    assert org.row(c)["Gensvar_Score__c"] == 9


def test_a_chain_of_merges_over_several_polls_is_one_person(here, org, salesforce):
    a, b, c = org.add_contacts(3)
    here.answer(here.person(salesforce, a), 3)
    here.deliver()
    org.merge(b, a)
    here.poll(salesforce)
    assert survivors(here) == {b}
    org.merge(c, b)
    here.poll(salesforce, times=2)
    here.deliver()
    assert survivors(here) == {c}
    assert org.row(c)["Gensvar_Score__c"] == 3


def test_deleted_is_gone_and_restored_is_back(here, org, salesforce):
    contact = org.add_contact("a@b.example")
    asked(here, salesforce, contact)
    here.deliver()
    org.delete(contact)
    here.poll(salesforce)
    assert known(here, contact).gone_at is not None
    org.undelete(contact)
    org.change(contact, SystemModstamp=known(here, contact).gone_at + timedelta(seconds=1))
    here.poll(salesforce, times=2)
    assert known(here, contact).gone_at is None


def test_merged_into_somebody_who_was_then_deleted(here, org, salesforce):
    kept, lost = org.add_contacts(2)
    here.answer(here.person(salesforce, lost), 9)
    here.deliver()
    org.merge(kept, lost)
    org.delete(kept)
    here.poll(salesforce)
    assert survivors(here) == {kept}
    assert known(here, kept).gone_at is not None


def test_what_happens_to_strangers_leaves_no_trace(here, org, salesforce):
    for contact in org.add_contacts(5):
        org.delete(contact)
    here.poll(salesforce)
    assert here.all(sa.select(person)) == []
    assert here.states() == []


def test_a_page_after_the_other_without_waiting(here, org, salesforce):
    here.services.clock.scale = 1.0
    contacts = org.add_contacts(5)
    for contact in contacts:
        here.person(salesforce, contact)
        org.delete(contact)
    org.options.page_size = 2
    before = here.row(salesforce).polled_at
    here.poll(salesforce)
    assert next_due(here) <= here.services.clock.now()
    assert here.row(salesforce).polled_at == before
    here.poll(salesforce, times=2)
    assert next_due(here) > here.services.clock.now() + timedelta(minutes=4)
    assert all(known(here, contact).gone_at for contact in contacts)


def test_an_event_that_breaks_us_holds_back_no_other(here, org, salesforce, monkeypatch):
    bad, good = org.add_contacts(2)
    for contact in (bad, good):
        here.person(salesforce, contact)
        org.delete(contact)
    record = event.happened

    def breaking(connection, clock, installation, told):
        if told.contact_id == bad:
            raise ValueError
        record(connection, clock, installation, told)

    monkeypatch.setattr(event, "happened", breaking)
    here.poll(salesforce)
    assert known(here, good).gone_at is not None
    assert sorted(here.states("event")) == ["delivered", "queued"]
    assert here.row(salesforce).polled_at is not None


def test_a_rep_who_may_not_be_read_hinders_nothing(here, org, salesforce):
    org.options.hidden_objects.add("Lead")
    contact = org.add_contact()
    here.person(salesforce, contact)
    org.delete(contact)
    here.poll(salesforce)
    assert known(here, contact).gone_at is not None


def test_a_field_taken_from_us_is_said_and_what_is_owed_goes_on(here, org, salesforce):
    org.options.hidden_fields.add("Contact.Gensvar_Last_Asked_At__c")
    here.poll(salesforce)
    assert here.lane(salesforce, "poll").parked_reason == "missing_right"
    assert here.lane(salesforce).parked_reason is None
    assert here.row(salesforce).reason == "missing_right"


def test_polls_wait_for_the_daily_budget_before_answers_do(here, org, salesforce):
    here.services.clock.scale = 1.0
    org.options.daily_limit, org.org.used_today = 1000, 750
    here.poll(salesforce)  # finds out
    here.poll(salesforce)  # the probe of the first quarter of an hour
    before = org.count("POST /services/data/v66.0/composite")
    here.poll(salesforce)
    assert here.lane(salesforce, "poll").wait_reason == "daily_budget"
    assert org.count("POST /services/data/v66.0/composite") == before
    here.hurry()
    here.answer(here.person(salesforce, org.add_contact()), 9)
    here.deliver()
    assert here.states("answer") == ["delivered"]
    org.org.used_today = 5
    here.run(lane.update().values(not_before=None))
    here.services.clock.ahead += timedelta(minutes=16)
    here.poll(salesforce)
    assert here.lane(salesforce, "poll").wait_reason is None


def test_a_survey_asked_for_in_the_org_comes_back_as_a_link(here, org, salesforce):
    contact = org.add_contact("a@b.example")
    request = wish(org, contact)
    here.poll(salesforce)
    found = told(org, request)
    assert found["state"] == "asked"
    assert found["link"].startswith("http://127.0.0.1:8080/s/")
    (made,) = here.all(sa.select(ask))
    assert (made.touchpoint, made.channel) == ("support-case", "link")
    before = len(org.calls)
    here.poll(salesforce)
    assert len(org.calls) - before == 1


def test_many_requests_are_a_few_calls(here, org, salesforce):
    here.services.clock.scale = 1.0
    requests = [wish(org, org.add_contact(f"c{n}@b.example")) for n in range(8)]
    before = len(org.calls)
    here.poll(salesforce)
    assert len(org.calls) - before == 3  # look, contacts, answers
    assert {told(org, request)["state"] for request in requests} == {"asked"}


def test_requests_there_is_no_time_for_come_with_the_next_look_at_once(
    here, org, salesforce, monkeypatch
):
    here.services.clock.scale = 1.0
    requests = [wish(org, org.add_contact(f"c{n}@b.example")) for n in range(3)]
    decide = wishes.decide_once

    def slowly(*given):
        here.services.clock.ahead += timedelta(seconds=7)
        return decide(*given)

    monkeypatch.setattr(wishes, "decide_once", slowly)
    here.poll(salesforce)
    assert len(here.all(sa.select(survey_request))) == 2
    assert next_due(here) <= here.services.clock.now()
    monkeypatch.undo()
    here.poll(salesforce)
    assert {told(org, request)["state"] for request in requests} == {"asked"}
    assert len(here.all(sa.select(survey_request))) == 3


def test_a_crm_too_slow_to_be_told_anything_is_not_asked_again_and_again(
    here, org, salesforce, monkeypatch
):
    here.services.clock.scale = 1.0
    request = wish(org, org.add_contact("a@b.example"))
    monkeypatch.setattr(wishes, "LAST_CALL", 1e9)
    here.poll(salesforce)
    assert told(org, request)["state"] is None
    assert next_due(here) > here.services.clock.now() + timedelta(minutes=4)


def test_a_look_that_is_refused_is_tried_again(here, org, salesforce):
    org.refuse("POST .*/composite$", 400, "MALFORMED_QUERY")
    here.poll(salesforce)
    assert here.lane(salesforce, "poll").wait_reason == "malformed_query"
    the_pause_is_over(here)
    here.poll(salesforce)
    assert here.lane(salesforce, "poll").wait_reason is None


def test_why_somebody_is_not_asked_is_said_in_words(here, org, salesforce):
    contact = org.add_contact("a@b.example", HasOptedOutOfEmail=True)
    request = wish(org, contact, channel="email")
    here.poll(salesforce)
    found = told(org, request)
    assert (found["state"], found["link"]) == ("not_asked", None)
    assert found["reason"] == "the customer has opted out of e-mail"


@pytest.mark.parametrize("touchpoint", ["no-such", "", "x\x00y", "<script>", "' OR 1=1"])
def test_what_cannot_be_asked_is_told_and_hinders_nobody(here, org, salesforce, touchpoint):
    contact = org.add_contact("a@b.example")
    wrong, right = wish(org, contact, touchpoint), wish(org, contact)
    nobody = wish(org, None)
    here.poll(salesforce)
    for request in (wrong, nobody):
        assert told(org, request)["state"] == "failed"
        assert told(org, request)["reason"]
    assert told(org, right)["state"] == "asked"


def test_a_contact_deleted_meanwhile_is_told(here, org, salesforce):
    contact = org.add_contact("a@b.example")
    request = wish(org, contact)
    with org.org.lock:
        org.org.rows["Contact"][contact]["IsDeleted"] = True
    here.poll(salesforce)
    assert told(org, request)["state"] in ("failed", "not_asked")


@pytest.mark.parametrize("fault", ["lost", "reset", "status"])
def test_a_request_is_decided_once_and_told_until_the_org_has_it(here, org, salesforce, fault):
    request = wish(org, org.add_contact("a@b.example"))
    org.fail(REQUEST, fault, times=2, status=503)
    for _ in range(3):
        here.run(lane.update().values(not_before=None))
        here.poll(salesforce)
    assert len(here.all(sa.select(ask))) == 1
    assert len(here.all(sa.select(survey_request))) == 1
    assert told(org, request)["state"] == "asked"


def test_a_request_that_cannot_be_decided_yet_waits(here, org, salesforce):
    request = wish(org, org.add_contact("a@b.example"))
    org.fail("GET .*/queryAll", status=503, times=5)
    here.poll(salesforce)
    assert told(org, request)["state"] is None
    org._wire.faults.clear()
    here.run(lane.update().values(not_before=None))
    here.poll(salesforce)
    assert told(org, request)["state"] == "asked"


def test_a_request_the_org_does_not_let_us_answer_keeps_nothing_from_the_others(
    here, org, salesforce
):
    contact = org.add_contact("a@b.example")
    org.org.objects["Gensvar_Survey_Request__c"].fields["Gensvar_Link__c"].length = 10
    wish(org, contact)
    other = org.add_contact()
    here.person(salesforce, other)
    org.delete(other)
    here.poll(salesforce)
    assert known(here, other).gone_at is not None


def test_killed_between_decision_and_answer_it_is_decided_once(here, org, salesforce):
    """kill -9 while the org's answer hangs; whoever comes next tells what was decided."""
    request = wish(org, org.add_contact("a@b.example"))
    org.fail(REQUEST, "hang", seconds=60)
    (hanging,) = org._wire.faults
    command = [sys.executable, "-m", "tests.crm.polling_process", salesforce]
    command += [here.services.settings.database_url, org.url]
    with subprocess.Popen(command) as worker:
        until(lambda: hanging.times == 0)
        os.kill(worker.pid, signal.SIGKILL)
    assert len(here.all(sa.select(survey_request))) == 1
    assert told(org, request)["state"] is None
    here.run(lane.update().values(owner=None, lease_until=None))  # as when the lease has run out
    here.poll(salesforce)
    assert told(org, request)["state"] == "asked"
    assert len(here.all(sa.select(ask))) == len(here.all(sa.select(survey_request))) == 1


def the_pause_is_over(here):
    here.run(lane.update().values(not_before=None))


def survivors(here):
    return {row.contact for row in here.all(sa.select(person)) if row.survivor is None}


def known(here, contact):
    return here.one(sa.select(person).where(person.c.contact == contact))


def asked(here, installation, contact):
    """A question to the contact: its record shows since when."""
    here.person(installation, contact, last_asked_at=here.services.clock.now())
    here.answer(known(here, contact).id, 9)


def next_due(here):
    return here.one(sa.select(delivery.c.due_at).where(waiting())).due_at


def waiting():
    return sa.and_(delivery.c.kind == "poll", delivery.c.state == "queued")


def until(holds, seconds=60):
    over = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < over, "it never came to that"
        time.sleep(0.05)
