"""The demo's people, put into a sandbox Salesforce."""

from connectors.sandbox.believable import COLLEAGUES, COMPANIES, PEOPLE
from connectors.sandbox.salesforce.sandbox import SalesforceSandbox

COUNTRIES = {
    "sv": "Sweden", "no": "Norway", "da": "Denmark", "fi": "Finland", "de": "Germany",
    "fr": "France", "es": "Spain", "nl": "Netherlands", "pl": "Poland", "ar": "Jordan",
    "en": "United Kingdom",
}  # fmt: skip


def seed(org: SalesforceSandbox) -> dict[str, str]:
    """Add everybody, and a queue for tasks. Returns the contact's id by e-mail address."""
    owners = {c.key: org.add_user(c.first, c.last, active=c.active) for c in COLLEAGUES}
    accounts = {c.key: org.add_account(c.name, owner=owners.get(c.owner, "")) for c in COMPANIES}
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
        )
        if person.twin:
            twin = org.add_contact(person.twin, FirstName=person.first, LastName=person.last)
            org.merge(ids[person.email], twin)
    return ids
