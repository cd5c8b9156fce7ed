"""What every CRM can do for us. One list of cases (tests/contract) runs over every implementation."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from connectors.accounts import Account, Client, Connection, Finding, Grant, Setup, Step
from connectors.attributes import ContactField, Kind, Values
from connectors.changes import Changes, RequestResult, TaskState
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


class Tokens(Protocol):
    """Where a connector gets its access token from: a store that refreshes once however many ask."""

    def access(self) -> str:
        """A token that is good now, as far as we know; raises ``NeedsReconnect``."""
        ...

    def renew(self, failed: str) -> str:
        """A token newer than *failed*, which the CRM refused with 401; raises ``NeedsReconnect``."""
        ...


class Connector(Protocol):
    """One account. Raises ``CrmError`` for a call that failed as a whole; rows of a batch have an ``Outcome`` each.
    Never retries (but for one renewed token); every call ends within 15 seconds."""

    limits: "Limits"

    @property
    def tells_tasks(self) -> bool:
        """Whether ``changes`` tells what became of our tasks; else ``task_states`` is to be asked."""
        ...

    def account(self) -> Account: ...

    def plan(self) -> list[Step]:
        """What ``apply`` would do, writing nothing (Salesforce: a checked deploy). Raises ``Clash``."""
        ...

    def apply(self, state: str) -> Setup:
        """One step of the install: only the difference. Called again with the state it returned until it is done."""
        ...

    def check(self) -> list[Finding]: ...

    def grant_viewers(self, user_ids: Sequence[str]) -> None:
        """Lets these users see our fields (Salesforce permission set; nothing to do in HubSpot)."""
        ...

    def remove(self, *, delete_data: bool, state: str) -> Setup:
        """One step of taking away what ``apply`` made; fields and records stay unless *delete_data*."""
        ...

    def users(self) -> list[Owner]:
        """People who could be viewers or owners, active ones first."""
        ...

    def owners(self, owner_ids: Sequence[str]) -> dict[str, Owner]: ...

    def find_contacts(self, ref: ContactRef) -> list[Contact]:
        """None, one or several; a merged contact is its survivor."""
        ...

    def contacts(self, contact_ids: Sequence[str]) -> dict[str, Contact | None]:
        """By the id asked for: the contact (its survivor if merged), or ``None`` when it is gone."""
        ...

    def task_owners(self, contact_ids: Sequence[str], fallback: str) -> dict[str, Owner | None]:
        """Who should get a contact's task: its owner if active, else the company's, else *fallback*, else ``None``."""
        ...

    def write_answers(self, records: Sequence[AnswerRecord]) -> list[Outcome]: ...

    def update_contacts(self, updates: Sequence[ContactUpdate]) -> list[Outcome]: ...

    def write_tasks(self, tasks: Sequence[Task]) -> list[Outcome]: ...

    def add_task_lines(self, lines: Sequence[TaskLine]) -> list[Outcome]: ...

    def write_tellings(self, tellings: Sequence[Telling]) -> list[Outcome]:
        """Puts each on its contact's timeline, once and for good: one that stands there is left as it is."""
        ...

    def complete_tasks(self, done: Sequence[TaskDone]) -> list[Outcome]:
        """Completes each task and says why and with what result; again is no different from once.
        A task that is gone is REFUSED with ``task_gone``."""
        ...

    def reopen_tasks(self, task_ids: Sequence[str]) -> list[Outcome]:
        """Opens each task again; again is no different from once. A task that is gone is REFUSED with
        ``task_gone``."""
        ...

    def changes(self, mark: str) -> Changes:
        """What happened in the CRM since *mark*, ``""`` being now; at most a page of it, and nothing twice seen is
        an error. A CRM that pushes has nothing to tell but the mark."""
        ...

    def occurrences(self, watch: Watch, since: datetime, mark: str) -> Occurrences:
        """A page of what *watch* describes: deals and cases that changed since *since*, the others whenever; *mark* is
        that of the page before, or of the last look. Raises ``MissingRight`` that names the right, and ``Refused`` for
        a choice the CRM does not have."""
        ...

    def choices(self, what: Watched) -> list[Choice]:
        """What a ``Watch`` of this kind may choose from; raises ``MissingRight`` that names the right."""
        ...

    def contacts_with(self, addresses: Sequence[str]) -> dict[str, list[str]]:
        """By each e-mail address asked for, the ids of the contacts that have it."""
        ...

    def task_states(self, task_ids: Sequence[str]) -> dict[str, TaskState]:
        """Every one of these tasks as it stands now, by the id asked for."""
        ...

    def answer_requests(self, results: Sequence[RequestResult]) -> list[Outcome]:
        """Tells those who wanted a contact asked what was decided."""
        ...

    def record_states(
        self,
        answers: Sequence[RecordRef],
        tasks: Sequence[RecordRef],
        tellings: Sequence[RecordRef] = (),
    ) -> RecordStates:
        """Which of the records, tasks and timeline entries that we wrote are there, by our key."""
        ...

    def contact_values(
        self, contact_ids: Sequence[str]
    ) -> dict[str, Mapping[str, str | int | datetime | None] | None]:
        """Those of our fields that the CRM keeps, as they stand there, by neutral key and for each id asked for;
        ``None`` where the contact is no longer there under this id."""
        ...

    def contact_fields(self) -> list[ContactField]:
        """Fields of contacts whose values can be kept in step; of their companies too, where it costs no further call.
        Those that are hidden or sensitive, or that name or reach a person, are left out."""
        ...

    def values_of(self, fields: Mapping[str, Kind], contact_ids: Sequence[str]) -> Values:
        """What stands in these fields of these contacts. Who is gone, or known under another id by now, is left out."""
        ...

    def values_changed(self, fields: Mapping[str, Kind], since: datetime, mark: str) -> Values:
        """A page of all contacts changed since *since*; *mark* is that of the page before, or of the last look."""
        ...

    def erase(
        self,
        contact_id: str,
        answers: Sequence[RecordRef],
        tasks: Sequence[RecordRef],
        tellings: Sequence[RecordRef] = (),
    ) -> Outcome:
        """Empties and deletes all of these, wherever they are found, and clears our fields on the contact; the
        contact itself stays. Done again, or with nothing left, it is DONE. MERGED: the records are
        gone, the fields stand on another contact now."""
        ...

    def remove_answers(self, answers: Sequence[RecordRef]) -> list[Outcome]:
        """Empties and deletes the records of these answers, wherever they are found. Done again, or with nothing
        left, it is DONE."""
        ...


