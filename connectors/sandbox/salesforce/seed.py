"""The demo's people, put into a sandbox Salesforce."""

from connectors.sandbox.believable import AT, COLLEAGUES, COMPANIES, LISTS, PEOPLE
from connectors.sandbox.salesforce.sandbox import SalesforceSandbox

COUNTRIES = {
    "sv": "Sweden", "no": "Norway", "da": "Denmark", "fi": "Finland", "de": "Germany",
    "fr": "France", "es": "Spain", "nl": "Netherlands", "pl": "Poland", "ar": "Jordan",
    "en": "United Kingdom",
}  # fmt: skip


def seed(org: SalesforceSandbox) -> dict[str, str]:
    """Add everybody, and a queue for tasks. Returns the contact's id by e-mail address."""
    owners = {c.key: org.add_user(c.first, c.last, active=c.active) for c in COLLEAGUES}
    accounts = {
        c.key: org.add_account(
            c.name,
            owner=owners.get(c.owner, ""),
            AnnualRevenue=float(c.revenue),
            Customer_Value__c=c.value,
        )
        for c in COMPANIES
    }
    org.add("Group", Name="Customer care", Type="Queue")
    ids: dict[str, str] = {}
    for person in PEOPLE:
        ids[person.email] = org.add_contact(
            person.email,
            owner=owners.get(person.owner, ""),
            account=accounts[person.company],
            FirstName=person.first,
            LastName=person.last,
            MailingCountry=COUNTRIES[person.language],
            HasOptedOutOfEmail=person.opted_out,
            Customer_Since__c=AT[person.company].since,
            Plan__c=AT[person.company].plan,
            Renewal_Date__c=AT[person.company].renewal,
        )
        if person.twin:
            twin = org.add_contact(person.twin, FirstName=person.first, LastName=person.last)
            org.merge(ids[person.email], twin)
    for name, members in LISTS.items():
        org.add_campaign(name, *(ids[address] for address in members))
    return ids
