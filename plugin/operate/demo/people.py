"""Who can be signed in on the host page, and what is special about some of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.sandbox.believable import COLLEAGUES, COMPANIES, PEOPLE, Person
from plugin.operate.demo.connecting import FALLBACK
from plugin.operate.demo.story import COMPLAINTS
from plugin.operate.sandbox import Sandboxes

LANGUAGES = {
    "sv": "Swedish", "no": "Norwegian", "da": "Danish", "fi": "Finnish", "de": "German",
    "fr": "French", "es": "Spanish", "nl": "Dutch", "pl": "Polish", "ar": "Arabic", "en": "English",
}  # fmt: skip
EVERYBODY_ELSES = "Ada Admin"  # in Salesforce every record has an owner
CRMS = {"hubspot": "HubSpot", "salesforce": "Salesforce"}
COMPLAINED = (
    "complained of a slow reply some days ago, and is not asked again so soon. When you tell of the change "
    "“We answer within a day” by a line on a page, it stands here, once."
)
COMPLAINERS = {(one.crm, one.email) for one in COMPLAINTS}
_COMPANIES = {company.key: company for company in COMPANIES}
_COLLEAGUES = {colleague.key: colleague for colleague in COLLEAGUES}


@dataclass(frozen=True, slots=True)
class Customer:
    """A contact as the host knows her; ``named`` is how an ask names her.

    ``locale`` is empty where the CRM knows the language: Salesforce has no field for it.
    """

    key: str
    crm: str
    installation: str
    name: str
    company: str
    language: str
    named: Any
    locale: str
    record_url: str
    task_for: str
    special: str = ""
    opted_out: bool = False


def customers(running: Sandboxes, installations: Mapping[str, str]) -> list[Customer]:
    """Everybody, of both CRMs."""
    return [
        _customer(running, installations[crm], crm, person) for crm in CRMS for person in PEOPLE
    ]


def _customer(running: Sandboxes, installation: str, crm: str, person: Person) -> Customer:
    sandbox = getattr(running, crm)
    contact = getattr(running, f"{crm}_people")[person.email]
    old = _old_record(running, crm, contact) if person.twin else ""
    return Customer(
        key=f"{crm}/{person.email}",
        crm=crm,
        installation=installation,
        name=f"{person.first} {person.last}",
        company=_COMPANIES[person.company].name,
        language=LANGUAGES[person.language],
        named=old or {"email": person.email},
        locale="" if crm == "hubspot" else person.language,
        record_url=sandbox.record_url(contact),
        task_for=_task_for(person, crm),
        special=_special(person, crm, old),
        opted_out=person.opted_out,
    )


def _old_record(running: Sandboxes, crm: str, contact: str) -> str:
    """The record that was merged into this one."""
    if crm == "hubspot":
        merged: list[str] = running.hubspot.contact(contact)["hs_merged_object_ids"].split(";")
        return next(one for one in merged if one != contact)
    rows = running.salesforce.org.rows["Contact"].values()
    return next(str(row["Id"]) for row in rows if row["MasterRecordId"] == contact)


def _task_for(person: Person, crm: str) -> str:
    if not person.owner and crm == "salesforce":
        return EVERYBODY_ELSES
    for key in (person.owner, _COMPANIES[person.company].owner):
        if key and _COLLEAGUES[key].active:
            return f"{_COLLEAGUES[key].first} {_COLLEAGUES[key].last}"
    return FALLBACK


def _special(person: Person, crm: str, old: str) -> str:
    rest = _account_of(person, crm, old)
    if (crm, person.email) not in COMPLAINERS:
        return rest
    return f"{COMPLAINED} It is somebody who {rest}" if rest else COMPLAINED


def _account_of(person: Person, crm: str, old: str) -> str:
    if person.opted_out:
        return (
            "has unsubscribed from e-mail in the CRM. The question on this page is not an e-mail and "
            "still comes; asking by e-mail is refused."
        )
    if person.twin:
        return (
            f"was in the CRM twice, and the two records were merged. This page still knows the old "
            f"record {old}; the answer lands on the record that is left."
        )
    if person.owner and not _COLLEAGUES[person.owner].active:
        return "belongs to a colleague who has left, so a task goes to the owner of the company."
    if person.owner or crm == "salesforce":
        return ""
    if _COMPANIES[person.company].owner:
        return "has no owner, so a task goes to the owner of the company."
    return "has no owner and neither has the company, so a task goes to the fallback owner."
