"""What a rep sees in either CRM, in the same words."""

from dataclasses import replace
from datetime import date
from typing import Any, Protocol

import requests

from connectors.hubspot import CRM
from connectors.manifest import manifest
from connectors.sandbox.hubspot import HubSpotSandbox
from connectors.sandbox.hubspot.control import ALL_SCOPES
from connectors.sandbox.hubspot.portal import now
from connectors.sandbox.salesforce import SalesforceSandbox
from connectors.watching import Watched
from tests.support.crm_fields import HubSpotFields, SalesforceFields


class Side(Protocol):
    name: str
    sandbox: Any

    def colleague(self, first: str, *, active: bool = True) -> str: ...
    def contact(self, owner: str = "") -> str: ...
    def field(self, contact: str, key: str) -> Any: ...
    def tasks(self, contact: str) -> list[dict[str, Any]]: ...
    def finish(self, task: str, cause: str, outcome: str) -> None: ...
    def reopen(self, task: str) -> None: ...
    def give(self, task: str, colleague: str) -> None: ...
    def delete_task(self, task: str) -> None: ...
    def answers(self, contact: str) -> list[str]: ...
    def merge(self, winner: str, loser: str) -> str: ...
    def delete(self, contact: str) -> None: ...
    def restore(self, contact: str) -> None: ...
    def revoke(self) -> None: ...
    def whole_account(self) -> str: ...
    def set_field(self, contact: str, key: str, value: str) -> None: ...
    def close_tasks(self, contact: str) -> None: ...
    def delete_answers(self, contact: str) -> None: ...
    def forget_field(self, key: str) -> None: ...
    def plant_field(self, key: str) -> None: ...
    def close_case(self, contact: str, case: str = "") -> str: ...
    def reopen_case(self, case: str) -> None: ...
    def win_deal(self, *contacts: str) -> str: ...
    def set_date(self, contact: str, day: date) -> None: ...
    def make_list(self, name: str, *contacts: str) -> str: ...
    def forbid(self, what: Watched) -> None: ...
    def allow(self) -> None: ...
    @property
    def fields(self) -> Any: ...