class Limits(Protocol):
    """How much at once, and how often. ``rate`` is calls per second over the account; ``read`` is of how many contacts
    one call tells the fields, ``members`` how many of a list's."""

    batch: int
    read: int
    members: int
    rate: float


class Crm(Protocol):
    """A kind of CRM: how one connects, and how one talks to a connected account."""

    name: str
    pkce: bool
    pushes: bool
    """Whether it tells by itself what happens to contacts, where the app is set up for it."""
    rights: Mapping[Watched, str]
    """The scope or right that reading each needs beyond what is required anyway."""

    def connector(self, connection: Connection, tokens: Tokens) -> Connector: ...

    def authorize_url(
        self, client: Client, *, redirect_uri: str, state: str, challenge: str
    ) -> str: ...

    def exchange(
        self,
        client: Client,
        *,
        code: str,
        redirect_uri: str,
        verifier: str,
        api_url: str,
        loopback: bool,
    ) -> Grant:
        """Code for tokens. Raises ``OAuthFailed`` or ``Unreachable``; checks where the CRM says it lives."""
        ...

    def refresh(self, client: Client, refresh_token: str, *, api_url: str, loopback: bool) -> Grant:
        """Raises ``NeedsReconnect``, ``OAuthFailed`` (our client is wrong) or ``Unreachable``."""
        ...

    def revoke(
        self,
        client: Client,
        connection: Connection,
        *,
        access_token: str,
        refresh_token: str | None,
    ) -> None: ...

    def identify(self, token: str, *, api_url: str, loopback: bool) -> Account:
        """Whose token this is: the account a bare token belongs to. Raises ``NeedsReconnect`` or ``Refused``."""
        ...

    def check_host(self, url: str, *, loopback: bool) -> str:
        """*url* without trailing slash if it is one of the CRM's own hosts over https; raises ``Refused``."""
        ...

    def record_url(self, account: Account, contact_id: str) -> str: ...

    def valid_record_id(self, text: str) -> bool: ...
