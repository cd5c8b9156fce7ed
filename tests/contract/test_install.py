"""Installing, checking and leaving."""

import pytest

from connectors.errors import Refused
from connectors.protocol import Connector
from tests.contract.harness import Harness
from tests.contract.rows import answer, update


def test_a_plan_writes_nothing_and_install_leaves_nothing_to_plan(account: Harness) -> None:
    connector = account.connect()
    first = connector.plan()
    assert first
    assert connector.plan() == first
    assert connector.check()
    installed = account.install()
    assert [step for step in installed.plan() if step.action == "change"] == []
    assert installed.check() == []


def test_installing_twice_changes_nothing(account: Harness, connector: Connector) -> None:
    before = connector.plan()
    assert account.install().plan() == before


def test_an_account_names_itself(account: Harness, connector: Connector) -> None:
    assert connector.account().id == account.connection.account_id
    told = account.crm.identify(
        account.tokens.current, api_url=account.connection.api_url, loopback=True
    )
    assert told.id == account.connection.account_id
    assert told.ui_url


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example",
        "https://api.hubapi.com.evil.example",
        "http://api.hubapi.com",
        "https://user:pw@api.hubapi.com",
        "https://login.salesforce.com.evil.example",
        "http://login.salesforce.com",
        "https://127.0.0.1",
        "http://localhost:5000",
        "file:///etc/passwd",
        "https://[",
        "",
    ],
)
def test_no_token_leaves_for_a_foreign_host(account: Harness, url: str) -> None:
    with pytest.raises(Refused):
        account.crm.check_host(url, loopback=False)


def test_loopback_is_for_the_demo_only(account: Harness) -> None:
    url = account.connection.api_url
    assert account.crm.check_host(url + "/", loopback=True) == url
    with pytest.raises(Refused):
        account.crm.check_host(url, loopback=False)
    with pytest.raises(Refused):
        account.crm.check_host("http://evil.example", loopback=True)


def test_leaving_keeps_what_was_written(account: Harness, connector: Connector) -> None:
    contact = account.add_contact("a@b.example")
    connector.update_contacts([update(contact)])
    connector.write_answers([answer(contact)])
    setup = connector.remove(delete_data=False, state="")
    while not setup.done:
        setup = connector.remove(delete_data=False, state=setup.state)
    assert account.values(contact)["score"] == "3"
    assert len(account.answers(contact)) == 1
