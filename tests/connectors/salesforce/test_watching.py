"""Reading opportunities and cases page by page, and none that is committed late is lost."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.salesforce import watching
from connectors.salesforce.connector import SalesforceConnector
from connectors.sandbox.salesforce import SalesforceSandbox
from connectors.watching import Occurrence, Watch, Watched

CASES, DEALS = Watch(Watched.CASES), Watch(Watched.DEALS)


def an_hour_ago() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


def pages(crm: SalesforceConnector, watch: Watch, mark: str = "") -> list[list[Occurrence]]:
    found = []
    for _ in range(100):
        page = crm.occurrences(watch, an_hour_ago(), mark)
        found.append(list(page.found))
        mark = page.mark
        if not page.more:
            return found
    raise AssertionError("it never ends")


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "PAGE", 3)
    monkeypatch.setattr(watching.Stream, "__init__", _three(watching.Stream.__init__))


def _three(make):
    def made(self, *given, **named):
        make(self, *given, **{**named, "limit": 3})

    return made


def test_page_by_page_though_all_changed_in_the_same_second(
    org: SalesforceSandbox, crm: SalesforceConnector, short_pages: None
) -> None:
    contacts = org.add_contacts(8)
    at = datetime.now(UTC).replace(microsecond=0)
    for contact in contacts:
        org.change(org.add_case(contact), "Case", SystemModstamp=at)
    found = pages(crm, CASES)
    assert [len(page) for page in found] == [3, 3, 2]
    assert {one.contact_id for page in found for one in page} == set(contacts)


def test_what_is_committed_late_is_found_by_the_next_look(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    mark = crm.occurrences(CASES, an_hour_ago(), "").mark
    contact = org.add_contact()
    began = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)
    org.change(org.add_case(contact), "Case", SystemModstamp=began)
    assert [one.contact_id for one in crm.occurrences(CASES, an_hour_ago(), mark).found] == [
        contact
    ]


def test_the_primary_contact_or_the_only_one_or_all(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    first, second, third = org.add_contacts(3)
    org.add_opportunity(first, second, primary=second)
    alone = org.add_opportunity(third)
    for role in org.rows("OpportunityContactRole"):
        if role["OpportunityId"] == alone:
            org.change(role["Id"], "OpportunityContactRole", IsPrimary=False)
    primary = {one.contact_id for page in pages(crm, DEALS) for one in page}
    everyone = Watch(Watched.DEALS, everyone=True)
    assert primary == {second, third}
    assert {o.contact_id for page in pages(crm, everyone) for o in page} == {first, second, third}


def test_a_deal_that_is_lost_or_open_is_none(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    for stage in ("Closed Lost", "Prospecting"):
        org.add_opportunity(org.add_contact(), StageName=stage)
    assert pages(crm, DEALS) == [[]]


def test_a_name_with_a_quote_is_no_way_into_the_query(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    org.add_case(org.add_contact())
    assert pages(crm, Watch(Watched.CASES, "x' OR Id != '")) == [[]]
