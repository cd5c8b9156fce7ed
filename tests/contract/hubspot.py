"""The harness of HubSpot."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import ClassVar

import requests

from connectors.accounts import Connection
from connectors.hubspot import CRM
from connectors.hubspot.text import shown
from connectors.manifest import manifest
from connectors.protocol import Crm
from connectors.sandbox.hubspot import HubSpotSandbox
from connectors.sandbox.hubspot.control import ALL_SCOPES
from connectors.sandbox.hubspot.definitions import moment
from connectors.sandbox.hubspot.portal import Record, now
from connectors.sandbox.hubspot.portal import iso as stamp
from connectors.sandbox.hubspot.standard import COMPANIES, CONTACTS, TASKS, TICKETS
from connectors.watching import Watched
from tests.contract.alike import SandboxHarness, decide
from tests.contract.harness import Fields, SeenAnswer, SeenTask, TokenStore, What
from tests.support.crm_fields import HubSpotFields


class HubSpotHarness(SandboxHarness):
    """*options* are those of the sandbox's portal."""

    name = "hubspot"
    crm: Crm = CRM
    paths: ClassVar[Mapping[What, str]] = {
        "answers": r"POST .*/notes/batch/(create|update)",
        "tellings": r"POST .*/notes/batch/create",
        "contacts": r"POST .*/contacts/batch/update",
        "tasks": r"POST .*/tasks/batch/(create|update)",
        "completions": r"POST .*/tasks/batch/update",
    }

    def __init__(self, **options: object) -> None:
        self.hub = HubSpotSandbox(rate=100_000, search_rate=100_000, **options)
        self.fields: Fields = HubSpotFields(self.hub)
        account = Connection("hubspot", self.hub.portal_id, self.hub.url, "2026-03", loopback=True)
        super().__init__(self.hub, account)
        self.client = self.hub.client
        self.tokens = TokenStore(self.hub.token())

    def add_owner(self, name: str, *, active: bool = True) -> str:
        first, _, last = name.partition(" ")
        return self.hub.add_owner(first, last, f"{first}@corp.example".lower(), active=active).id

    def add_company(self, name: str, *, owner_id: str = "") -> str:
        owner = self.hub.portal.owners[owner_id] if owner_id else None
        return self.hub.add_company(name, owner=owner).id

    def add_contact(
        self, email: str = "", *, owner_id: str = "", company_id: str = "", opted_out: bool = False
    ) -> str:
        portal = self.hub.portal
        optout = {"hs_email_optout": "true"} if opted_out else {}
        return self.hub.add_contact(
            email,
            owner=portal.owners[owner_id] if owner_id else None,
            company=portal.records[COMPANIES][company_id] if company_id else None,
            firstname="Ebba",
            lastname="Sandström",
            **optout,
        ).id

    def merge(self, winner: str, loser: str) -> str:
        held = self.hub.portal.records[CONTACTS]
        return self.hub.merge(held[winner], held[loser]).id

    def delete(self, contact_id: str) -> None:
        self.hub.delete(self.hub.portal.records[CONTACTS][contact_id])

    def contact_count(self) -> int:
        return len(self.hub.portal.records[CONTACTS])

    def values(self, contact_id: str) -> Mapping[str, str]:
        held = self.hub.contact(contact_id)
        fields = [f for f in manifest().contact.values() if held.get(str(f.hubspot))]
        return {
            field.key: iso(held[str(field.hubspot)])
            if field.type == "datetime"
            else held[str(field.hubspot)]
            for field in fields
        }

    def answers(self, contact_id: str) -> list[SeenAnswer]:
        return [one for one in self._notes(contact_id) if not one.text.startswith("Told ")]

    def tellings(self, contact_id: str) -> list[SeenAnswer]:
        return [one for one in self._notes(contact_id) if one.text.startswith("Told ")]

    def _notes(self, contact_id: str) -> list[SeenAnswer]:
        return [_answer(note) for note in self.hub.notes(contact_id)]

    def tasks(self, contact_id: str) -> list[SeenTask]:
        return [_task(task) for task in self.hub.tasks(contact_id)]

    def whole_account(self) -> str:
        kinds = self.hub.portal.records.values()
        return str([record.properties for held in kinds for record in held.values()])

    def finish_task(self, task_id: str) -> None:
        self._change_task(task_id, hs_task_status="COMPLETED")

    def reopen_task(self, task_id: str) -> None:
        self._change_task(task_id, hs_task_status="IN_PROGRESS")

    def give_task(self, task_id: str, owner_id: str) -> None:
        self._change_task(task_id, hubspot_owner_id=owner_id)

    def judge_task(self, task_id: str, cause: str, outcome: str) -> bool:
        judged = {"cause": cause, "outcome": outcome}
        names = {str(manifest().task[key].hubspot): value for key, value in judged.items()}
        if not self.hub.portal.definitions[TASKS].keys() & names.keys():
            return False
        self._change_task(task_id, **names)
        return True

    def delete_task(self, task_id: str) -> None:
        self.hub.portal.archive(self.hub.portal.records[TASKS][task_id])

    def _change_task(self, task_id: str, **properties: str) -> None:
        record = self.hub.portal.records[TASKS][task_id]
        record.properties |= properties
        record.updated = now()

    def win_deal(self, *contact_ids: str, at: datetime | None = None) -> str:
        deal = self.hub.add_deal(*map(self._contact, contact_ids))
        if at is not None:
            deal.properties["hs_closed_won_date"] = stamp(at)
        return deal.id

    def close_case(self, contact_id: str, case_id: str = "") -> str:
        if not case_id:
            return self.hub.add_ticket(self._contact(contact_id)).id
        self.hub.change(self.hub.portal.records[TICKETS][case_id], hs_pipeline_stage="4")
        return case_id

    def reopen_case(self, case_id: str) -> None:
        self.hub.change(self.hub.portal.records[TICKETS][case_id], hs_pipeline_stage="1")

    def set_date(self, contact_id: str, day: date) -> None:
        self.hub.change(self._contact(contact_id), renewal_date=day.isoformat())

    def make_list(self, name: str, contact_ids: Sequence[str]) -> str:
        return self.hub.add_list(name, *map(self._contact, contact_ids))

    def forbid(self, what: Watched) -> None:
        scopes = set(ALL_SCOPES) - {CRM.rights[what]}
        self.tokens.current = self.hub.token(scopes)

    def _contact(self, contact_id: str) -> Record:
        return self.hub.portal.records[CONTACTS][contact_id]

    def refuse_calls(self) -> None:
        body = {"errorType": "RATE_LIMIT", "policyName": "TEN_SECONDLY_ROLLING"}
        self.hub.fail("/crm/", "status", status=429, body=body, headers={"Retry-After": "7"})

    def expire(self, *, renewable: bool) -> None:
        self.hub.grants.access.clear()
        if renewable:
            self.tokens.next = [self.hub.token()]
        else:
            self.tokens.next = ["no-token-any-more"]

    def approve(self, url: str) -> str:
        page = requests.get(url, timeout=5)
        optional = re.findall(r'name="(crm\.[a-z.]+)"', page.text)
        return decide(url, {"decision": "approve", **dict.fromkeys(optional, "1")})


def iso(value: str) -> str:
    return moment("", value).astimezone(UTC).isoformat(timespec="seconds")


def _answer(note: Record) -> SeenAnswer:
    body = note.properties["hs_note_body"]
    return SeenAnswer(note.id, shown(body), body)


def _task(task: Record) -> SeenTask:
    held = task.properties
    due: datetime = moment("hs_timestamp", held["hs_timestamp"])
    done = held.get("hs_task_status") == "COMPLETED"
    body = held.get("hs_task_body", "")
    owner = held.get("hubspot_owner_id", "")
    return SeenTask(task.id, held["hs_task_subject"], shown(body), owner, due, done, body)
