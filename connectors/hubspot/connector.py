"""One connected HubSpot account, as ``connectors.protocol.Connector``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from connectors import http
from connectors.accounts import Account, Connection, Finding, Setup, Step
from connectors.attributes import ContactField, Kind, Values
from connectors.changes import Changes, RequestResult, TaskState
from connectors.errors import CrmError
from connectors.hubspot import (
    attributes,
    audiences,
    checks,
    completing,
    erasing,
    people,
    removal,
    reopening,
    schema,
    standing,
    tellings,
    watching,
)
from connectors.hubspot import records as written
from connectors.hubspot import tasks as tasking
from connectors.hubspot.client import Api
from connectors.hubspot.hosts import ui_url
from connectors.hubspot.oauth import introspect
from connectors.hubspot.owners import Owners, named, task_owners, users
from connectors.hubspot.pipelines import Pipelines
from connectors.hubspot.task_states import task_states
from connectors.protocol import Limits, Tokens
from connectors.types import (
    AnswerRecord,
    Contact,
    ContactRef,
    ContactUpdate,
    Fate,
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


@dataclass
class HubSpotLimits:
    """A batch holds a hundred; an account allows 100 or 110 calls in ten seconds to each app, and we
    leave some for others."""

    batch: int = 100
    read: int = 100
    members: int = audiences.MEMBERS
    rate: float = 9.0


class HubSpotConnector:
    """See ``connectors.protocol.Connector`` for what each verb promises.

    However many calls a verb needs, they end together within the time of one.
    """

    tells_tasks = False

    def __init__(self, connection: Connection, tokens: Tokens) -> None:
        self.limits: Limits = HubSpotLimits()
        self._tokens = tokens
        self._api = Api(connection, tokens)
        self._owners = Owners(self._api)
        self._pipelines = Pipelines(self._api)

    @http.within()
    def account(self) -> Account:
        told = schema.details(self._api)
        connection, portal_id = self._api.connection, str(told["portalId"])
        client = connection.client
        who = introspect(connection, client, self._tokens.access()) if client else {}
        return Account(
            id=portal_id,
            name=str(who.get("hub_domain") or f"HubSpot {portal_id}"),
            ui_url=ui_url(str(told.get("uiDomain", "")), loopback=connection.loopback),
            user_id=str(who.get("user_id") or ""),
            user_name=str(who.get("user") or ""),
            scopes=tuple(who.get("scopes") or ()),
        )

    @http.within()
    def plan(self) -> list[Step]:
        return schema.plan(self._api)

    @http.within()
    def apply(self, state: str) -> Setup:
        step = schema.apply(self._api, state)
        if not step.done:
            return step
        return replace(step, capabilities={**step.capabilities, **self._app()})

    def _app(self) -> dict[str, str]:
        """Which app this is, so that requests of another one can be told apart; a ready token does not say."""
        connection = self._api.connection
        if connection.client is None:
            return {}
        try:
            told = introspect(connection, connection.client, self._tokens.access())
        except CrmError:
            return {}
        return {"app_id": str(told["app_id"])} if told.get("app_id") else {}

    @http.within()
    def check(self) -> list[Finding]:
        return checks.check(self._api, self._tokens)

    def grant_viewers(self, user_ids: Sequence[str]) -> None:
        """Nothing to do: in HubSpot whoever sees a contact sees its properties."""

    @http.within()
    def remove(self, *, delete_data: bool, state: str) -> Setup:
        return removal.remove(self._api, delete_data=delete_data, state=state)

    @http.within()
    def users(self) -> list[Owner]:
        return users(self._owners)

    @http.within()
    def owners(self, owner_ids: Sequence[str]) -> dict[str, Owner]:
        return named(self._owners, owner_ids)

    @http.within()
    def find_contacts(self, ref: ContactRef) -> list[Contact]:
        return people.find(self._api, ref)

    @http.within()
    def contacts(self, contact_ids: Sequence[str]) -> dict[str, Contact | None]:
        return people.by_ids(self._api, contact_ids)

    @http.within()
    def task_owners(self, contact_ids: Sequence[str], fallback: str) -> dict[str, Owner | None]:
        return task_owners(self._api, self._owners, contact_ids, fallback)

    @http.within()
    def write_answers(self, records: Sequence[AnswerRecord]) -> list[Outcome]:
        return written.write_answers(self._api, records)

    @http.within()
    def update_contacts(self, updates: Sequence[ContactUpdate]) -> list[Outcome]:
        return written.update_contacts(self._api, updates)

    @http.within()
    def write_tasks(self, tasks: Sequence[Task]) -> list[Outcome]:
        return tasking.write_tasks(self._api, tasks)

    @http.within()
    def add_task_lines(self, lines: Sequence[TaskLine]) -> list[Outcome]:
        return tasking.add_task_lines(self._api, lines)

    def changes(self, mark: str) -> Changes:
        """Nothing to tell: HubSpot sends what happens to contacts by itself, as webhooks."""
        return Changes(mark)

    @http.within()
    def occurrences(self, watch: Watch, since: datetime, mark: str) -> Occurrences:
        if watch.what is Watched.DATES:
            return audiences.dates(self._api, watch, mark)
        if watch.what is Watched.LIST:
            return audiences.members(self._api, watch, mark)
        if watch.what is Watched.EVERYBODY:
            return audiences.everybody(self._api, mark)
        return watching.events(self._api, self._pipelines, watch, since, mark)

    @http.within()
    def choices(self, what: Watched) -> list[Choice]:
        if what is Watched.DATES:
            return audiences.date_fields(self._api)
        if what is Watched.LIST:
            return audiences.lists(self._api)
        if what is Watched.EVERYBODY:
            return []
        return self._pipelines.choices(watching.TYPES[what])

    @http.within()
    def contacts_with(self, addresses: Sequence[str]) -> dict[str, list[str]]:
        return audiences.with_addresses(self._api, addresses)

    @http.within()
    def task_states(self, task_ids: Sequence[str]) -> dict[str, TaskState]:
        return task_states(self._api, self._owners, task_ids)

    def answer_requests(self, results: Sequence[RequestResult]) -> list[Outcome]:
        """Nobody to tell: whoever wants a contact asked gets the decision as the answer to the request."""
        return [Outcome(Fate.DONE, crm_id=one.id) for one in results]

    @http.within()
    def record_states(
        self,
        answers: Sequence[RecordRef],
        tasks: Sequence[RecordRef],
        tellings: Sequence[RecordRef] = (),
    ) -> RecordStates:
        return standing.record_states(self._api, answers, tasks, tellings)

    @http.within()
    def contact_values(
        self, contact_ids: Sequence[str]
    ) -> dict[str, Mapping[str, standing.Value] | None]:
        return standing.contact_values(self._api, contact_ids)

    @http.within()
    def contact_fields(self) -> list[ContactField]:
        return attributes.choices(self._api)

    @http.within()
    def values_of(self, fields: Mapping[str, Kind], contact_ids: Sequence[str]) -> Values:
        return attributes.values_of(self._api, fields, contact_ids)

    @http.within()
    def values_changed(self, fields: Mapping[str, Kind], since: datetime, mark: str) -> Values:
        return attributes.changed(self._api, fields, since, mark)

    @http.within()
    def erase(
        self,
        contact_id: str,
        answers: Sequence[RecordRef],
        tasks: Sequence[RecordRef],
        tellings: Sequence[RecordRef] = (),
    ) -> Outcome:
        return erasing.erase(self._api, contact_id, [*answers, *tellings], tasks)

    @http.within()
    def write_tellings(self, told: Sequence[Telling]) -> list[Outcome]:
        return tellings.write_tellings(self._api, told)

    @http.within()
    def complete_tasks(self, done: Sequence[TaskDone]) -> list[Outcome]:
        return completing.complete_tasks(self._api, done)

    @http.within()
    def reopen_tasks(self, task_ids: Sequence[str]) -> list[Outcome]:
        return reopening.reopen_tasks(self._api, task_ids)

    @http.within()
    def remove_answers(self, answers: Sequence[RecordRef]) -> list[Outcome]:
        return erasing.remove_answers(self._api, answers)