class InHubSpot:
    name = "hubspot"
    writes_tasks = r"POST /crm/objects/.*/tasks/batch/create"
    writes_answers = r"POST /crm/objects/.*/notes/batch/create"
    writes_contacts = r"POST /crm/objects/.*/contacts/batch/update"
    reads_contacts = r"POST /crm/objects/.*/contacts/batch/read"

    def __init__(self, sandbox: HubSpotSandbox) -> None:
        self.sandbox = sandbox
        self._made: dict[str, Any] = {}

    @property
    def fields(self) -> HubSpotFields:
        return HubSpotFields(self.sandbox)

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

    def tasks(self, contact: str) -> list[dict[str, Any]]:
        return [
            {
                "subject": task.properties["hs_task_subject"],
                "body": task.properties["hs_task_body"],
                "owner": task.properties.get("hubspot_owner_id", ""),
                "priority": task.properties["hs_task_priority"].lower(),
                "done": task.properties["hs_task_status"] == "COMPLETED",
            }
            for task in self.sandbox.tasks(contact)
        ]

    def finish(self, task: str, cause: str, outcome: str) -> None:
        names = [str(manifest().task[key].hubspot) for key in ("cause", "outcome")]
        chosen = dict(zip(names, (cause, outcome), strict=True))
        self._change(task, {"hs_task_status": "COMPLETED", **chosen})

    def reopen(self, task: str) -> None:
        self._change(task, {"hs_task_status": "IN_PROGRESS"})

    def give(self, task: str, colleague: str) -> None:
        self._change(task, {"hubspot_owner_id": colleague})

    def delete_task(self, task: str) -> None:
        self.sandbox.delete(self.sandbox.portal.records["tasks"][task])

    def _change(self, task: str, values: dict[str, str]) -> None:
        with self.sandbox.portal.lock:
            self.sandbox.portal.update(self.sandbox.portal.records["tasks"][task], values)

    def answers(self, contact: str) -> list[str]:
        return [note.properties["hs_note_body"] for note in self.sandbox.notes(contact)]

    def merge(self, winner: str, loser: str) -> str:
        records = self.sandbox.portal.records["contacts"]
        return str(self.sandbox.merge(records[winner], records[loser]).id)

    def delete(self, contact: str) -> None:
        self.sandbox.delete(self.sandbox.portal.records["contacts"][contact])

    def restore(self, contact: str) -> None:
        self.sandbox.restore(self.sandbox.portal.records["contacts"][contact])

    def revoke(self) -> None:
        self.sandbox.grants.uninstall()

    def set_field(self, contact: str, key: str, value: str) -> None:
        record = self.sandbox.portal.records["contacts"][contact]
        record.properties[str(manifest().contact[key].hubspot)] = value

    def close_tasks(self, contact: str) -> None:
        for task in self.sandbox.tasks(contact):
            task.properties["hs_task_status"] = "COMPLETED"
            task.updated = now()

    def delete_answers(self, contact: str) -> None:
        for note in self.sandbox.notes(contact):
            self.sandbox.portal.archive(note)

    def whole_account(self) -> str:
        kinds = self.sandbox.portal.records.values()
        return str([record.properties for held in kinds for record in held.values()])

    def forget_field(self, key: str) -> None:
        self.sandbox.portal.options.archived_names_blocked = False
        address = f"/crm/properties/2026-03/contacts/{manifest().contact[key].hubspot}"
        headers = {"Authorization": f"Bearer {self.sandbox.token()}"}
        requests.delete(self.sandbox.url + address, headers=headers, timeout=10).raise_for_status()

    def plant_field(self, key: str) -> None:
        """A text property of the customer's own that has the name of ours."""
        body = {
            "name": manifest().contact[key].hubspot,
            "label": "Mine",
            "groupName": "mine",
            "type": "string",
            "fieldType": "text",
        }
        headers = {"Authorization": f"Bearer {self.sandbox.token()}"}
        url = f"{self.sandbox.url}/crm/properties/2026-03/contacts"
        for address, sent in ((f"{url}/groups", {"name": "mine", "label": "Mine"}), (url, body)):
            requests.post(address, json=sent, headers=headers, timeout=10).raise_for_status()

    def close_case(self, contact: str, case: str = "") -> str:
        if not case:
            return self.sandbox.add_ticket(self._record(contact)).id
        self.sandbox.change(self.sandbox.portal.records["tickets"][case], hs_pipeline_stage="4")
        return case

    def reopen_case(self, case: str) -> None:
        self.sandbox.change(self.sandbox.portal.records["tickets"][case], hs_pipeline_stage="1")

    def win_deal(self, *contacts: str) -> str:
        return self.sandbox.add_deal(*map(self._record, contacts)).id

    def set_date(self, contact: str, day: date) -> None:
        self.sandbox.change(self._record(contact), renewal_date=day.isoformat())

    def make_list(self, name: str, *contacts: str) -> str:
        return self.sandbox.add_list(name, *map(self._record, contacts))

    def _record(self, contact: str) -> Any:
        return self.sandbox.portal.records["contacts"][contact]

    def forbid(self, what: Watched) -> None:
        """The scope is taken from the app's token."""
        for access in self.sandbox.grants.access.values():
            access.scopes -= {CRM.rights[what]}

    def allow(self) -> None:
        for access in self.sandbox.grants.access.values():
            access.scopes = frozenset(ALL_SCOPES)


