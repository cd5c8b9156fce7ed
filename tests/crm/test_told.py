"""What a customer was told stands on the contact's timeline: once, on whoever she is now, and not where it may not."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from connectors.types import TOLD
from plugin.answers.store import answer
from plugin.changes.store import change
from plugin.crm.erasing import erase_person
from plugin.crm.handlers.told import Partial
from plugin.crm.merging import merge
from plugin.crm.reconciling import run as reconciling
from plugin.crm.timeline import PARTIAL, SPAN, TimelineCost
from plugin.db import new_id
from plugin.deliveries.actions import owe
from plugin.deliveries.store import delivery
from plugin.messages import timeline
from plugin.messages.store import message, recipient
from plugin.people.store import person

CHANGE = "01change"
WORDS = "Nobody <b>answered</b> {{ contact.email }}"
TEXTS = {
    "en": {"subject": "We answer within a day", "body": "Hello {first_name}, you wrote: {words}"}
}


@pytest.fixture
def contact(side):
    return side.contact()


@pytest.fixture
def someone(here, account, contact):
    """She was told by mail, and the message wants that on her timeline."""
    the_message(here)
    return told(here, here.person(account, contact, name="Åsa Öberg"))


def the_message(here):
    at = here.now()
    here.run(change.insert().values(id=CHANGE, title="x", created_at=at, created_by="a"))
    here.run(
        message.insert().values(
            change=CHANGE, state="sending", texts=TEXTS, created_at=at, created_by="a"
        )
    )


def told(here, who):
    """Her mail has arrived, in the transaction that owes the rest."""
    account = here.one(sa.select(person).where(person.c.id == who)).installation
    here.answer(who, 3, WORDS)
    (said,) = here.all(sa.select(answer.c.id).where(answer.c.person == who))
    hers = {"change": CHANGE, "person": who, "id": new_id(), "answer": said.id, "locale": "en"}
    at = here.now()
    here.run(recipient.insert().values(**hers, state="told", due_at=at, mailed_at=at))
    with here.services.database.write() as connection:
        owe(connection, [timeline.owed(account, CHANGE, who, at)], at)
    return who


def entries(side, contact):
    """What the timeline says of what she was told."""
    if side.name == "hubspot":
        notes = [note.properties["hs_note_body"] for note in side.sandbox.notes(contact)]
        return [note for note in notes if note.startswith("Told what changed")]
    rows = side.sandbox.tasks(contact)
    return [r["Description"] for r in rows if r["Subject"].startswith("Told what changed")]


def stands(here, who):
    return here.one(sa.select(recipient).where(recipient.c.person == who)).timeline_at is not None


def test_she_reads_her_own_words_and_the_crm_runs_none_of_them(here, side, someone, contact):
    here.deliver()
    (entry,) = entries(side, contact)
    assert "Hello Åsa, you wrote: Nobody" in entry
    assert "{{" not in entry
    assert "<b>" not in entry or side.name == "salesforce"  # a text there, no markup
    assert here.states("told") == ["delivered"]
    assert stands(here, someone)
    assert all(row.key.startswith(TOLD) for row in here.deliveries("told"))


def test_killed_in_the_middle_it_is_there_once(here, side, someone, contact):
    """The CRM did it, and whoever asked for it was gone before he heard."""
    writes = r"POST .*/notes/batch/create" if side.name == "hubspot" else r"PATCH .*/sobjects/Task/"
    side.sandbox.fail(writes, "lost", 3)
    here.deliver()
    assert len(entries(side, contact)) == 1
    assert here.states("told") == ["delivered"]


def test_what_was_switched_off_meanwhile_is_not_written(here, side, someone, contact):
    here.run(message.update().values(timeline=False))
    here.deliver()
    assert entries(side, contact) == []
    (row,) = here.deliveries("told")
    assert (row.state, row.error) == ("void", "timeline_off")


def test_of_two_who_became_one_the_survivor_has_it_once(here, side, account, someone, contact):
    other = side.contact()
    twin = told(here, here.person(account, other, name="Åsa Öberg"))
    survivor = side.merge(other, contact)
    with here.services.database.write() as connection:
        for each in {contact, other} - {survivor}:
            known = {contact: someone, other: twin}[each]
            merge(connection, known, survivor, here.now(), here.now())
    here.deliver()
    assert len(entries(side, survivor)) == 1
    assert sorted(here.states("told")) == ["delivered", "void"]


def test_a_merge_that_the_crm_tells_of_sends_it_to_the_survivor(here, side, someone, contact):
    survivor = side.merge(side.contact(), contact)
    here.deliver()
    assert len(entries(side, survivor)) == 1


def test_for_who_is_gone_or_was_erased_it_is_void(here, side, account, someone, contact):
    other = side.contact()
    erased = told(here, here.person(account, other))
    side.delete(contact)
    with here.services.database.write() as connection:
        erase_person(connection, account, other, here.now())
    here.deliver()
    assert {row.error for row in here.deliveries("told")} == {"contact_gone", "erased"}
    assert entries(side, other) == []
    assert here.one(sa.select(person).where(person.c.id == someone)).gone_at is not None
    assert here.all(sa.select(recipient).where(recipient.c.person == erased)) == []


@pytest.mark.parametrize("pruned", [False, True])
def test_it_goes_with_the_person_also_long_after(here, side, account, someone, contact, pruned):
    here.deliver()
    if pruned:
        here.run(delivery.delete().where(delivery.c.kind.in_(("told", "answer"))))
        here.run(answer.update().values(revised_at=here.now() - timedelta(days=91)))
    survivor = side.merge(side.contact(), contact)
    with here.services.database.write() as connection:
        merge(connection, someone, survivor, here.now(), here.now())
    with here.services.database.write() as connection:
        erase_person(connection, account, survivor, here.now())
    here.deliver()
    assert entries(side, survivor) == side.answers(survivor) == []
    assert here.states("erase") == ["delivered"]


def test_it_is_exported_with_the_person(run, here, account, someone, contact):
    here.deliver()
    code, out, err = run("export-person", account, contact)
    assert code == 0, err
    (one,) = json.loads(out)["messages"]
    assert (one["change"], one["state"]) == (CHANGE, "told")
    assert one["timeline_at"]


def test_a_comparison_tells_what_somebody_deleted(here, side, account, someone, contact):
    here.deliver()
    row = here.row(account)
    connector = here.connections.connector(row)

    def found():
        return reconciling.all_steps(here.services.database, row, connector, here.now, whole=True)

    first = found()
    assert (first.tellings, dict(first.found)) == (1, {})
    if side.name == "hubspot":
        side.delete_answers(contact)
    else:
        for task in side.sandbox.tasks(contact):
            if task["Subject"].startswith("Told"):
                side.delete_task(task["Id"])
    assert found().found["telling_missing"] == 1
    here.deliver()
    assert entries(side, contact) == []


@pytest.mark.sqlite
def test_what_comes_one_by_one_is_gathered_after_a_while():
    known, now = Partial(), datetime(2026, 11, 26, tzinfo=UTC)
    assert [known.next(now, SPAN) for _ in range(PARTIAL)] == [None] * PARTIAL
    assert known.next(now + SPAN / 2, SPAN) == now + SPAN
    assert known.next(now + SPAN, SPAN) is None


def test_it_is_said_beforehand_what_it_costs(here, side, account):
    batch = 100 if side.name == "hubspot" else 200
    cost = TimelineCost(here.connections)
    few, many = cost({account: 1}), cost({account: 10 * batch + 1})
    assert (few.records, few.calls, few.most) == (1, 1, 1)
    assert (many.records, many.calls) == (10 * batch + 1, 11)
    slowly = cost({account: 1000}, per_hour=100)
    assert slowly.calls < slowly.most <= 1000
    assert timedelta(hours=10) / SPAN * PARTIAL > 1000
    assert cost({}).records == cost({}).calls == 0
    assert cost({"hubspot:never": 250}).calls == 3
