"""One org behind the door that every CRM has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from connectors import http
from connectors.accounts import Account, Connection, Finding, Setup, Step
from connectors.attributes import ContactField, Kind, Values
from connectors.changes import Changes, RequestResult, TaskState
from connectors.protocol import Limits, Tokens
from connectors.salesforce import (
    attributes,
    completing,
    contacts,
    erasing,
    events,
    install,
    records,
    reopening,
    standing,
    survey_requests,
    tasks,
    tellings,
    watching,
)
from connectors.salesforce.check import check
from connectors.salesforce.client import BATCH, IDS_IN_A_QUERY, Org
from connectors.salesforce.look import connected_user
from connectors.salesforce.streams import PAGE
from connectors.salesforce.task_states import task_states
from connectors.types import (
    AnswerRecord,
    Contact,
    ContactRef,
    ContactUpdate,
    Outcome,
    Owner,
    RecordRef,
    RecordStates,
    Task,
    TaskDone,
    TaskLine,
    Telling,
)
from connectors.watching import Choice, Occurrences, Watch, Watched


@dataclass(slots=True)
class SalesforceLimits:
    """Collections of 200. The daily budget, not the second, is what Salesforce counts; at most 25
    long calls may run at once, so a lane of one call after the other is never too fast."""

    batch: int = BATCH
    read: int = IDS_IN_A_QUERY
    members: int = PAGE
    rate: float = 10.0


class SalesforceConnector:
    """One account; see ``connectors.protocol.Connector``. All calls of one verb end within one deadline."""

    limits: Limits = SalesforceLimits()

    def __init__(self, connection: Connection, tokens: Tokens) -> None:
        self._connection, self._tokens = connection, tokens
        self._org = Org(connection, tokens)

    @property
    def usage(self) -> tuple[int, int] | None:
        """Calls used and allowed in the last 24 hours, as of the latest answer or refusal."""
        return self._org.usage

    @property
    def tells_tasks(self) -> bool:
        return tasks.has_key(self._connection.capabilities)

    @http.within()
    def account(self) -> Account:
        return account(self._org, self._connection)

    @http.within()
    def plan(self) -> list[Step]:
        return install.plan(
            self._org, self._connection.capabilities, loopback=self._connection.loopback
        )

    @http.within()
    def apply(self, state: str) -> Setup:
        connection = self._connection
        return install.apply(
            self._org, state, connection.capabilities, loopback=connection.loopback
        )

    @http.within()
    def check(self) -> list[Finding]:
        return check(self._org, self._connection, self._tokens)

    @http.within()
    def grant_viewers(self, user_ids: Sequence[str]) -> None:
        install.grant_viewers(self._org, user_ids)

    @http.within()
    def remove(self, *, delete_data: bool, state: str) -> Setup:
        return install.remove(self._org, state, delete_data=delete_data)

    @http.within()
    def users(self) -> list[Owner]:
        return contacts.users(self._org)

    @http.within()
    def owners(self, owner_ids: Sequence[str]) -> dict[str, Owner]:
        return contacts.owners(self._org, owner_ids)

    @http.within()
    def find_contacts(self, ref: ContactRef) -> list[Contact]:
        return contacts.find(self._org, ref)

    @http.within()
    def contacts(self, contact_ids: Sequence[str]) -> dict[str, Contact | None]:
        return contacts.by_ids(self._org, contact_ids)

    @http.within()
    def task_owners(self, contact_ids: Sequence[str], fallback: str) -> dict[str, Owner | None]:
        return contacts.task_owners(self._org, contact_ids, fallback)

    @http.within()
    def write_answers(self, answers: Sequence[AnswerRecord]) -> list[Outcome]:
        return records.write_answers(self._org, answers)

    @http.within()
    def update_contacts(self, updates: Sequence[ContactUpdate]) -> list[Outcome]:
        return records.update_contacts(self._org, updates)

    @http.within()
    def write_tasks(self, wanted: Sequence[Task]) -> list[Outcome]:
        return tasks.write_tasks(self._org, wanted, self._connection.capabilities)

    @http.within()
    def add_task_lines(self, lines: Sequence[TaskLine]) -> list[Outcome]:
        return tasks.add_task_lines(self._org, lines)

    @http.within()
    def changes(self, mark: str) -> Changes:
        return events.changes(self._org, mark, self._connection.capabilities)

    @http.within()
    def occurrences(self, watch: Watch, since: datetime, mark: str) -> Occurrences:
        return watching.occurrences(self._org, watch, since, mark)

    @http.within()
    def choices(self, what: Watched) -> list[Choice]:
        return watching.choices(self._org, what)

    @http.within()
    def contacts_with(self, addresses: Sequence[str]) -> dict[str, list[str]]:
        return watching.with_addresses(self._org, addresses)

    @http.within()
    def task_states(self, task_ids: Sequence[str]) -> dict[str, TaskState]:
        return task_states(self._org, task_ids)

    @http.within()
    def answer_requests(self, results: Sequence[RequestResult]) -> list[Outcome]:
        return survey_requests.answer_requests(self._org, results)

    @http.within()
    def record_states(
        self,
        answers: Sequence[RecordRef],
        tasks: Sequence[RecordRef],
        tellings: Sequence[RecordRef] = (),
    ) -> RecordStates:
        able = self._connection.capabilities
        return standing.record_states(self._org, answers, tasks, tellings, able)

    @http.within()
    def contact_values(
        self, contact_ids: Sequence[str]
    ) -> dict[str, Mapping[str, standing.Value] | None]:
        return standing.contact_values(self._org, contact_ids)

    @http.within()
    def contact_fields(self) -> list[ContactField]:
        return attributes.choices(self._org)

    @http.within()
    def values_of(self, fields: Mapping[str, Kind], contact_ids: Sequence[str]) -> Values:
        return attributes.values_of(self._org, fields, contact_ids)

    @http.within()
    def values_changed(self, fields: Mapping[str, Kind], since: datetime, mark: str) -> Values:
        return attributes.changed(self._org, fields, since, mark)

    @http.within()
    def erase(
        self,
        contact_id: str,
        answers: Sequence[RecordRef],
        tasks: Sequence[RecordRef],
        tellings: Sequence[RecordRef] = (),
    ) -> Outcome:
        able = self._connection.capabilities
        return erasing.erase(self._org, contact_id, answers, [*tasks, *tellings], able)

    @http.within()
    def write_tellings(self, told: Sequence[Telling]) -> list[Outcome]:
        return tellings.write_tellings(self._org, told, self._connection.capabilities)

    @http.within()
    def complete_tasks(self, done: Sequence[TaskDone]) -> list[Outcome]:
        return completing.complete_tasks(self._org, done, self._connection.capabilities)

    @http.within()
    def reopen_tasks(self, task_ids: Sequence[str]) -> list[Outcome]:
        return reopening.reopen_tasks(self._org, task_ids)

    @http.within()
    def remove_answers(self, answers: Sequence[RecordRef]) -> list[Outcome]:
        return erasing.remove_answers(self._org, answers)


def account(org: Org, connection: Connection) -> Account:
    """The org by its own name, and who is connected."""
    org_id, user_id = connected_user(org, loopback=connection.loopback)
    named = org.query("SELECT Id, Name FROM Organization LIMIT 1")
    person = contacts.owners(org, [user_id]).get(user_id)
    return Account(
        id=org_id,
        name=str(named[0]["Name"]) if named else org_id,
        ui_url=connection.api_url,
        user_id=user_id,
        user_name=person.name if person else "",
    )
