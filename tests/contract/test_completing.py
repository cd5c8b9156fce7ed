"""What was handled elsewhere is completed there, once, and says why."""

import pytest

from connectors.errors import Unreachable
from connectors.protocol import Connector
from connectors.types import Fate, TaskDone
from tests.contract.harness import Harness
from tests.contract.rows import task


@pytest.fixture
def contact(account: Harness) -> str:
    return account.add_contact("a@b.example")


@pytest.fixture
def made(connector: Connector, contact: str) -> str:
    (outcome,) = connector.write_tasks([task(contact)])
    return outcome.crm_id


def done(
    contact: str, task_id: str, cause: str = "slow_reply", outcome: str = "partly"
) -> TaskDone:
    return TaskDone("k1", contact, task_id, cause, outcome)


def told(account: Harness, connector: Connector, contact: str, task_id: str) -> str:
    """Cause and outcome as a rep finds them: in the task's fields, or as the first line of its text."""
    state = connector.task_states([task_id])[task_id]
    if state.cause:
        return f"{state.cause}, {state.outcome}"
    return account.tasks(contact)[0].text.splitlines()[0]


@pytest.mark.parametrize("strange", ["0", "999999", "00Tgv0000000099AAA", "../1", "1' OR Id != '"])
def test_a_task_that_is_gone_is_said_and_harms_no_neighbour(
    account: Harness, connector: Connector, contact: str, made: str, strange: str
) -> None:
    gone, fine = connector.complete_tasks([done(contact, strange), done(contact, made)])
    assert (gone.fate, gone.code) == (Fate.REFUSED, "task_gone")
    assert fine.fate is Fate.DONE
    assert account.tasks(contact)[0].done


def test_a_deleted_task_is_gone(
    account: Harness, connector: Connector, contact: str, made: str
) -> None:
    account.delete_task(made)
    (outcome,) = connector.complete_tasks([done(contact, made)])
    assert outcome.code == "task_gone"


def test_nothing_done_is_no_call(account: Harness, connector: Connector) -> None:
    before = account.calls()
    assert connector.complete_tasks([]) == []
    assert account.calls() == before


def test_completed_with_cause_and_outcome(
    account: Harness, connector: Connector, contact: str, made: str
) -> None:
    (outcome,) = connector.complete_tasks([done(contact, made)])
    assert (outcome.fate, outcome.crm_id) == (Fate.DONE, made)
    assert connector.task_states([made])[made].closed
    (seen,) = account.tasks(contact)
    assert seen.done
    assert "Too slow" in seen.text
    assert told(account, connector, contact, made) in (
        "slow_reply, partly",
        "Handled. Why the customer was unhappy: Slow reply. What came of it: Partly solved.",
    )


def test_again_is_no_different_from_once(
    account: Harness, connector: Connector, contact: str, made: str
) -> None:
    connector.complete_tasks([done(contact, made)])
    once = account.tasks(contact)
    connector.complete_tasks([done(contact, made), done(contact, made)])
    assert account.tasks(contact) == once


def test_a_correction_is_what_stands(
    account: Harness, connector: Connector, contact: str, made: str
) -> None:
    for cause, outcome in (("price", "solved"), ("other", "not_solved"), ("price", "solved")):
        connector.complete_tasks([done(contact, made, cause, outcome)])
    assert told(account, connector, contact, made) in (
        "price, solved",
        "Handled. Why the customer was unhappy: Price. What came of it: Solved.",
    )


def test_a_lost_reply_is_made_good_by_the_next_try(
    account: Harness, connector: Connector, contact: str, made: str
) -> None:
    account.lose_reply("completions")
    with pytest.raises(Unreachable):
        connector.complete_tasks([done(contact, made)])
    once = account.tasks(contact)
    (outcome,) = connector.complete_tasks([done(contact, made)])
    assert outcome.fate is Fate.DONE
    assert once == account.tasks(contact)
    assert once[0].done


def test_a_hundred_are_two_calls_at_most(account: Harness, connector: Connector) -> None:
    contacts = [account.add_contact(f"c{n}@b.example") for n in range(100)]
    made = connector.write_tasks([task(one, f"k{n}") for n, one in enumerate(contacts)])
    before = account.calls()
    pairs = zip(contacts, made, strict=True)
    outcomes = connector.complete_tasks([done(one, task.crm_id) for one, task in pairs])
    assert account.calls() - before <= 2
    assert {outcome.fate for outcome in outcomes} == {Fate.DONE}
    assert all(account.tasks(one)[0].done for one in contacts)


def test_what_was_handled_already_is_no_work_for_anybody(
    account: Harness, connector: Connector, contact: str
) -> None:
    (outcome,) = connector.write_tasks([task(contact, done=True)])
    assert outcome.fate is Fate.DONE
    assert account.tasks(contact)[0].done
