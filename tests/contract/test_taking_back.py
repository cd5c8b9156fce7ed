"""What was no human's: its record is taken away. A task that is somebody's work after all is opened."""

import pytest

from connectors.protocol import Connector
from connectors.types import Fate, RecordRef, TaskDone
from tests.contract.harness import Harness
from tests.contract.rows import answer, task, update

SECRET = "A secret word"


@pytest.fixture
def contact(account: Harness) -> str:
    return account.add_contact("a@b.example")


@pytest.fixture
def record(connector: Connector, contact: str) -> RecordRef:
    (outcome,) = connector.write_answers([answer(contact, "k1", comment=SECRET)])
    return RecordRef("k1", outcome.crm_id, contact)


@pytest.fixture
def completed(connector: Connector, contact: str) -> str:
    (outcome,) = connector.write_tasks([task(contact)])
    connector.complete_tasks([TaskDone("k1", contact, outcome.crm_id, "", "")])
    return outcome.crm_id


def test_one_record_goes_and_everything_else_stays(
    account: Harness, connector: Connector, contact: str, record: RecordRef
) -> None:
    connector.write_answers([answer(contact, "k2")])
    connector.write_tasks([task(contact)])
    connector.update_contacts([update(contact, score=3)])
    before = account.values(contact)
    (done,) = connector.remove_answers([record])
    assert done.fate is Fate.DONE
    assert len(account.answers(contact)) == len(account.tasks(contact)) == 1
    assert account.values(contact) == before
    assert SECRET not in account.whole_account()


@pytest.mark.parametrize("proof", ["known", "", "999999"])
def test_it_is_found_by_its_key_too_and_again_is_no_different(
    account: Harness, connector: Connector, contact: str, record: RecordRef, proof: str
) -> None:
    given = RecordRef("k1", record.proof if proof == "known" else proof, contact)
    for _ in range(2):
        assert connector.remove_answers([given])[0].fate is Fate.DONE
    assert account.answers(contact) == []


def test_nothing_to_take_away_is_no_call(account: Harness, connector: Connector) -> None:
    before = account.calls()
    assert connector.remove_answers([]) == connector.reopen_tasks([]) == []
    assert account.calls() == before


def test_an_answer_that_counts_again_gets_a_record_again(
    account: Harness, connector: Connector, contact: str, record: RecordRef
) -> None:
    connector.remove_answers([record])
    (made,) = connector.write_answers([answer(contact, "k1", comment="Again")])
    assert made.fate is Fate.DONE
    (seen,) = account.answers(contact)
    assert "Again" in seen.text


def test_a_completed_task_is_opened_and_again_is_no_different(
    account: Harness, connector: Connector, contact: str, completed: str
) -> None:
    (seen,) = account.tasks(contact)
    assert seen.done
    assert (
        "Handled." not in seen.text
    )  # nobody handled it: it was completed without cause and outcome
    for _ in range(2):
        (done,) = connector.reopen_tasks([completed])
        assert (done.fate, done.crm_id) == (Fate.DONE, completed)
    assert not account.tasks(contact)[0].done
    assert not connector.task_states([completed])[completed].closed


@pytest.mark.parametrize("strange", ["0", "999999", "00Tgv0000000099AAA", "../1", "1' OR Id != '"])
def test_a_task_that_is_gone_is_said_and_harms_no_neighbour(
    account: Harness, connector: Connector, contact: str, completed: str, strange: str
) -> None:
    gone, fine = connector.reopen_tasks([strange, completed])
    assert (gone.fate, gone.code) == (Fate.REFUSED, "task_gone")
    assert fine.fate is Fate.DONE
    assert not account.tasks(contact)[0].done


def test_a_deleted_task_is_gone(account: Harness, connector: Connector, completed: str) -> None:
    account.delete_task(completed)
    assert connector.reopen_tasks([completed])[0].code == "task_gone"
