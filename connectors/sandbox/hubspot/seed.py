"""The demo's people, put into a sandbox HubSpot."""

from connectors.sandbox.believable import COLLEAGUES, COMPANIES, PEOPLE
from connectors.sandbox.hubspot.sandbox import HubSpotSandbox


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
            **({"hs_email_optout": "true"} if person.opted_out else {}),
        )
        if person.twin:
            twin = hub.add_contact(person.twin, firstname=person.first, lastname=person.last)
            made = hub.merge(made, twin)
        ids[person.email] = made.id
    return ids
