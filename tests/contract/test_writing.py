"""From rows to the record: exactly one effect each."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from connectors.errors import Unreachable
from connectors.protocol import Connector
from connectors.types import Fate, TaskLine
from tests.contract.harness import Harness
from tests.contract.rows import AT, answer, task, update

HOSTILE = "<script>alert(1)</script> & \"quotes\" 'x' {{ contact.email }} <b>bold</b>"


def test_a_contact_shows_the_newest_values(account: Harness, connector: Connector) -> None:
    contact = account.add_contact("a@b.example")
    at = datetime(2026, 11, 21, 23, 59, 58, tzinfo=UTC)
    values = {
        "score": 0, "category": "detractor", "comment": HOSTILE, "touchpoint": "support",
        "kind": "transactional", "answered_at": at, "follow_up": "open", "follow_up_due": at,
    }  # fmt: skip
    (outcome,) = connector.update_contacts([update(contact, **values)])
    assert outcome.fate is Fate.DONE
    assert account.values(contact) == {
        "score": "0", "category": "detractor", "comment": HOSTILE, "touchpoint": "support",
        "kind": "transactional", "answered_at": "2026-11-21T23:59:58+00:00", "follow_up": "open",
        "follow_up_due": "2026-11-21T23:59:58+00:00",
    }  # fmt: skip


def test_none_clears_and_an_absent_key_keeps(account: Harness, connector: Connector) -> None:
    contact = account.add_contact("a@b.example")
    connector.update_contacts([update(contact, score=3, comment="x", follow_up="open")])
    connector.update_contacts([update(contact, comment=None, follow_up="closed")])
    assert account.values(contact) == {"score": "3", "follow_up": "closed"}


def test_one_bad_row_harms_no_neighbour(account: Harness, connector: Connector) -> None:
    good, gone, other = (account.add_contact(f"{n}@b.example") for n in "abc")
    account.delete(gone)
    fates = [o.fate for o in connector.update_contacts([update(c) for c in (good, gone, other)])]
    assert fates == [Fate.DONE, Fate.GONE, Fate.DONE]
    rows = [answer(c, f"k{c}") for c in (good, gone, other)]
    assert [o.fate for o in connector.write_answers(rows)] == [Fate.DONE, Fate.GONE, Fate.DONE]
    rows = [task(c, f"k{c}") for c in (good, gone, other)]
    assert [o.fate for o in connector.write_tasks(rows)] == [Fate.DONE, Fate.GONE, Fate.DONE]
    for contact in (good, other):
        assert account.values(contact)["score"] == "3"
        assert len(account.answers(contact)) == len(account.tasks(contact)) == 1
    assert account.contact_count() == 3


def test_a_refused_value_is_told_without_the_value(account: Harness, connector: Connector) -> None:
    good, bad = account.add_contact("a@b.example"), account.add_contact("b@b.example")
    rows = [update(good), update(bad, category="secret-words")]
    done, refused = connector.update_contacts(rows)
    assert done.fate is Fate.DONE
    assert refused.fate is Fate.REFUSED
    assert "secret-words" not in refused.detail + refused.code
    assert account.values(bad) == {}


def test_an_answer_is_kept_once_and_revised(account: Harness, connector: Connector) -> None:
    contact = account.add_contact("a@b.example")
    (first,) = connector.write_answers([answer(contact)])
    assert first.fate is Fate.DONE
    revised = answer(contact, comment="Far too slow", revision=2, proof=first.crm_id)
    (second,) = connector.write_answers([revised])
    assert second == first
    (seen,) = account.answers(contact)
    assert "Far too slow" in seen.text


def test_a_second_delivery_without_proof_makes_no_second_record(
    account: Harness, connector: Connector
) -> None:
    contact = account.add_contact("a@b.example")
    (first,) = connector.write_answers([answer(contact)])
    (again,) = connector.write_answers([answer(contact, comment="More", attempted=True)])
    assert again == first
    (seen,) = account.answers(contact)
    assert "More" in seen.text
    (first,) = connector.write_tasks([task(contact)])
    (again,) = connector.write_tasks([task(contact, attempted=True)])
    assert again == first
    assert len(account.tasks(contact)) == 1


@pytest.mark.parametrize("what", ["answers", "tasks"])
def test_a_lost_reply_leaves_one_record(account: Harness, connector: Connector, what: str) -> None:
    """The CRM did it, the reply was lost: the next try finds it."""
    contacts = [account.add_contact(f"{n}@b.example") for n in range(5)]
    make = answer if what == "answers" else task
    write = connector.write_answers if what == "answers" else connector.write_tasks
    rows = [make(contact, f"k{contact}") for contact in contacts]
    account.lose_reply(what)
    with pytest.raises(Unreachable) as lost:
        write(rows)
    assert lost.value.unknown
    late = account.add_contact("late@b.example")
    again = [*(replace(row, attempted=True) for row in rows), make(late, "late")]
    assert [outcome.fate for outcome in write(again)] == [Fate.DONE] * 6
    for contact in (*contacts, late):
        seen = account.answers(contact) if what == "answers" else account.tasks(contact)
        assert len(seen) == 1


def test_a_call_that_was_not_done_is_done_by_the_next(
    account: Harness, connector: Connector
) -> None:
    contact = account.add_contact("a@b.example")
    account.answer_with("tasks", 503)
    with pytest.raises(Unreachable):
        connector.write_tasks([task(contact)])
    (outcome,) = connector.write_tasks([task(contact, attempted=True)])
    assert outcome.fate is Fate.DONE
    assert len(account.tasks(contact)) == 1


def test_a_merged_contact_is_named_and_nothing_is_written(
    account: Harness, connector: Connector
) -> None:
    winner, loser = account.add_contact("a@b.example"), account.add_contact("b@b.example")
    survivor = account.merge(winner, loser)
    for outcome in (
        *connector.update_contacts([update(loser)]),
        *connector.write_answers([answer(loser)]),
        *connector.write_tasks([task(loser)]),
    ):
        assert (outcome.fate, outcome.crm_id) == (Fate.MERGED, survivor)
    assert account.answers(survivor) == [] == account.tasks(survivor)
    (outcome,) = connector.write_answers([answer(survivor, attempted=True)])
    assert outcome.fate is Fate.DONE


def test_of_a_contact_whose_survivor_was_merged_too_the_last_one_is_named(
    account: Harness, connector: Connector
) -> None:
    first, second, third = (account.add_contact(f"{n}@customer.example") for n in "abc")
    last = account.merge(third, account.merge(second, first))
    (outcome,) = connector.update_contacts([update(first)])
    assert (outcome.fate, outcome.crm_id) == (Fate.MERGED, last)


def test_a_task_says_what_to_do(account: Harness, connector: Connector) -> None:
    owner = account.add_owner("Astrid Holm")
    contact = account.add_contact("a@b.example", owner_id=owner)
    wanted = task(contact, subject="NPS 3:\nfollow up", body=f"1\n2\n{HOSTILE}", owner_id=owner)
    (outcome,) = connector.write_tasks([wanted])
    (seen,) = account.tasks(contact)
    assert (seen.id, seen.owner_id, seen.due) == (outcome.crm_id, owner, wanted.due_at)
    assert seen.subject == "NPS 3: follow up"
    assert not seen.done
    shown = seen.text.replace("\u2060", "")
    assert "1\n2\n" in shown
    assert HOSTILE in shown
    assert "<script" not in seen.markup


def test_a_long_text_is_cut_on_a_whole_character(account: Harness, connector: Connector) -> None:
    contact = account.add_contact("a@b.example")
    long = "👩‍👩‍👧‍👦&é" * 20_000
    (outcome,) = connector.write_tasks([task(contact, body=long)])
    assert outcome.fate is Fate.DONE
    (outcome,) = connector.update_contacts([update(contact, comment=long)])
    assert outcome.fate is Fate.DONE
    (outcome,) = connector.write_answers([answer(contact, comment=long)])
    assert outcome.fate is Fate.DONE
    account.values(contact)["comment"].encode()


def test_an_owner_who_left_does_not_cost_the_task(account: Harness, connector: Connector) -> None:
    left = account.add_owner("Petter Lindqvist", active=False)
    active = account.add_owner("Astrid Holm")
    one, two = account.add_contact("a@b.example"), account.add_contact("b@b.example")
    rows = [task(one, "k1", owner_id=left), task(two, "k2", owner_id=active)]
    assert [outcome.fate for outcome in connector.write_tasks(rows)] == [Fate.DONE, Fate.DONE]
    assert account.tasks(one)[0].owner_id != left
    assert account.tasks(two)[0].owner_id == active


def test_a_line_stands_above_a_task_once(account: Harness, connector: Connector) -> None:
    contact = account.add_contact("a@b.example")
    (made,) = connector.write_tasks([task(contact)])
    account.finish_task(made.crm_id)
    line = TaskLine("k1", contact, made.crm_id, f"{AT:%H:%M}: changed from 3 to 9 {HOSTILE}")
    for _ in range(2):
        (outcome,) = connector.add_task_lines([line])
        assert outcome.fate is Fate.DONE
    second = replace(line, line="10:31: the customer wrote: thanks")
    connector.add_task_lines([second])
    (seen,) = account.tasks(contact)
    shown = seen.text.replace("\u2060", "")
    assert shown.index("10:31") < shown.index("10:30") < shown.index("Score: 3")
    assert shown.count("changed from 3 to 9") == 1
    assert "<script" not in seen.markup
    assert seen.done


def test_three_hundred_rows_at_once(account: Harness, connector: Connector) -> None:
    contacts = [account.add_contact(f"{n}@b.example") for n in range(300)]
    outcomes = connector.update_contacts([update(contact, score=7) for contact in contacts])
    assert {outcome.fate for outcome in outcomes} == {Fate.DONE}
    outcomes = connector.write_answers([answer(contact, f"k{contact}") for contact in contacts])
    assert {outcome.fate for outcome in outcomes} == {Fate.DONE}
    assert all(len(account.answers(contact)) == 1 for contact in contacts)


@pytest.mark.parametrize("contact", ["../x", "1; DROP", "", "ä", "1" * 40])
def test_what_is_no_id_goes_nowhere(account: Harness, connector: Connector, contact: str) -> None:
    assert not account.crm.valid_record_id(contact)
    before = account.calls()
    for outcome in (
        *connector.update_contacts([update(contact)]),
        *connector.write_answers([answer(contact)]),
        *connector.write_tasks([task(contact)]),
    ):
        assert outcome.fate is Fate.REFUSED
    assert account.calls() == before