class InSalesforce:
    name = "salesforce"
    writes_tasks = r"PATCH .*/composite/sobjects/Task/"
    writes_answers = r"PATCH .*/composite/sobjects/Gensvar_Answer__c/"
    writes_contacts = r"PATCH .*/composite/sobjects$"
    reads_contacts = r"GET .*/query"

    def __init__(self, sandbox: SalesforceSandbox) -> None:
        self.sandbox = sandbox

    @property
    def fields(self) -> SalesforceFields:
        return SalesforceFields(self.sandbox)

    def colleague(self, first: str, *, active: bool = True) -> str:
        return self.sandbox.add_user(first, "Berg", active=active)

    def contact(self, owner: str = "") -> str:
        more = {"owner": owner} if owner else {}
        return self.sandbox.add_contact(
            "c@customer.example", FirstName="Åsa", LastName="Öberg", **more
        )

    def field(self, contact: str, key: str) -> Any:
        return self.sandbox.row(contact).get(manifest().contact[key].salesforce)

    def tasks(self, contact: str) -> list[dict[str, Any]]:
        return [
            {
                "subject": task["Subject"],
                "body": task["Description"],
                "owner": task["OwnerId"],
                "priority": task["Priority"].lower(),
                "done": task["IsClosed"],
            }
            for task in self.sandbox.tasks(contact)
        ]

    def finish(self, task: str, cause: str, outcome: str) -> None:
        names = [str(manifest().task[key].salesforce) for key in ("cause", "outcome")]
        chosen = dict(zip(names, (cause, outcome), strict=True))
        self.sandbox.change(task, "Task", Status="Completed", **chosen)

    def reopen(self, task: str) -> None:
        self.sandbox.options.clock_ahead = 2  # an org counts in seconds: not in the same one
        self.sandbox.change(task, "Task", Status="In Progress")

    def give(self, task: str, colleague: str) -> None:
        self.sandbox.change(task, "Task", OwnerId=colleague)

    def delete_task(self, task: str) -> None:
        self.sandbox.delete(task, "Task")

    def answers(self, contact: str) -> list[str]:
        rows = self.sandbox.rows("Gensvar_Answer__c")
        return [str(row) for row in rows if row["Gensvar_Contact__c"] == contact]

    def merge(self, winner: str, loser: str) -> str:
        self.sandbox.merge(winner, loser)
        return winner

    def delete(self, contact: str) -> None:
        self.sandbox.delete(contact)

    def restore(self, contact: str) -> None:
        self.sandbox.undelete(contact)

    def revoke(self) -> None:
        self.sandbox.oauth.revoke_everything()

    def set_field(self, contact: str, key: str, value: str) -> None:
        self.sandbox.change(contact, **{str(manifest().contact[key].salesforce): value})

    def close_tasks(self, contact: str) -> None:
        for task in self.sandbox.tasks(contact):
            self.sandbox.change(task["Id"], "Task", Status="Completed")

    def delete_answers(self, contact: str) -> None:
        for row in self.sandbox.rows("Gensvar_Answer__c"):
            if row["Gensvar_Contact__c"] == contact:
                self.sandbox.delete(row["Id"], "Gensvar_Answer__c")

    def whole_account(self) -> str:
        return str(self.sandbox.org.rows)

    def forget_field(self, key: str) -> None:
        name = str(manifest().contact[key].salesforce)
        with self.sandbox.org.lock:
            del self.sandbox.org.objects["Contact"].fields[name]
            rights = self.sandbox.org.rows["FieldPermissions"]
            gone = [i for i, row in rights.items() if row["Field"] == f"Contact.{name}"]
            for right in gone:
                del rights[right]

    def plant_field(self, key: str) -> None:
        """A text field of the customer's own that has the name of ours, visible to the administrator."""
        name = str(manifest().contact[key].salesforce)
        kind = self.sandbox.org.objects["Contact"]
        with self.sandbox.org.lock:
            kind.fields[name] = replace(kind.fields["FirstName"], name=name)

    def close_case(self, contact: str, case: str = "") -> str:
        if not case:
            return self.sandbox.add_case(contact)
        self.sandbox.change(case, "Case", Status="Closed")
        return case

    def reopen_case(self, case: str) -> None:
        self.sandbox.change(case, "Case", Status="Working")

    def win_deal(self, *contacts: str) -> str:
        return self.sandbox.add_opportunity(*contacts)

    def set_date(self, contact: str, day: date) -> None:
        self.sandbox.change(contact, Renewal_Date__c=day)

    def make_list(self, name: str, *contacts: str) -> str:
        return self.sandbox.add_campaign(name, *contacts)

    def forbid(self, what: Watched) -> None:
        names = {
            Watched.DEALS: "Opportunity",
            Watched.CASES: "Case",
            Watched.LIST: "CampaignMember",
        }
        self.sandbox.options.hidden_objects.add(names[what])

    def allow(self) -> None:
        self.sandbox.options.hidden_objects.clear()
