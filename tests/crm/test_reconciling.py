"""What we hold and what stands in the CRM are compared; what differs is told, and mended where that harms nobody."""

import json

import pytest
import sqlalchemy as sa

from plugin.crm.reconciling import nights, run
from plugin.deliveries.store import delivery
from plugin.followups.store import followup
from plugin.operate.doctor.crms import crms
from tests.crm.browsers import Browser, app_of, words

NOTHING = {"contacts": 1, "answers": 1, "found": {}}


@pytest.fixture
def contact(side):
    return side.contact()


@pytest.fixture
def someone(here, account, contact):
    return here.person(account, contact, name="Åsa Öberg")


@pytest.fixture
def compare(here, account):
    def compared(*, whole=True):
        row = here.row(account)
        connector = here.connections.connector(row)
        done = run.all_steps(here.services.database, row, connector, here.now, whole=whole)
        return {"contacts": done.contacts, "answers": done.answers, "found": dict(done.found)}

    return compared


def test_where_nobody_was_asked_there_is_nothing_to_compare(here, side, compare, someone):
    calls = len(side.sandbox.calls)
    assert compare() == {"contacts": 0, "answers": 0, "found": {}}
    assert len(side.sandbox.calls) == calls


def test_what_stands_as_it_was_written_is_no_difference(here, someone, compare):
    comment = "Zwei Zeilen\r\n  und\u00a0mehr \u200b, <b>fett</b> " + "x" * 4000
    here.answer(someone, 3, comment)
    here.deliver()
    assert compare() == NOTHING
    assert here.states("contact") == ["delivered"]  # nothing was owed anew


def test_what_is_still_owed_is_no_difference(here, someone, compare):
    here.answer(someone, 3)
    assert compare()["contacts"] == 0


def test_changed_fields_are_written_again(here, side, someone, contact, compare):
    here.answer(someone, 3, "As it was said")
    here.deliver()
    side.set_field(contact, "comment", "somebody else's words")
    assert compare()["found"] == {"contact_differs": 1}
    here.deliver()
    assert side.field(contact, "comment") == "As it was said"
    assert compare() == NOTHING


def test_who_was_restored_unheard_gets_what_was_parked(here, side, someone, contact, compare):
    side.delete(contact)
    here.answer(someone, 3)
    here.deliver()
    assert compare() == {"contacts": 0, "answers": 0, "found": {}}
    side.restore(contact)
    assert compare()["found"] == {"contact_back": 1}
    here.deliver()
    assert len(side.tasks(contact)) == len(side.answers(contact)) == 1
    assert compare() == NOTHING


def test_a_record_that_somebody_deleted_is_told_and_not_made_anew(
    here, side, account, someone, contact, compare
):
    here.answer(someone, 9)
    here.deliver()
    side.delete_answers(contact)
    assert compare()["found"] == {"answer_missing": 1}
    here.deliver()
    assert side.answers(contact) == []
    (example,) = here.row(account).reconciled["examples"]
    assert (example["code"], example["contact"]) == ("answer_missing", contact)


def test_a_task_that_moved_on_unheard_is_followed(here, side, someone, contact, compare):
    here.answer(someone, 3)
    here.deliver()
    side.close_tasks(contact)
    assert compare()["found"] == {"task_moved_on": 1}
    assert here.one(sa.select(followup)).state == "closed"
    here.deliver()
    assert side.field(contact, "follow_up") == "closed"
    assert compare()["found"] == {}


def test_a_contact_that_went_away_unheard_is_found_out(
    here, side, account, someone, contact, compare
):
    here.answer(someone, 9)
    other = side.contact()
    here.answer(here.person(account, other), 9)
    here.deliver()
    side.delete(other)
    side.merge(side.contact(), contact)
    assert compare()["found"] == {"contact_away": 2}
    here.hurry()
    here.deliver()
    assert compare()["found"] == {}
    assert compare()["contacts"] == 1


