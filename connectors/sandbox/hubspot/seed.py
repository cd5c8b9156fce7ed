"""The demo's people, put into a sandbox HubSpot."""

from connectors.sandbox.believable import AT, COLLEAGUES, COMPANIES, LISTS, PEOPLE, Company
from connectors.sandbox.hubspot.sandbox import HubSpotSandbox
from connectors.sandbox.hubspot.standard import CONTACTS


def seed(hub: HubSpotSandbox) -> dict[str, str]:
    """Add everybody. Returns the contact's id by e-mail address."""
    owners = {c.key: hub.add_owner(c.first, c.last, c.email, active=c.active) for c in COLLEAGUES}
    companies = {
        c.key: hub.add_company(c.name, owner=owners.get(c.owner), domain=c.domain)
        for c in COMPANIES
    }
    ids: dict[str, str] = {}
    for person in PEOPLE:
        made = hub.add_contact(
            person.email,
            owner=owners.get(person.owner),
            company=companies[person.company],
            firstname=person.first,
            lastname=person.last,
            hs_language=person.language,
            **customer(AT[person.company]),
            **({"hs_email_optout": "true"} if person.opted_out else {}),
        )
        if person.twin:
            twin = hub.add_contact(person.twin, firstname=person.first, lastname=person.last)
            made = hub.merge(made, twin)
        ids[person.email] = made.id
    records = hub.portal.records[CONTACTS]
    for name, members in LISTS.items():
        hub.add_list(name, *(records[ids[address]] for address in members))
    return ids


def customer(company: Company) -> dict[str, str]:
    """What a contact of *company* shows of it."""
    return {
        "customer_since": company.since.isoformat(),
        "customer_value": company.value,
        "annual_revenue": str(company.revenue),
        "plan": company.plan,
        "renewal_date": company.renewal.isoformat(),
    }
