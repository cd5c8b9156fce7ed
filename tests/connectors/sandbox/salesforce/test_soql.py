"""The sandbox parses its part of SOQL properly and refuses the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simple_salesforce.format import format_soql

from connectors.sandbox.salesforce import SalesforceSandbox, seed, soql
from connectors.sandbox.salesforce.problems import Refusal
from tests.connectors.sandbox.salesforce.plain import Api, error


@pytest.mark.parametrize(
    "text",
    [
        "",
        "SELECT",
        "SELECT FROM Contact",
        "SELECT Id Contact",
        "SELECT Id FROM Contact WHERE",
        "SELECT Id FROM Contact WHERE Name",
        "SELECT Id FROM Contact WHERE Name = ",
        "SELECT Id FROM Contact WHERE Name = Email",
        "SELECT Id FROM Contact WHERE Name = 'x",
        "SELECT Id FROM Contact WHERE Name = 'x' AND",
        "SELECT Id FROM Contact WHERE Name IN ()",
        "SELECT Id FROM Contact WHERE (Name = 'x'",
        "SELECT Id FROM Contact WHERE Name = 'a' AND Name = 'b' OR Name = 'c'",
        "SELECT Id FROM Contact LIMIT x",
        "SELECT Id FROM Contact; DROP TABLE Contact",
        "SELECT Id, Id FROM Contact",
        "SELECT COUNT() FROM Contact",
        "SELECT Id FROM Contact GROUP BY Name",
        "DELETE FROM Contact",
        "SELECT * FROM Contact",
    ],
)
def test_what_it_does_not_know_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        soql.parse(text)
    assert caught.value.code == "MALFORMED_QUERY"


@given(st.text())
def test_a_quoted_value_stays_the_value_it_was(text: str) -> None:
    parsed = soql.parse(format_soql("SELECT Id FROM Contact WHERE Name = {}", text))
    assert isinstance(parsed.where, soql.Comparison)
    assert parsed.where.value == text


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("Email = 'EBBA@bjorkbygg.example'", {"Ebba"}),
        ("FirstName LIKE 'e%' OR FirstName LIKE '_ils'", {"Ebba", "Nils"}),
        ("(FirstName = 'Ebba' OR FirstName = 'Nils') AND Owner.IsActive = false", {"Nils"}),
        ("Account.Owner.Name = 'Jonas Weber' AND NOT FirstName = 'Lukas'", {"Frieda", "Zofia"}),
        ("FirstName IN ('Ebba', 'Tom') AND MasterRecordId = null", {"Ebba", "Tom"}),
        ("HasOptedOutOfEmail = true", {"Freja"}),
        ("CreatedDate < 2001-01-01T00:00:00Z", set()),
        ("FirstName NOT IN ('Ebba') AND Email LIKE '%bjork%'", {"Maja", "Nils"}),
    ],
)
def test_conditions_are_answered(
    org: SalesforceSandbox, api: Api, where: str, found: set[str]
) -> None:
    seed(org)
    answer = api.query(f"SELECT FirstName FROM Contact WHERE {where}").json()
    assert {row["FirstName"] for row in answer["records"]} == found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SELECT Nope FROM Contact", "INVALID_FIELD"),
        ("SELECT Id FROM Nope__c", "INVALID_TYPE"),
        ("SELECT Nobody.Name FROM Contact", "INVALID_FIELD"),
        ("SELECT Id FROM Contact WHERE Id = 'nonsense'", "INVALID_QUERY_FILTER_OPERATOR"),
        ("SELECT Id FROM Contact WHERE HasOptedOutOfEmail = 'true'", "INVALID_FIELD"),
        ("SELECT Id FROM Contact WHERE CreatedDate > '2026-01-01'", "INVALID_FIELD"),
        ("SELECT Id FROM Task WHERE Description LIKE '%x%'", "INVALID_FIELD"),
        ("SELECT Id FROM Task ORDER BY Description", "INVALID_FIELD"),
    ],
)
def test_a_query_that_asks_for_the_wrong_thing_is_refused_rows_or_no_rows(
    api: Api, text: str, code: str
) -> None:
    assert error(api.query(text)) == (400, code)


def test_pages_end(org: SalesforceSandbox, api: Api) -> None:
    org.add_contacts(5)
    org.options.page_size = 2
    first = api.query("SELECT Id, Account.Name FROM Contact ORDER BY Id DESC").json()
    assert (first["totalSize"], first["done"], len(first["records"])) == (5, False, 2)
    assert first["records"][0]["Account"] is None
    cursor = first["nextRecordsUrl"].removeprefix("/services/data/v66.0")
    second = api.call("GET", cursor).json()
    assert (second["totalSize"], second["done"], len(second["records"])) == (5, False, 2)
    last = second["nextRecordsUrl"].removeprefix("/services/data/v66.0")
    assert api.call("GET", last).json()["done"]
    assert error(api.call("GET", cursor)) == (400, "INVALID_QUERY_LOCATOR")