def test_a_sample_goes_on_where_the_last_one_ended(here, side, account, compare, monkeypatch):
    monkeypatch.setattr("plugin.crm.reconciling.rules.SAMPLE", 2)
    for _ in range(5):
        here.answer(here.person(account, side.contact()), 9)
    here.deliver()
    limits = here.connections.connector(here.row(account)).limits
    monkeypatch.setattr(limits, "batch", 2)
    assert [compare(whole=False)["contacts"] for _ in range(4)] == [2, 2, 1, 2]
    assert compare()["contacts"] == 5


def test_the_night_works_step_by_step_and_plans_the_next(here, side, account, monkeypatch):
    limits = here.connections.connector(here.row(account)).limits
    monkeypatch.setattr(limits, "batch", 2)
    for _ in range(5):
        here.answer(here.person(account, side.contact()), 9)
    here.deliver()
    assert here.states("reconcile") == ["queued"]
    here.run(delivery.update().where(delivery.c.kind == "reconcile").values(due_at=here.now()))
    here.hurry()
    here.deliver()
    assert here.states("reconcile") == ["delivered"] * 3 + ["queued"]
    row = here.row(account)
    assert row.reconciling is None
    assert (row.reconciled["contacts"], row.reconciled["found"]) == (5, {})
    assert here.deliveries("reconcile")[-1].due_at == nights.tonight(here.now())


def test_a_crm_that_is_down_at_night_is_compared_from_where_it_was(
    here, side, account, monkeypatch
):
    limits = here.connections.connector(here.row(account)).limits
    monkeypatch.setattr(limits, "batch", 2)
    for _ in range(3):
        here.answer(here.person(account, side.contact()), 9)
    here.deliver()
    here.run(delivery.update().where(delivery.c.kind == "reconcile").values(due_at=here.now()))
    here.hurry()
    side.sandbox.fail(side.reads_contacts, "status", 2, status=503)
    here.deliver()
    assert here.row(account).reconciled["contacts"] == 3


def test_a_night_without_access_waits_for_the_next(here, account, side):
    here.answer(here.person(account, side.contact()), 9)
    here.deliver()
    here.change(account, state="needs_reconnect", reason="revoked")
    here.run(delivery.update().where(delivery.c.kind == "reconcile").values(due_at=here.now()))
    here.deliver()
    assert here.states("reconcile") == ["delivered", "queued"]


def test_the_page_and_doctor_say_what_a_person_must_look_at(
    here, side, account, someone, contact, compare
):
    anna = Browser(app_of(here.services), here.services)
    page = f"/admin/installations/{account}"
    assert "Not yet. It is done by itself every night." in words(anna.get(page))
    here.hurry()
    here.answer(someone, 9)
    here.deliver()
    side.delete_answers(contact)
    compare()
    shown = words(anna.get(page))
    assert (
        "Everything was compared (contacts: 1, answer records: 1, open tasks: 0, timeline entries: 0)"
        in shown
    )
    assert "Answer records that somebody deleted in the CRM. 1 worth a look" in shown
    assert any("somebody deleted" in finding.words for finding in crms(here.services))


def test_as_a_command_it_says_what_differs(run, here, side, account, someone, contact):
    here.answer(someone, 9)
    here.deliver()
    side.delete_answers(contact)
    code, out, _ = run("reconcile", account, "--whole", "--json")
    (one,) = json.loads(out)["installations"]
    assert code == 0
    assert [(d["code"], d["how_many"]) for d in one["differences"]] == [("answer_missing", 1)]
    code, out, _ = run("reconcile")
    assert code == 0
    assert f"answer_missing: contact {contact}" in out
    assert run("reconcile", "hubspot:1")[0] == 1


def test_as_a_command_it_fails_where_the_crm_cannot_be_asked(run, here, side, account, someone):
    here.answer(someone, 9)
    here.deliver()
    side.revoke()
    code, out, _ = run("reconcile")
    assert code == 1
    assert "not compared" in out
