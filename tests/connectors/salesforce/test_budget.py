"""How many calls a day's answers cost: every org has a daily budget, shared with all its tools."""

from connectors.salesforce.connector import SalesforceConnector
from connectors.sandbox.salesforce import SalesforceSandbox
from connectors.types import Fate
from tests.connectors.salesforce.helpers import answer, task, update


def test_a_thousand_waiting_answers_with_two_hundred_detractors_take_at_most_fourteen_calls(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    contacts = org.add_contacts(1000)
    batch = crm.limits.batch
    org.calls.clear()
    unhappy = contacts[:batch]
    owners = crm.task_owners(unhappy, org.admin)
    tasks = [task(c, f"a{n}", owner_id=owners[c].id) for n, c in enumerate(unhappy)]  # type: ignore[union-attr]
    outcomes = crm.write_tasks(tasks)
    for start in range(0, len(contacts), batch):
        some = list(enumerate(contacts))[start : start + batch]
        outcomes += crm.update_contacts([update(contact) for _, contact in some])
        outcomes += crm.write_answers([answer(contact, f"a{n}") for n, contact in some])
    assert {outcome.fate for outcome in outcomes} == {Fate.DONE}
    assert len(org.calls) <= 14
    assert len(org.calls) == 12
    assert org.org.used_today == 12
