"""A person erased: here at once, in the CRM by a delivery, and whatever is under way brings nothing back."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from connectors.changes import ContactEvent, Happened
from plugin.answers.store import answer, erased_answer, revision
from plugin.asking.actions import Wish, decide
from plugin.asking.rules import NotAsked
from plugin.asking.store import ask
from plugin.crm.erasing import erase_person
from plugin.crm.happenings import happened
from plugin.crm.merging import merge
from plugin.crm.store import survey_request
from plugin.db import metadata
from plugin.deliveries.actions import Owed, ensure_lane, owe
from plugin.deliveries.sending import Batch
from plugin.deliveries.store import delivery
from plugin.followups.store import followup
from plugin.people.rules import ContactName
from plugin.people.store import person
from tests.crm.places import NoStop

WORDS = "words nobody shall find again"
NAME, EMAIL = "Åsa Öberg", "asa@customer.example"


@pytest.fixture
def contact(side):
    return side.contact()


@pytest.fixture
def someone(here, account, contact):
    return here.person(account, contact, name=NAME, email=EMAIL, company_name="Fjord")


@pytest.fixture
def erase(here, account):
    def done(contact):
        with here.services.database.write() as connection:
            return erase_person(connection, account, contact, here.services.clock.now())

    return done


def everything_here(here) -> str:
    """All that stands in the database."""
    return str([here.all(sa.select(table)) for table in metadata.sorted_tables])


def cleared(side, contact) -> bool:
    fields = [side.field(contact, key) for key in ("score", "comment", "last_asked_at")]
    return side.tasks(contact) == side.answers(contact) == [] and not any(fields)


def nothing_in_the_crm(side, contact) -> bool:
    """Not in the bin either, for whoever was not put there by a merge: what lies there cannot be changed."""
    return cleared(side, contact) and WORDS not in side.whole_account()


def test_somebody_unknown_is_remembered_as_erased_and_owes_nothing(here, side, account, erase):
    done = erase("4711")
    assert (done.things, done.delivery) == (0, None)
    assert erase("4711").things == 0
    (known,) = here.all(sa.select(person))
    assert known.erased_at is not None


def test_nothing_is_left_here_or_in_the_crm(here, side, account, someone, contact, erase):
    asked = here.answer(someone, 2, WORDS)
    here.deliver()
    here.revise(asked, 1, f"{WORDS}, again")
    request = {"key": "r1", "installation": account, "contact": contact, "touchpoint": "support"}
    here.run(survey_request.insert().values(**request, ask=asked, decided_at=here.now()))
    done = erase(contact)
    assert done.things == 4
    left = everything_here(here)
    assert not [word for word in (WORDS, NAME, EMAIL, "Fjord") if word in left]
    assert [here.all(sa.select(t)) for t in (answer, revision, ask, followup, survey_request)] == [
        [], [], [], [], []
    ]  # fmt: skip
    about_people = [
        t for t in metadata.sorted_tables if person in {k.column.table for k in t.foreign_keys}
    ]
    kept = {t.name: here.all(sa.select(t)) for t in about_people if t is not person}
    assert {"ask", "answer", "followup"} < kept.keys()
    assert not any(kept.values()), kept
    here.deliver()
    assert nothing_in_the_crm(side, contact)
    assert here.states("erase") == ["delivered"]
    assert {row.payload == {} for row in here.deliveries()} == {True}


def test_not_even_the_file_remembers(here, someone, contact, erase):
    if not here.services.database.embedded:
        return  # PostgreSQL overwrites in its own time, which privacy.md says
    here.answer(someone, 2, WORDS)
    here.checkpoint()
    file = Path(str(here.services.database.url.database))
    assert WORDS.encode() in file.read_bytes()
    erase(contact)
    here.checkpoint()
    assert WORDS.encode() not in file.read_bytes()
    assert EMAIL.encode() not in file.read_bytes()


def test_a_count_is_left_that_names_nobody(here, someone, contact, erase):
    here.answer(someone, 2, WORDS)
    here.answer(someone, 2)
    erase(contact)
    other = here.person(here.one(sa.select(person)).installation, "999")
    here.answer(other, 2)
    erase("999")
    (count,) = here.all(sa.select(erased_answer))
    assert (count.touchpoint, count.kind, count.score, count.how_many) == (
        "support", "transactional", 2, 3
    )  # fmt: skip


def test_what_was_never_sent_is_never_sent(here, side, someone, contact, erase):
    here.answer(someone, 2, WORDS)
    erase(contact)
    here.deliver()
    assert nothing_in_the_crm(side, contact)
    assert set(here.states()) == {"void", "delivered"}


def test_nobody_asks_an_erased_person_and_nobody_makes_her_anew(
    here, side, account, someone, contact, erase
):
    erase(contact)
    here.touchpoint()
    for name in (ContactName(id=contact), ContactName(field="email", value="c0@customer.example")):
        if side.name == "salesforce" and name.field:
            name = ContactName(field="email", value="c@customer.example")
        said = decide(here.services, Wish(account, name, "support"))
        assert said == NotAsked("erased")
    assert len(here.all(sa.select(person))) == 1
    assert here.one(sa.select(person)).email == ""


def test_all_who_were_merged_are_erased_with_her(here, side, account, someone, contact, erase):
    other = side.contact()
    here.answer(someone, 2, WORDS)
    here.answer(here.person(account, other, name="Another name"), 9, WORDS)
    here.deliver()
    survivor = side.merge(other, contact)
    with here.services.database.write() as connection:
        merge(connection, someone, survivor, here.now(), here.now())
    if survivor != other:
        whole = here.one(sa.select(person).where(person.c.contact == other))
        with here.services.database.write() as connection:
            merge(connection, whole.id, survivor, here.now(), here.now())
    done = erase(contact)
    assert done.contacts[0] == survivor
    assert {contact, other} <= set(done.contacts)
    here.deliver()
    assert cleared(side, survivor)
    assert "Another name" not in everything_here(here)


def test_whom_she_became_meanwhile_is_erased_too(here, side, someone, contact, erase):
    """The CRM knows of a merge that nobody has told us of."""
    here.answer(someone, 2, WORDS)
    here.deliver()
    erase(contact)
    survivor = side.merge(side.contact(), contact)
    here.deliver()
    assert cleared(side, survivor)
    assert {row.erased_at is not None for row in here.all(sa.select(person))} == {True}


def test_erased_while_in_the_bin_she_comes_back_without_our_words(
    here, side, account, someone, contact, erase
):
    here.answer(someone, 2, WORDS)
    here.deliver()
    side.delete(contact)
    erase(contact)
    here.deliver()
    side.restore(contact)
    with here.services.database.write() as connection:
        back = ContactEvent(Happened.RESTORED, contact, here.now())
        happened(connection, here.services.clock, account, back)
    here.deliver()
    assert nothing_in_the_crm(side, contact)


def test_a_crm_that_is_down_in_the_middle_is_cleared_later(here, side, someone, contact, erase):
    here.answer(someone, 2, WORDS)
    here.deliver()
    side.sandbox.fail(side.writes_contacts, "status", 2, status=503)
    erase(contact)
    here.hurry()
    here.deliver()
    assert nothing_in_the_crm(side, contact)


def test_a_second_erasure_takes_over_what_the_first_could_not_do(
    here, side, someone, contact, erase
):
    here.answer(someone, 2, WORDS)
    here.deliver()
    erase(contact)
    parked = {"state": "parked", "error": "forbidden", "settled_at": here.now()}
    here.run(delivery.update().where(delivery.c.kind == "erase").values(**parked))
    erase(contact)
    here.deliver()
    assert nothing_in_the_crm(side, contact)
    assert sorted(here.states("erase")) == ["delivered", "void"]


@pytest.mark.parametrize("kind", ["task", "contact", "answer"])
def test_what_is_being_written_while_she_is_erased_is_taken_away_after_it(
    here, side, someone, contact, erase, kind
):
    """The handler has read her words and is about to send them: the erasure comes in between."""
    here.answer(someone, 2, WORDS)
    erasures = []
    verb = {"task": "write_tasks", "contact": "update_contacts", "answer": "write_answers"}[kind]
    row = here.row(here.one(sa.select(person)).installation)
    connector = here.connections.connector(row)
    send = getattr(connector, verb)

    def erasing_first(them):
        erasures.append(erase(contact))
        delattr(connector, verb)
        return send(them)

    setattr(connector, verb, erasing_first)
    here.deliver()
    assert erasures
    assert nothing_in_the_crm(side, contact)
    left = everything_here(here)
    assert WORDS not in left
    assert NAME not in left


def test_a_worker_that_died_after_sending_leaves_nothing_behind(
    here, side, account, someone, contact, erase
):
    """The record was made, its reply never came, and the person is erased before anybody looked again."""
    here.answer(someone, 9, WORDS)
    side.sandbox.fail(side.writes_answers, "lost", 1)
    ledger = here.ledger
    claim = ledger.take("dies")
    while claim is not None and Batch(ledger, claim, here.pace, NoStop()).send():
        claim = ledger.claim(claim.lease)
    assert len(side.answers(contact)) == 1
    erase(contact)
    here.hurry()
    here.deliver()
    assert nothing_in_the_crm(side, contact)


# -- as somebody types it


def test_an_unknown_contact_or_installation_is_said(run, here, account):
    for words in (("export-person", account, "4711"), ("erase", account, "4711", "--yes")):
        code, out, err = run(*words)
        assert (code, out) == (1, "")
        assert "Nobody is known here as 4711" in err
    assert run("erase", "hubspot:1", "4711", "--yes")[0] == 1
    assert here.all(sa.select(person)) == []


def test_erase_asks_first_and_refuses_where_nobody_answers(run, here, account, someone, contact):
    here.answer(someone, 2, WORDS)
    code, _, err = run("erase", account, contact)
    assert code == 2
    assert "cannot be undone" in err
    assert len(here.all(sa.select(answer))) == 1


def test_erase_by_address_says_what_was_done(run, here, side, account, someone, contact):
    here.answer(someone, 2, WORDS)
    here.deliver()
    code, out, _ = run("erase", account, EMAIL.upper(), "--yes", "--json")
    said = json.loads(out)
    assert code == 0
    assert said["contact"] == contact
    assert (said["erased"], said["crm"]["state"]) == (3, "queued")  # no worker runs beside a test
    here.deliver()
    assert nothing_in_the_crm(side, contact)
    code, out, _ = run("erase", account, contact, "--yes")
    assert code == 0
    assert WORDS not in out


def test_an_address_of_two_is_no_name(run, here, side, account, someone):
    here.person(account, side.contact(), email=EMAIL)
    code, out, err = run("erase", account, EMAIL, "--yes")
    assert (code, out) == (1, "")
    assert "name one by its id" in err


def test_an_export_holds_everything_in_a_stable_shape(run, here, side, account, someone, contact):
    asked = here.answer(someone, 2, WORDS)
    here.revise(asked, 1)
    other = here.person(account, side.contact(), name="Before the merge")
    with here.services.database.write() as connection:
        merge(connection, other, contact, here.now(), here.now())
    here.deliver()
    code, out, _ = run("export-person", account, EMAIL)
    held = json.loads(out)
    assert code == 0
    assert set(held) == {
        "installation", "contact", "exported_at", "people", "asks", "refused_asks", "answers",
        "follow_ups", "follow_up_events", "survey_requests", "deliveries", "trigger_events",
        "openings", "evidence", "answer_themes", "asked_for_changes", "messages", "crm_fields",
        "crm_lists",
    }  # fmt: skip
    assert [row["name"] for row in held["people"]] == [NAME, "Before the merge"]
    (said,) = held["answers"]
    assert (said["comment"], said["answered_at"][-1]) == (WORDS, "Z")
    assert [r["score"] for r in said["revisions"]] == [2, 1]
    assert held["follow_ups"][0]["answer"] == said["id"]
    assert {"task", "contact", "answer"} <= {row["kind"] for row in held["deliveries"]}
    assert json.loads(run("export-person", account, contact, "--json")[1])["people"]


def test_a_mistaken_unsubscribing_is_undone_by_command(run, here, account, someone, contact):
    here.run(person.update().values(unsubscribed_at=here.services.clock.now()))
    for words in ("may be asked again", "had not unsubscribed"):
        code, out, _ = run("resubscribe", account, contact)
        assert (code, words in out) == (0, True)
    assert here.one(sa.select(person)).unsubscribed_at is None
    assert run("resubscribe", account, "nobody@nowhere.example")[0] == 1


def test_a_mail_that_is_owed_does_not_leave_for_an_erased_person(here, someone, erase, contact):
    now = here.services.clock.now()
    with here.services.database.write() as connection:
        ensure_lane(connection, "mail:nps@acme.example", 10)
        owe(
            connection,
            [Owed("mail:nps@acme.example", "invitation", "k", "k", someone, {}, now)],
            now,
        )
    erase(contact)
    (row,) = here.all(sa.select(delivery).where(delivery.c.kind == "invitation"))
    assert (row.state, row.error, row.payload) == ("void", "erased", {})
