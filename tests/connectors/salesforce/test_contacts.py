"""Finding contacts and the people who own them."""

import pytest

from connectors.errors import Refused
from connectors.salesforce.connector import SalesforceConnector
from connectors.sandbox.salesforce import SalesforceSandbox, seed
from connectors.sandbox.salesforce.schema import Field
from connectors.types import ContactRef
from tests.connectors.salesforce.helpers import connector

QUOTES = "O'Hara\\' OR Name != null OR Email = '"


def found(crm: SalesforceConnector, **ref: str) -> list[str]:
    return [contact.id for contact in crm.find_contacts(ContactRef(**ref))]


def test_a_contact_is_shown_with_company_owner_and_opt_out(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    known = seed(org)
    [contact] = crm.find_contacts(ContactRef(field="email", value="FREJA@fjordlinje.example"))
    assert contact.id == known["freja@fjordlinje.example"]
    assert contact.name == "Freja Kjær"
    assert contact.company_name == "Fjordlinje Logistikk"
    assert contact.opted_out is True
    [owner] = crm.owners([contact.owner_id]).values()
    assert owner.name == "Astrid Holm"


@pytest.mark.parametrize(
    "ref",
    [
        {"id": "003gv0000000999AAA"},
        {"id": "001gv0000000001AAA"},
        {"id": "../../x"},
        {"id": ""},
        {"field": "email", "value": "nobody@customer.example"},
        {"field": "email", "value": QUOTES},
        {"field": "email", "value": ""},
        {"field": "email", "value": "%"},
    ],
)
def test_what_is_not_there_is_none(
    org: SalesforceSandbox, crm: SalesforceConnector, ref: dict[str, str]
) -> None:
    org.add_contact("someone@customer.example")
    org.add_contact()
    assert found(crm, **ref) in (
        [],
        [org.rows("Contact")[1]["Id"]] if ref.get("value") == "" else [],
    )


def test_several_with_one_address_are_several(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    twins = {org.add_contact("a@customer.example"), org.add_contact("a@customer.example")}
    assert set(found(crm, field="Email", value="a@customer.example")) == twins


def test_a_unique_field_of_the_org_finds_a_contact(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    number = Field("Number__c", length=20, unique=True)
    org.org.objects["Contact"].fields["Number__c"] = number
    contact = org.add_contact(Number__c="K-1")
    assert found(crm, field="number__C", value="K-1") == [contact]
    assert found(crm, field="Number__c", value=QUOTES) == []


@pytest.mark.parametrize(
    "field", ["Title", "Nope__c", "Id, Name", "Id FROM Contact--", "Account.Name", "", "AccountId"]
)
def test_a_field_that_is_not_unique_or_not_there_is_refused(
    crm: SalesforceConnector, field: str
) -> None:
    with pytest.raises(Refused) as caught:
        crm.find_contacts(ContactRef(field=field, value="x"))
    assert caught.value.code == "field_not_unique"


def test_a_merged_contact_is_its_survivor_however_it_is_named(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    old = org.add_contact("old@customer.example")
    middle, last = org.add_contact("mid@customer.example"), org.add_contact("new@customer.example")
    org.merge(middle, old)
    org.merge(last, middle)
    assert found(crm, id=old) == [last]
    assert found(crm, field="email", value="old@customer.example") == [last]
    assert crm.contacts([old, last])[old] == crm.contacts([last])[last]


def test_a_deleted_contact_is_gone(org: SalesforceSandbox, crm: SalesforceConnector) -> None:
    deleted, purged, alive = (org.add_contact() for _ in range(3))
    org.delete(deleted)
    org.delete(purged)
    org.purge(purged)
    seen = crm.contacts([deleted, purged, alive, "nonsense"])
    assert [seen[i] and True for i in (deleted, purged, alive, "nonsense")] == [
        None,
        None,
        True,
        None,
    ]
    assert found(crm, id=deleted) == []


def test_fifteen_characters_name_the_same_contact(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    contact = org.add_contact()
    assert found(crm, id=contact[:15]) == [contact]
    assert crm.contacts([contact[:15]])[contact[:15]] is not None


def test_an_opt_out_that_is_hidden_is_unknown_and_not_no(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    contact = org.add_contact(HasOptedOutOfEmail=True)
    org.options.hidden_fields.add("Contact.HasOptedOutOfEmail")
    [shown] = crm.find_contacts(ContactRef(id=contact))
    assert shown.opted_out is None


def test_a_thousand_ids_fit_into_addresses(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    contacts = org.add_contacts(1000)
    org.calls.clear()
    assert set(crm.contacts(contacts)) == set(contacts)
    assert len(org.calls) == 3
    assert max(len(call.query) for call in org.calls) < 16_000


def test_a_task_goes_to_whoever_is_still_there(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    rep, boss = org.add_user("Rita", "Rep"), org.add_user("Bo", "Boss")
    left, spare = org.add_user("Lee", "Left", active=False), org.add_user("Sam", "Spare")
    theirs, nobodys = org.add_account("A", owner=boss), org.add_account("B", owner=left)
    by_contact = org.add_contact(owner=rep, account=theirs)
    by_account = org.add_contact(owner=left, account=theirs)
    by_nobody = org.add_contact(owner=left, account=nobodys)
    alone = org.add_contact(owner=left)
    asked = [by_contact, by_account, by_nobody, alone, "nonsense"]
    org.calls.clear()
    chosen = crm.task_owners(asked, spare)
    assert [chosen[i] and chosen[i].id for i in asked] == [rep, boss, spare, spare, spare]
    assert len(org.calls) == 2
    for fallback in ("", left, "nonsense"):
        none = crm.task_owners(asked, fallback)
        assert [none[i] and none[i].id for i in asked] == [rep, boss, None, None, None]


def test_owners_of_two_hundred_are_one_call(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    contacts = org.add_contacts(200)
    org.calls.clear()
    chosen = crm.task_owners(contacts, org.admin)
    assert {owner.id for owner in chosen.values() if owner} == {org.admin}
    assert len(org.calls) == 1


def test_people_and_queues_are_known_by_name(
    org: SalesforceSandbox, crm: SalesforceConnector
) -> None:
    left = org.add_user("Aa", "Left", active=False)
    queue = org.add("Group", Name="Care", Type="Queue")
    assert [user.active for user in crm.users()] == [True, False]
    owners = crm.owners([left, queue, "005gv0000000999AAA", "x"])
    assert {i: (o.name, o.active) for i, o in owners.items()} == {
        left: ("Aa Left", False),
        queue: ("Care", True),
    }


def test_the_account_is_known_by_its_own_name(org: SalesforceSandbox) -> None:
    account = connector(org).account()
    assert (account.id, account.name, account.ui_url) == (org.org_id, "Nordlys Demo", org.url)
    assert (account.user_id, account.user_name) == (org.admin, "Ada Admin")
