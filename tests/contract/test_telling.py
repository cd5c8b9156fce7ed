"""What a contact was told stands on the timeline: once, as plain text, and gone when the contact is erased."""

from dataclasses import replace
from typing import Any

import pytest

from connectors.errors import Unreachable
from connectors.protocol import Connector
from connectors.types import TOLD, Fate, RecordRef, Telling
from tests.contract.harness import Harness
from tests.contract.rows import AT, answer

HOSTILE = (
    "<script>alert(1)</script> {{ contact.email }} {!Contact.Email} {{{Recipient.Email}}} {% x %}"
)


def telling(contact_id: str, key: str = "k1", **changes: Any) -> Telling:
    made = Telling(
        key=f"{TOLD}{key}",
        contact_id=contact_id,
        subject="We answer within a day",
        text="Hello Ebba,\n\nyou wrote: too slow.",
        channel="email",
        told_at=AT,
    )
    return replace(made, **changes)


def test_it_says_what_was_told_when_and_how(account: Harness, connector: Connector) -> None:
    contact, other = account.add_contact("a@b.example"), account.add_contact("b@b.example")
    rows = [telling(contact), telling(other, "k2", channel="widget")]
    outcomes = connector.write_tellings(rows)
    assert [one.fate for one in outcomes] == [Fate.DONE, Fate.DONE]
    (seen,) = account.tellings(contact)
    assert seen.id == outcomes[0].crm_id
    assert seen.text.startswith("Told what changed: We answer within a day\n")
    assert "By e-mail, 2026-11-21 10:30 UTC" in seen.text
    assert "Hello Ebba,\n\nyou wrote: too slow." in seen.text
    assert "By a notice on the page" in account.tellings(other)[0].text


def test_nothing_a_customer_wrote_is_run_there(account: Harness, connector: Connector) -> None:
    contact = account.add_contact("a@b.example")
    (outcome,) = connector.write_tellings(
        [telling(contact, text=HOSTILE, subject=f"a\nb{HOSTILE}")]
    )
    assert outcome.fate is Fate.DONE
    (seen,) = account.tellings(contact)
    assert HOSTILE in seen.text.replace("\u2060", "")
    assert "<script" not in seen.markup
    run_there = ("{{", "{%", "}}") if account.name == "hubspot" else ("{!", "{{", "}}")
    assert not any(sign in seen.markup + seen.text for sign in run_there)


def test_a_second_delivery_writes_no_second_one(account: Harness, connector: Connector) -> None:
    contact = account.add_contact("a@b.example")
    (first,) = connector.write_tellings([telling(contact)])
    for again in (telling(contact, attempted=True), telling(contact, proof=first.crm_id)):
        assert connector.write_tellings([replace(again, text="Other words")]) == [first]
    (seen,) = account.tellings(contact)
    assert "Other words" not in seen.text


def test_a_lost_reply_leaves_one_each(account: Harness, connector: Connector) -> None:
    rows = [telling(account.add_contact(f"{n}@b.example"), f"k{n}") for n in range(5)]
    account.lose_reply("tellings")
    with pytest.raises(Unreachable) as lost:
        connector.write_tellings(rows)
    assert lost.value.unknown
    late = telling(account.add_contact("late@b.example"), "late")
    again = [*(replace(row, attempted=True) for row in rows), late]
    assert {one.fate for one in connector.write_tellings(again)} == {Fate.DONE}
    assert all(len(account.tellings(row.contact_id)) == 1 for row in again)


def test_gone_and_merged_are_said_and_harm_no_neighbour(
    account: Harness, connector: Connector
) -> None:
    good, gone, winner, loser = (account.add_contact(f"{n}@b.example") for n in "abcd")
    account.delete(gone)
    survivor = account.merge(winner, loser)
    told = connector.write_tellings([telling(c, f"k{c}") for c in (good, gone, loser)])
    assert [one.fate for one in told] == [Fate.DONE, Fate.GONE, Fate.MERGED]
    assert told[2].crm_id == survivor
    assert len(account.tellings(good)) == 1
    assert account.tellings(survivor) == []
    before = account.calls()
    assert connector.write_tellings([telling("../x")])[0].fate is Fate.REFUSED
    assert account.calls() == before


def test_it_is_found_and_erased_with_the_rest(account: Harness, connector: Connector) -> None:
    contact, other = account.add_contact("a@b.example"), account.add_contact("b@b.example")
    connector.write_answers([answer(contact)])
    connector.write_tellings([telling(contact, text="A secret word"), telling(other, "k2")])
    refs = [RecordRef(f"{TOLD}k1", "", contact), RecordRef(f"{TOLD}never", "", contact)]
    (seen,) = account.tellings(contact)
    there = connector.record_states([], [], refs)
    assert there.tellings == {f"{TOLD}k1": (seen.id,), f"{TOLD}never": ()}
    for _ in range(2):
        assert connector.erase(contact, [], [], refs).fate is Fate.DONE
    assert account.tellings(contact) == []
    assert "A secret word" not in account.whole_account()
    assert len(account.answers(contact)) == len(account.tellings(other)) == 1
