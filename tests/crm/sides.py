"""What a rep sees in either CRM, in the same words."""

from typing import Any, Protocol

from connectors.manifest import manifest
from connectors.sandbox.hubspot import HubSpotSandbox
from connectors.sandbox.salesforce import SalesforceSandbox


class Side(Protocol):
    name: str
    sandbox: Any

    def colleague(self, first: str, *, active: bool = True) -> str: ...
    def contact(self, owner: str = "") -> str: ...
    def field(self, contact: str, key: str) -> Any: ...
    def tasks(self, contact: str) -> list[dict[str, str]]: ...
    def answers(self, contact: str) -> list[str]: ...
    def merge(self, winner: str, loser: str) -> str: ...
    def delete(self, contact: str) -> None: ...
    def revoke(self) -> None: ...


class InHubSpot:
    name = "hubspot"
    writes_tasks = r"POST /crm/objects/.*/tasks/batch/create"
    writes_answers = r"POST /crm/objects/.*/notes/batch/create"
    writes_contacts = r"POST /crm/objects/.*/contacts/batch/update"

    def __init__(self, sandbox: HubSpotSandbox) -> None:
        self.sandbox = sandbox
        self._made: dict[str, Any] = {}

    def colleague(self, first: str, *, active: bool = True) -> str:
        return self.sandbox.add_owner(first, "Berg", f"{first}@nordlys.example", active=active).id

    def contact(self, owner: str = "") -> str:
        address = f"c{len(self._made)}@customer.example"
        made = self.sandbox.add_contact(address, firstname="Åsa", lastname="Öberg")
        if owner:
            made.properties["hubspot_owner_id"] = owner
        self._made[made.id] = made
        return made.id

    def field(self, contact: str, key: str) -> Any:
        return self.sandbox.contact(contact).get(manifest().contact[key].hubspot) or None

    def tasks(self, contact: str) -> list[dict[str, str]]:
        return [
            {
                "subject": task.properties["hs_task_subject"],
                "body": task.properties["hs_task_body"],
                "owner": task.properties.get("hubspot_owner_id", ""),
                "priority": task.properties["hs_task_priority"].lower(),
            }
            for task in self.sandbox.tasks(contact)
        ]

    def answers(self, contact: str) -> list[str]:
        return [note.properties["hs_note_body"] for note in self.sandbox.notes(contact)]

    def merge(self, winner: str, loser: str) -> str:
        records = self.sandbox.portal.records["contacts"]
        return str(self.sandbox.merge(records[winner], records[loser]).id)

    def delete(self, contact: str) -> None:
        self.sandbox.delete(self.sandbox.portal.records["contacts"][contact])

    def revoke(self) -> None:
        self.sandbox.grants.uninstall()


class InSalesforce:
    name = "salesforce"
    writes_tasks = r"PATCH .*/composite/sobjects/Task/"
    writes_answers = r"PATCH .*/composite/sobjects/Gensvar_Answer__c/"
    writes_contacts = r"PATCH .*/composite/sobjects$"

    def __init__(self, sandbox: SalesforceSandbox) -> None:
        self.sandbox = sandbox

    def colleague(self, first: str, *, active: bool = True) -> str:
        return self.sandbox.add_user(first, "Berg", active=active)

    def contact(self, owner: str = "") -> str:
        more = {"owner": owner} if owner else {}
        return self.sandbox.add_contact(
            "c@customer.example", FirstName="Åsa", LastName="Öberg", **more
        )

    def field(self, contact: str, key: str) -> Any:
        return self.sandbox.row(contact).get(manifest().contact[key].salesforce)

    def tasks(self, contact: str) -> list[dict[str, str]]:
        return [
            {
                "subject": task["Subject"],
                "body": task["Description"],
                "owner": task["OwnerId"],
                "priority": task["Priority"].lower(),
            }
            for task in self.sandbox.tasks(contact)
        ]

    def answers(self, contact: str) -> list[str]:
        rows = self.sandbox.rows("Gensvar_Answer__c")
        return [str(row) for row in rows if row["Gensvar_Contact__c"] == contact]

    def merge(self, winner: str, loser: str) -> str:
        self.sandbox.merge(winner, loser)
        return winner

    def delete(self, contact: str) -> None:
        self.sandbox.delete(contact)

    def revoke(self) -> None:
        self.sandbox.oauth.revoke_everything()
