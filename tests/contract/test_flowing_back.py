"""What people do in the CRM, seen from here."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.changes import RequestResult
from connectors.errors import RateLimited
from connectors.protocol import Connector
from connectors.types import Fate
from tests.contract.harness import Harness
from tests.contract.rows import task


@pytest.fixture
def told(account: Harness, connector: Connector) -> str:
    """A task of ours, given to Anna."""
    anna = account.add_owner("Anna Berg")
    (made,) = connector.write_tasks([task(account.add_contact("a@b.example"), owner_id=anna)])
    return made.crm_id


def test_a_task_that_nobody_touched_is_open_and_its_owners(connector: Connector, told: str) -> None:
    state = connector.task_states([told])[told]
    assert not state.closed
    assert not state.gone
    assert (state.cause, state.outcome) == ("", "")
    assert state.owner is not None
    assert state.owner.name == "Anna Berg"
    assert abs(state.changed_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_finished_reopened_and_given_to_somebody_else(
    account: Harness, connector: Connector, told: str
) -> None:
    account.finish_task(told)
    finished = connector.task_states([told])[told]
    account.reopen_task(told)
    bo = account.add_owner("Bo Dahl")
    account.give_task(told, bo)
    connector = account.connect()  # owners are kept for a minute
    again = connector.task_states([told])[told]
    assert (finished.closed, again.closed) == (True, False)
    assert again.changed_at >= finished.changed_at
    assert again.owner is not None
    assert (again.owner.id, again.owner.name) == (bo, "Bo Dahl")


def test_why_and_what_came_of_it_comes_back(
    account: Harness, connector: Connector, told: str
) -> None:
    kept = account.judge_task(told, "slow_reply", "partly")
    state = connector.task_states([told])[told]
    assert (state.cause, state.outcome) == (("slow_reply", "partly") if kept else ("", ""))


def test_a_deleted_task_is_gone_and_says_since_when(
    account: Harness, connector: Connector, told: str
) -> None:
    account.delete_task(told)
    state = connector.task_states([told])[told]
    assert state.gone
    assert abs(state.changed_at - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize("strange", ["0", "999999", "00Tgv0000000099AAA", "../1", "1' OR Id != '"])
def test_a_task_that_never_was_is_gone_and_harms_no_neighbour(
    connector: Connector, told: str, strange: str
) -> None:
    states = connector.task_states([strange, told])
    assert states[strange].gone
    assert not states[told].gone


def test_no_tasks_are_no_call(account: Harness, connector: Connector) -> None:
    before = account.calls()
    assert connector.task_states([]) == {}
    assert account.calls() == before


def test_a_batch_of_tasks_is_hardly_any_calls(account: Harness, connector: Connector) -> None:
    contacts = [account.add_contact(f"c{n}@b.example") for n in range(150)]
    rows = [task(contact, f"k{n}") for n, contact in enumerate(contacts)]
    made = [one.crm_id for one in connector.write_tasks(rows)]
    before = account.calls()
    assert len(connector.task_states(made)) == 150
    assert account.calls() - before <= 2


def test_from_now_on_nothing_has_happened(account: Harness, connector: Connector) -> None:
    first = connector.changes("")
    again = connector.changes(first.mark)
    for told in (first, again):
        assert (told.contacts, told.tasks, told.requests, told.more) == ((), (), (), False)


def test_who_does_not_push_tells_when_asked(account: Harness, connector: Connector) -> None:
    kept, lost = account.add_contact("a@b.example"), account.add_contact("b@b.example")
    mark = connector.changes("").mark
    account.merge(kept, lost)
    assert bool(connector.changes(mark).contacts) is not account.crm.pushes


def test_a_call_too_many_is_said(account: Harness, connector: Connector, told: str) -> None:
    account.refuse_calls()
    with pytest.raises(RateLimited):
        connector.task_states([told])


def test_the_answer_to_a_request_that_is_none_harms_nobody(connector: Connector) -> None:
    (fate,) = connector.answer_requests(
        [RequestResult("no-id", "asked", "https://nps.example/s/x")]
    )
    assert fate.fate in (Fate.DONE, Fate.REFUSED)
    assert connector.answer_requests([]) == []
