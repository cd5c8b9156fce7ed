"""What Salesforce alone does to fields that are kept in step: those of the account, and what the user may not see."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from connectors.attributes import Kind
from connectors.salesforce.connector import SalesforceConnector
from connectors.sandbox.salesforce import SalesforceSandbox
from connectors.sandbox.salesforce.schema import Field

REVENUE = {"Account.AnnualRevenue": Kind.NUMBER}
PLAN = {"Plan__c": Kind.TEXT}


def a_minute_ago() -> datetime:
    return datetime.now(UTC) - timedelta(minutes=1)


def test_an_account_that_changes_tells_its_contacts(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    account = org.add_account("Acme", AnnualRevenue=5.0)
    contacts = {org.add_contact(f"c{n}@b.example", account=account) for n in range(2)}
    other = org.add_contact("d@b.example")
    for row in org.org.rows["Contact"].values():
        row["SystemModstamp"] -= timedelta(hours=1)
    org.change(account, "Account", AnnualRevenue=7.0)
    told = crm.values_changed(REVENUE, a_minute_ago(), "")
    assert told.held == {one: {"Account.AnnualRevenue": Decimal(7)} for one in contacts}
    assert other not in told.held
    assert crm.values_changed(PLAN, a_minute_ago(), "").held == {}


def test_a_contact_without_an_account_has_nothing_there(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    alone = org.add_contact("a@b.example")
    assert crm.values_of(REVENUE, [alone]).held == {alone: {"Account.AnnualRevenue": None}}


def test_accounts_that_may_not_be_seen_hide_only_their_fields(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    contact = org.add_contact("a@b.example", Plan__c="Team", account=org.add_account("Acme"))
    org.options.hidden_objects.add("Account")
    org.options.hidden_fields.add("Contact.AccountId")
    told = crm.values_of(REVENUE | PLAN, [contact])
    assert (told.missing, told.held) == (tuple(REVENUE), {contact: {"Plan__c": "Team"}})
    assert not [one for one in crm.contact_fields() if one.value.startswith("Account.")]


def test_a_field_of_a_kind_that_cannot_be_kept_is_not_offered(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    fields = org.org.objects["Contact"].fields
    for name, kind in (("Secret__c", "encryptedstring"), ("Some__c", "multipicklist")):
        fields[name] = Field(name, kind)
    offered = {one.value for one in crm.contact_fields()}
    assert offered.isdisjoint({"Secret__c", "Some__c", "AccountId", "Email", "Title__x"})
    assert "Plan__c" in offered


def test_every_call_is_counted(org: SalesforceSandbox, crm: SalesforceConnector) -> None:
    contacts = org.add_contacts(450)
    org.calls.clear()
    assert crm.values_of(PLAN, contacts).calls == len(org.calls) == 2
