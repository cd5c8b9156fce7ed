"""How many calls the work takes."""

from dataclasses import replace

import pytest

from connectors.protocol import Connector
from connectors.sandbox.hubspot import HubSpotSandbox
from connectors.types import Fate
from tests.contract.hubspot import HubSpotHarness
from tests.contract.rows import answer, task, update


def _hundreds(rows: list[str]) -> list[list[str]]:
    return [rows[at : at + 100] for at in range(0, len(rows), 100)]


@pytest.mark.parametrize("owned_by", ["contact", "company", "nobody"])
def test_a_thousand_answers_with_two_hundred_detractors_take_27_calls(
    account: HubSpotHarness, connector: Connector, hub: HubSpotSandbox, owned_by: str
) -> None:
    left, owner = account.add_owner("Petter", active=False), account.add_owner("Astrid")
    company = account.add_company("Fjordlinje", owner_id=owner if owned_by == "company" else left)
    mine = owner if owned_by == "contact" else left
    contacts = [
        account.add_contact(f"{n}@b.example", owner_id=mine, company_id=company)
        for n in range(1000)
    ]
    hub.calls.clear()
    for some in _hundreds(contacts[:200]):
        owners = connector.task_owners(some, owner)
        rows = [task(c, f"t{c}", owner_id=o.id if (o := owners[c]) else "") for c in some]
        assert {outcome.fate for outcome in connector.write_tasks(rows)} == {Fate.DONE}
    for some in _hundreds(contacts):
        fates = {outcome.fate for outcome in connector.update_contacts([update(c) for c in some])}
        fates |= {o.fate for o in connector.write_answers([answer(c, f"a{c}") for c in some])}
        assert fates == {Fate.DONE}
    assert len(hub.calls) <= 27
    assert {call.status for call in hub.calls} <= {200, 201}
    assert all(account.tasks(contact)[0].owner_id == owner for contact in contacts[:200])


def test_200_owners_take_five_calls_at_once(
    account: HubSpotHarness, connector: Connector, hub: HubSpotSandbox
) -> None:
    left = account.add_owner("Petter", active=False)
    company = account.add_company("Fjordlinje", owner_id=left)
    contacts = [
        account.add_contact(f"{n}@b.example", owner_id=left, company_id=company) for n in range(200)
    ]
    hub.calls.clear()
    assert set(connector.task_owners(contacts, "").values()) == {None}
    assert len(hub.calls) <= 5


def test_keys_are_read_only_for_rows_that_were_tried(
    account: HubSpotHarness, connector: Connector, hub: HubSpotSandbox
) -> None:
    rows = [answer(account.add_contact(f"{n}@b.example"), f"a{n}") for n in range(3)]
    hub.calls.clear()
    connector.write_answers(rows)
    assert hub.count("/notes/batch/read") == 0
    hub.calls.clear()
    connector.write_answers([replace(row, attempted=True) for row in rows])
    assert hub.count("/notes/batch/read") == 1
    assert hub.count("/notes/batch/create") == 0


def test_many_gone_contacts_do_not_use_up_the_rate(
    account: HubSpotHarness, connector: Connector, hub: HubSpotSandbox
) -> None:
    contacts = [account.add_contact(f"{n}@b.example") for n in range(100)]
    for contact in contacts:
        account.delete(contact)
    hub.calls.clear()
    fates = [o.fate for o in connector.update_contacts([update(c) for c in contacts])]
    assert set(fates) == {Fate.GONE, Fate.BUSY}
    assert len(hub.calls) <= 25
