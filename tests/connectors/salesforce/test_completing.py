"""Which status closes a task is the org's own affair."""

from collections.abc import Iterator

import pytest

from connectors.salesforce.completing import closed_status
from connectors.sandbox.salesforce import SalesforceSandbox
from connectors.types import Fate, Outcome, TaskDone
from tests.connectors.salesforce.helpers import KEYED, connector, installed, task

GERMAN = {"Offen": False, "Abgesagt": True, "Erledigt": True}


@pytest.fixture
def org() -> Iterator[SalesforceSandbox]:
    with installed() as made:
        yield made


def complete(org: SalesforceSandbox, **more: str) -> tuple[Outcome, dict[str, object]]:
    crm = connector(org, capabilities=KEYED | more)
    contact = org.add_contact()
    (made,) = crm.write_tasks([task(contact)])
    (outcome,) = crm.complete_tasks([TaskDone("a1", contact, made.crm_id, "price", "solved")])
    return outcome, org.row(made.crm_id, "Task")


def test_an_org_in_which_nothing_is_closed_says_so(org: SalesforceSandbox) -> None:
    org.org.set_statuses({"Open": False, "Waiting": False})
    outcome, row = complete(org)
    assert (outcome.fate, outcome.code) == (Fate.REFUSED, "no_closed_status")
    assert not row["IsClosed"]


def test_a_renamed_status_is_found_when_none_was_recorded(org: SalesforceSandbox) -> None:
    org.org.set_statuses(GERMAN)
    outcome, row = complete(org)
    assert outcome.fate is Fate.DONE
    assert (row["Status"], row["IsClosed"]) == ("Abgesagt", True)


def test_the_usual_name_is_preferred(org: SalesforceSandbox) -> None:
    org.org.set_statuses({"Open": False, "Cancelled": True, "Completed": True})
    assert complete(org)[1]["Status"] == "Completed"


def test_what_was_recorded_at_install_costs_no_call(org: SalesforceSandbox) -> None:
    org.org.set_statuses(GERMAN)
    outcome, row = complete(org, task_closed="Erledigt")
    assert outcome.fate is Fate.DONE
    assert row["Status"] == "Erledigt"
    assert not any("TaskStatus" in str(call) for call in org.calls)


def test_an_install_records_it(org: SalesforceSandbox) -> None:
    org.org.set_statuses(GERMAN)
    crm = connector(org)
    setup = crm.apply("")
    while not setup.done:
        setup = crm.apply(setup.state)
    assert setup.capabilities["task_closed"] == "Abgesagt"
    assert closed_status(crm._org) == "Abgesagt"


def test_a_task_handled_before_it_was_made_reminds_nobody(org: SalesforceSandbox) -> None:
    crm = connector(org, capabilities=KEYED | {"task_closed": "Completed"})
    (made,) = crm.write_tasks([task(org.add_contact(), done=True)])
    row = org.row(made.crm_id, "Task")
    assert (row["IsClosed"], row["IsReminderSet"]) == (True, False)
