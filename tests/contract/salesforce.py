"""The harness of Salesforce."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import ClassVar

from connectors.accounts import Connection
from connectors.manifest import manifest
from connectors.protocol import Crm
from connectors.salesforce import CRM
from connectors.sandbox.salesforce import SalesforceSandbox
from connectors.sandbox.salesforce.org import Row
from connectors.watching import Watched
from tests.contract.alike import SandboxHarness, decide
from tests.contract.harness import Fields, SeenAnswer, SeenTask, TokenStore, What
from tests.support.crm_fields import SalesforceFields


class SalesforceHarness(SandboxHarness):
    """*options* are those of the sandbox's org."""

    name = "salesforce"
    crm: Crm = CRM
    paths: ClassVar[Mapping[What, str]] = {
        "answers": r"PATCH .*/composite/sobjects/Gensvar_Answer__c/",
        "tellings": r"(PATCH .*/composite/sobjects/Task/)|(POST .*/composite/sobjects$)",
        "contacts": r"PATCH .*/composite/sobjects$",
        "completions": r"PATCH .*/composite/sobjects$",
        "tasks": r"(PATCH .*/composite/sobjects/Task/)|(POST .*/composite/sobjects$)",
    }

    def __init__(self, **options: object) -> None:
        self.org = SalesforceSandbox(**options)
        self.fields: Fields = SalesforceFields(self.org)
        version = manifest().salesforce.api_version
        account = Connection("salesforce", self.org.org_id, self.org.url, version, loopback=True)
        super().__init__(self.org, account)
        self.client = self.org.client
        self.tokens = TokenStore(self.org.token())

    def _apply(self) -> Mapping[str, str]:
        capabilities = super()._apply()
        self.connect().grant_viewers([self.org.admin])
        return capabilities

    def add_owner(self, name: str, *, active: bool = True) -> str:
        first, _, last = name.partition(" ")
        return self.org.add_user(first, last, active=active)

    def add_company(self, name: str, *, owner_id: str = "") -> str:
        return self.org.add_account(name, owner=owner_id)

    def add_contact(
        self, email: str = "", *, owner_id: str = "", company_id: str = "", opted_out: bool = False
    ) -> str:
        return self.org.add_contact(
            email,
            owner=owner_id,
            account=company_id or None,
            FirstName="Ebba",
            LastName="Sandström",
            HasOptedOutOfEmail=opted_out,
        )

    def merge(self, winner: str, loser: str) -> str:
        self.org.merge(winner, loser)
        return winner

    def delete(self, contact_id: str) -> None:
        self.org.delete(contact_id)

    def contact_count(self) -> int:
        return len(self.org.org.rows["Contact"])

    def values(self, contact_id: str) -> Mapping[str, str]:
        row = self.org.row(contact_id)
        held = {f.key: row.get(str(f.salesforce)) for f in manifest().contact.values()}
        return {key: _text(value) for key, value in held.items() if value is not None}

    def answers(self, contact_id: str) -> list[SeenAnswer]:
        rows = self.org.rows(manifest().salesforce.answer_record.object)
        lookup, comment = (str(manifest().answer[k].salesforce) for k in ("contact", "comment"))
        mine = (row for row in rows if row[lookup] == contact_id)
        return [SeenAnswer(row["Id"], row[comment] or "") for row in mine]

    def tellings(self, contact_id: str) -> list[SeenAnswer]:
        told = [row for row in self.org.tasks(contact_id) if _tells(row)]
        return [SeenAnswer(row["Id"], f"{row['Subject']}\n{row['Description']}") for row in told]

    def tasks(self, contact_id: str) -> list[SeenTask]:
        return [_task(row) for row in self.org.tasks(contact_id) if not _tells(row)]

    def whole_account(self) -> str:
        return str(self.org.org.rows)

    def finish_task(self, task_id: str) -> None:
        self.org.change(task_id, "Task", Status="Completed")

    def reopen_task(self, task_id: str) -> None:
        self.org.change(task_id, "Task", Status="In Progress")

    def give_task(self, task_id: str, owner_id: str) -> None:
        self.org.change(task_id, "Task", OwnerId=owner_id)

    def judge_task(self, task_id: str, cause: str, outcome: str) -> bool:
        judged = {"cause": cause, "outcome": outcome}
        names = {str(manifest().task[key].salesforce): value for key, value in judged.items()}
        self.org.change(task_id, "Task", **names)
        return True

    def delete_task(self, task_id: str) -> None:
        self.org.delete(task_id, "Task")

    def win_deal(self, *contact_ids: str, at: datetime | None = None) -> str:
        deal = self.org.add_opportunity(*contact_ids)
        if at is not None:
            self.org.change(deal, "Opportunity", LastStageChangeDate=at)
        return deal

    def close_case(self, contact_id: str, case_id: str = "") -> str:
        if not case_id:
            return self.org.add_case(contact_id)
        self.org.change(case_id, "Case", Status="Closed")
        return case_id

    def reopen_case(self, case_id: str) -> None:
        self.org.change(case_id, "Case", Status="Working")

    def set_date(self, contact_id: str, day: date) -> None:
        self.org.change(contact_id, Renewal_Date__c=day)

    def make_list(self, name: str, contact_ids: Sequence[str]) -> str:
        return self.org.add_campaign(name, *contact_ids)

    def forbid(self, what: Watched) -> None:
        names = {Watched.DEALS: "Opportunity", Watched.CASES: "Case", Watched.LIST: "Campaign"}
        self.org.options.hidden_objects |= {names[what], f"{names[what]}Member"}

    def refuse_calls(self) -> None:
        self.org.refuse("/services/data/", 403, "REQUEST_LIMIT_EXCEEDED")

    def expire(self, *, renewable: bool) -> None:
        self.org.oauth.expire()
        self.tokens.next = [self.org.token() if renewable else "no-token-any-more"]

    def approve(self, url: str) -> str:
        return decide(url, {"decision": "approve"})


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return f"{value:g}" if isinstance(value, float) else str(value)


def _tells(row: Row) -> bool:
    return str(row["Subject"]).startswith("Told ")


def _task(row: Row) -> SeenTask:
    return SeenTask(
        id=row["Id"],
        subject=row["Subject"],
        text=row["Description"],
        owner_id=row["OwnerId"],
        due=row["ReminderDateTime"],
        done=row["IsClosed"],
    )
