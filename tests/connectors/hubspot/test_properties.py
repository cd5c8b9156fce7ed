"""What HubSpot alone does to properties that are kept in step: hidden and sensitive ones, and its limits of search."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.attributes import Kind
from connectors.hubspot.client import Api
from connectors.hubspot.connector import HubSpotConnector
from connectors.sandbox.hubspot import HubSpotSandbox
from connectors.sandbox.hubspot.definitions import Definition
from tests.contract.hubspot import HubSpotHarness

PLAN = {"plan": Kind.TEXT}


def an_hour_ago() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


def crm(account: HubSpotHarness) -> HubSpotConnector:
    return HubSpotConnector(account.connection, account.tokens)


@pytest.mark.parametrize(
    "made",
    [
        Definition("secret", "Secret", sensitivity="sensitive"),
        Definition("health", "Health", sensitivity="highly_sensitive"),
        Definition("inner", "Inner", hidden=True),
        Definition("story", "Story", field_type="textarea"),
        Definition("several", "Several", "enumeration", "checkbox"),
        Definition("away", "Away", archived=True),
    ],
)
def test_hidden_sensitive_and_long_ones_are_not_offered(
    account: HubSpotHarness, hub: HubSpotSandbox, made: Definition
) -> None:
    hub.portal.definitions["contacts"][made.name] = made
    assert made.name not in {one.value for one in crm(account).contact_fields()}


def test_the_accounts_own_are_offered_first_and_by_their_labels(account: HubSpotHarness) -> None:
    offered = [one.label for one in crm(account).contact_fields()]
    assert offered[:4] == ["Annual revenue", "Customer since", "Customer value", "Plan"]


def test_a_sensitive_one_that_was_chosen_before_is_missing_and_not_empty(
    account: HubSpotHarness, hub: HubSpotSandbox
) -> None:
    contact = hub.add_contact("a@b.example", plan="Team")
    hub.portal.definitions["contacts"]["plan"].sensitivity = "sensitive"
    told = crm(account).values_of(PLAN, [contact.id])
    assert (told.missing, told.held) == (("plan",), {})


def test_a_crowd_that_changed_at_the_very_same_time_is_read_whole(
    account: HubSpotHarness, hub: HubSpotSandbox
) -> None:
    """An import gives thousands the same time: a search behind the last time would miss some, one by offset ends at
    ten thousand."""
    made = hub.add_contacts(450)
    at = datetime.now(UTC)
    for one in made:
        one.updated = at
    seen: list[str] = []
    mark, more = "", True
    while more:
        page = crm(account).values_changed(PLAN, an_hour_ago(), mark)
        seen += page.held
        mark, more = page.mark, page.more
    assert sorted(seen) == sorted(one.id for one in made)


def test_what_the_index_shows_late_is_read_by_the_next_look(
    account: HubSpotHarness, hub: HubSpotSandbox
) -> None:
    hub.portal.options.search_lag = 3600
    late = hub.add_contact("a@b.example", plan="Team")
    first = crm(account).values_changed(PLAN, an_hour_ago(), "")
    hub.portal.options.search_lag = 0
    then = crm(account).values_changed(PLAN, an_hour_ago(), first.mark)
    assert (first.held, then.held) == ({}, {late.id: {"plan": "Team"}})


def test_every_call_is_counted(hub: HubSpotSandbox, api: Api, account: HubSpotHarness) -> None:
    connector = crm(account)
    contacts = [one.id for one in hub.add_contacts(250)]
    hub.calls.clear()
    assert connector.values_of(PLAN, contacts).calls == len(hub.calls) == 4
