"""Reading deals and tickets page by page, as HubSpot's search lets one."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.errors import Unreachable
from connectors.hubspot import CRM, watching
from connectors.manifest import manifest
from connectors.protocol import Connector
from connectors.sandbox.hubspot import HubSpotSandbox
from connectors.sandbox.hubspot.selling import Members
from connectors.watching import Occurrence, Watch, Watched

CASES = Watch(Watched.CASES)


def an_hour_ago() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


def pages(crm: Connector, watch: Watch, mark: str = "") -> list[list[Occurrence]]:
    found = []
    for _ in range(100):
        page = crm.occurrences(watch, an_hour_ago(), mark)
        found.append(list(page.found))
        mark = page.mark
        if not page.more:
            return found
    raise AssertionError("it never ends")


def contacts(found: list[list[Occurrence]]) -> set[str]:
    return {one.contact_id for page in found for one in page}


@pytest.fixture
def closed(hub: HubSpotSandbox) -> set[str]:
    """Four hundred and fifty contacts, each with a ticket that was closed."""
    hub.portal.options.search_rate = 1_000
    made = hub.add_contacts(450)
    for one in made:
        hub.add_ticket(one)
    return {one.id for one in made}


def test_hundreds_of_lists_can_be_chosen_from(connector: Connector, hub: HubSpotSandbox) -> None:
    for number in range(501):
        hub.add_list(f"List {number:03}")
    offered = [one.label for one in connector.choices(Watched.LIST)]
    assert offered == [f"List {number:03}" for number in range(501)]


def test_every_right_is_an_optional_scope_of_the_manifest() -> None:
    assert set(CRM.rights.values()) <= set(manifest().hubspot.scopes.optional)


def test_none_is_lost_over_pages_of_two_hundred(connector: Connector, closed: set[str]) -> None:
    found = pages(connector, CASES)
    assert contacts(found) == closed
    assert len(found) <= 4


def test_many_of_the_very_same_time_are_read_to_their_end(
    hub: HubSpotSandbox, connector: Connector, closed: set[str]
) -> None:
    """As after an import: paging by time alone would read the first two hundred for ever."""
    at = datetime.now(UTC).replace(microsecond=0)
    for ticket in hub.portal.records["tickets"].values():
        ticket.updated = at
    assert contacts(pages(connector, CASES)) == closed


def test_a_search_never_goes_beyond_what_hubspot_shows(
    hub: HubSpotSandbox,
    connector: Connector,
    closed: set[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of more than ten thousand of the very same millisecond the rest is given up, and the look comes to an end."""
    monkeypatch.setattr(watching, "DEPTH", 400)
    at = datetime.now(UTC).replace(microsecond=0)
    for ticket in hub.portal.records["tickets"].values():
        ticket.updated = at
    assert len(contacts(pages(connector, CASES))) == 400


def test_what_the_index_shows_late_is_found_by_the_next_look(
    hub: HubSpotSandbox, connector: Connector
) -> None:
    mark = connector.occurrences(CASES, an_hour_ago(), "").mark
    contact = hub.add_contact("a@b.example")
    hub.add_ticket(contact).updated -= timedelta(seconds=30)
    hub.portal.options.search_lag = 60
    first = connector.occurrences(CASES, an_hour_ago(), mark)
    hub.portal.options.search_lag = 0
    second = connector.occurrences(CASES, an_hour_ago(), first.mark)
    assert first.found == ()
    assert [one.contact_id for one in second.found] == [contact.id]


def test_a_page_that_is_refused_in_the_middle_moves_nothing(
    hub: HubSpotSandbox, connector: Connector, closed: set[str]
) -> None:
    first = connector.occurrences(CASES, an_hour_ago(), "")
    hub.fail("POST .*/associations/.*", status=503)
    with pytest.raises(Unreachable):
        connector.occurrences(CASES, an_hour_ago(), first.mark)
    found = pages(connector, CASES, first.mark)
    assert contacts([list(first.found), *found]) == closed


def test_members_of_a_long_list_page_by_page(hub: HubSpotSandbox, connector: Connector) -> None:
    made = hub.add_contacts(600)
    chosen = Watch(Watched.LIST, hub.add_list("All", *made))
    found = pages(connector, chosen)
    assert [len(page) for page in found] == [250, 250, 100]


def test_a_list_of_companies_is_not_offered(hub: HubSpotSandbox, connector: Connector) -> None:
    hub.portal.lists["9"] = Members("Companies", object_type="0-2")
    assert connector.choices(Watched.LIST) == []


def test_a_mark_that_we_never_wrote_is_no_way_into_an_address(
    hub: HubSpotSandbox, connector: Connector
) -> None:
    chosen = Watch(Watched.LIST, hub.add_list("All", *hub.add_contacts(2)))
    found = connector.occurrences(chosen, an_hour_ago(), "1&limit=1#/../x")
    assert len(found.found) == 2
