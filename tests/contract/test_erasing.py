"""What we wrote is taken away again, whoever moved or deleted it meanwhile; and what there is of it is told."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from connectors.errors import Unreachable
from connectors.protocol import Connector
from connectors.types import Fate, RecordRef
from tests.contract.harness import Harness
from tests.contract.rows import AT, answer, task, update

SECRET = "A secret word"


@pytest.fixture
def contact(account: Harness, connector: Connector) -> str:
    """Everything of ours stands on her; another contact has as much."""
    made = account.add_contact("a@b.example")
    wrote(connector, made, "k1")
    return made


def wrote(connector: Connector, contact: str, *keys: str) -> list[RecordRef]:
    connector.update_contacts([update(contact, score=3, comment=SECRET, answered_at=AT)])
    proofs = [
        (
            connector.write_answers([answer(contact, key, comment=SECRET)])[0],
            connector.write_tasks([task(contact, key, body=SECRET)])[0],
        )
        for key in keys
    ]
    assert all(one.fate is Fate.DONE for pair in proofs for one in pair)
    return [
        RecordRef(key, noted.crm_id, contact) for key, (noted, _) in zip(keys, proofs, strict=True)
    ]


def ref(contact: str, key: str = "k1", proof: str = "") -> RecordRef:
    return RecordRef(key, proof, contact)


def test_all_of_ours_goes_and_the_contact_stays(
    account: Harness, connector: Connector, contact: str
) -> None:
    other = account.add_contact("b@b.example")
    wrote(connector, other, "k2")
    done = connector.erase(contact, [ref(contact)], [ref(contact)])
    assert done.fate is Fate.DONE
    assert account.answers(contact) == account.tasks(contact) == []
    assert account.values(contact) == {}
    assert account.contact_count() == 2
    assert len(account.answers(other)) == len(account.tasks(other)) == 1
    assert account.values(other)["comment"] == SECRET


def test_what_is_in_the_bin_says_nothing_any_more(
    account: Harness, connector: Connector, contact: str
) -> None:
    assert SECRET in account.whole_account()
    connector.erase(contact, [ref(contact)], [ref(contact)])
    assert SECRET not in account.whole_account()


def test_done_again_and_with_nothing_there_it_is_done(
    account: Harness, connector: Connector, contact: str
) -> None:
    for _ in range(2):
        assert connector.erase(contact, [ref(contact)], [ref(contact)]).fate is Fate.DONE
    nobody = account.add_contact("c@b.example")
    assert connector.erase(nobody, [], []).fate is Fate.DONE
    assert connector.erase(nobody, [ref(nobody, "never")], [ref(nobody, "never")]).fate is Fate.DONE


def test_what_was_cut_off_in_the_middle_goes_on(
    account: Harness, connector: Connector, contact: str
) -> None:
    account.answer_with("contacts", 503)
    with pytest.raises(Unreachable):
        connector.erase(contact, [ref(contact)], [ref(contact)])
    assert connector.erase(contact, [ref(contact)], [ref(contact)]).fate is Fate.DONE
    assert account.answers(contact) == account.tasks(contact) == []
    assert account.values(contact) == {}


def test_a_deleted_contact_s_records_go_by_their_ids(
    account: Harness, connector: Connector
) -> None:
    contact = account.add_contact("a@b.example")
    (noted,) = connector.write_answers([answer(contact, comment=SECRET)])
    (told,) = connector.write_tasks([task(contact, body=SECRET)])
    account.delete(contact)
    done = connector.erase(
        contact, [ref(contact, proof=noted.crm_id)], [ref(contact, proof=told.crm_id)]
    )
    assert done.fate is Fate.DONE
    standing = connector.record_states(
        [ref(contact, proof=noted.crm_id)], [ref(contact, proof=told.crm_id)]
    )
    assert standing.answers == standing.tasks == {"k1": ()}


def test_a_merged_contact_s_values_are_on_the_survivor(
    account: Harness, connector: Connector, contact: str
) -> None:
    survivor = account.merge(account.add_contact("b@b.example"), contact)
    told = connector.erase(contact, [], [])
    assert (told.fate, told.crm_id) == (Fate.MERGED, survivor)


def test_each_key_is_found_with_its_id_and_a_missing_one_with_none(
    account: Harness, connector: Connector
) -> None:
    contact = account.add_contact("a@b.example")
    one, two = wrote(connector, contact, "k1", "k2")
    (gone,) = [t for t in account.tasks(contact) if t.text.startswith(SECRET)][:1]
    account.delete_task(gone.id)
    asked = [replace(one, proof=""), two, ref(contact, "never")]
    standing = connector.record_states(asked, asked)
    assert standing.answers == {"k1": (one.proof,), "k2": (two.proof,), "never": ()}
    assert sorted(map(len, standing.tasks.values())) == [0, 0, 1]
    assert connector.record_states([], []).answers == {}


def test_fields_are_read_as_they_are_written(account: Harness, connector: Connector) -> None:
    contact, empty = account.add_contact("a@b.example"), account.add_contact("b@b.example")
    gone, other = account.add_contact("c@b.example"), account.add_contact("d@b.example")
    account.delete(gone)
    at = datetime(2026, 11, 21, 23, 59, 58, tzinfo=UTC)
    given = {"score": 0, "category": "detractor", "comment": "a\n<b>", "answered_at": at}
    connector.update_contacts([update(contact, **given)])
    held = connector.contact_values([contact, empty, gone, "no-id"])
    seen = held[contact]
    assert seen is not None
    assert {key: value for key, value in seen.items() if value is not None} == given
    assert set((held[empty] or {}).values()) == {None}
    assert (held[gone], held["no-id"]) == (None, None)
    merged = account.merge(contact, other)
    again = connector.contact_values([other, merged])
    assert again[other] is None
    assert (again[merged] or {})["score"] == 0


def test_looking_costs_few_calls(account: Harness, connector: Connector) -> None:
    contacts = [account.add_contact(f"{n}@b.example") for n in range(30)]
    connector.write_answers([answer(c, f"k{c}") for c in contacts])
    before = account.calls()
    refs = [ref(c, f"k{c}") for c in contacts]
    connector.record_states(refs, refs)
    connector.contact_values(contacts)
    assert account.calls() - before <= 7
