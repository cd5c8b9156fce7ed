"""What crosses the line between us and a CRM: small frozen values, in lists, times in aware UTC, ids as text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Client:
    """The OAuth client an installation was made with; ``host`` is where people sign in (authorize) and, with
    Salesforce, where tokens are refreshed and revoked."""

    id: str
    secret: str = field(repr=False)
    host: str = ""


@dataclass(frozen=True, slots=True)
class Connection:
    """Which account a connector talks to, and what was found out about it at install.

    ``api_url`` has no trailing slash. ``loopback`` allows plain http and loopback hosts (demo and tests only).
    ``capabilities`` is what ``Connector.apply`` recorded, for example ``{"task_key": "unique"}``.
    ``client`` is the OAuth client the account was connected with, ``None`` for a ready token.
    """

    crm: str
    account_id: str
    api_url: str
    api_version: str
    loopback: bool = False
    capabilities: Mapping[str, str] = field(default_factory=dict)
    client: Client | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token endpoint gave. ``expires_at`` is ``None`` where the CRM does not say (Salesforce);
    ``refresh_token`` is ``None`` where it did not change or none was given."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_at: datetime | None
    account_id: str
    user_id: str
    api_url: str
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """The account as its owner knows it. ``ui_url`` is the root of links to records."""

    id: str
    name: str
    ui_url: str
    user_id: str = ""
    user_name: str = ""
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContactRef:
    """How a contact is named by whoever asks: a record id, or the value of an e-mail or other unique field."""

    id: str | None = None
    field: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact as the CRM shows it now. ``id`` is the survivor's id when the one asked for was merged;
    ``opted_out`` is ``None`` where we may not see it; ``time_zone`` is an IANA name, empty where the CRM has none."""

    id: str
    name: str = ""
    email: str = ""
    company_id: str = ""
    company_name: str = ""
    owner_id: str = ""
    locale: str = ""
    time_zone: str = ""
    opted_out: bool | None = None


@dataclass(frozen=True, slots=True)
class Owner:
    """A person (or queue) who can be given a task."""

    id: str
    name: str
    email: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """One answer as it is kept in the CRM (in HubSpot as a note, worded by the manifest).

    ``proof`` is the CRM's id of the record when it was already written, ``attempted`` whether an
    earlier try may have written it without our knowing.
    """

    key: str
    contact_id: str
    score: int
    category: str
    comment: str
    touchpoint: str
    kind: str
    answered_at: datetime
    revision: int
    may_contact: bool | None
    proof: str | None = None
    attempted: bool = False


@dataclass(frozen=True, slots=True)
class ContactUpdate:
    """New values of our fields on one contact, by neutral key; ``None`` clears a field, an absent key keeps it."""

    contact_id: str
    values: Mapping[str, str | int | datetime | None]


@dataclass(frozen=True, slots=True)
class Task:
    """A detractor's follow-up task. ``body`` is plain text: the connector escapes it for where it lands and cuts
    it at the CRM's limit. ``owner_id`` empty leaves it unassigned. ``done``: it was handled already, so that nobody
    is given work with it."""

    key: str
    contact_id: str
    subject: str
    body: str
    due_at: datetime
    owner_id: str = ""
    done: bool = False
    proof: str | None = None
    attempted: bool = False


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A line to stand above the text of a task that exists already; its status and owner are left alone.
    The same line is never added twice."""

    key: str
    contact_id: str
    task_id: str
    line: str


class Fate(StrEnum):
    """What became of one row of a batch."""

    DONE = "done"
    GONE = "gone"
    MERGED = "merged"
    REFUSED = "refused"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The fate of one row, in the order of the rows sent.

    DONE: ``crm_id`` is the proof. GONE: the contact was deleted. MERGED: ``crm_id`` is the survivor, nothing was
    written. REFUSED: for good, until a person acts; ``code`` is ours, ``detail`` plain words without personal data.
    BUSY: this row only, worth another try.
    """

    fate: Fate
    crm_id: str = ""
    code: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that differs between manifest and CRM, or is missing to work, and what to do about it."""

    code: str
    what: str
    do: str
    fatal: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an install plan: what would be made, changed or granted."""

    action: str
    what: str


@dataclass(frozen=True, slots=True)
class Setup:
    """How far an install has come. ``state`` is the connector's own resumable mark (a deploy's id), kept by us
    between calls; ``done`` ends it and ``capabilities`` is then what was found out."""

    done: bool
    state: str = ""
    capabilities: Mapping[str, str] = field(default_factory=dict)
    words: str = ""


class Happened(StrEnum):
    """What can happen to a contact in the CRM without us."""

    MERGED = "merged"
    DELETED = "deleted"
    RESTORED = "restored"
    CHANGED = "changed"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class ContactEvent:
    """Something that happened to a contact. ``at`` is the CRM's own time of it, so that events may come in any
    order and more than once. MERGED: ``into`` is the survivor (a converted lead's contact, too). ERASED: a privacy
    deletion, everything about the person must go."""

    happened: Happened
    contact_id: str
    at: datetime
    into: str = ""


@dataclass(frozen=True, slots=True)
class TaskState:
    """A follow-up task as it stands in the CRM now. ``changed_at`` is the CRM's own time of its last change;
    ``cause`` and ``outcome`` are the manifest's values, empty where nobody chose one. ``owner`` is ``None`` for a
    task of nobody's. ``gone``: deleted (the other fields then say nothing)."""

    task_id: str
    changed_at: datetime
    closed: bool = False
    owner: Owner | None = None
    cause: str = ""
    outcome: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class TaskDone:
    """A follow-up that was marked handled outside the CRM: its task is to be completed there."""

    key: str
    contact_id: str
    task_id: str
    cause: str
    outcome: str


@dataclass(frozen=True, slots=True)
class SurveyRequest:
    """Somebody in the CRM (a rep's card, a flow) wants a contact asked. ``id`` is the CRM's own, ``channel`` empty
    where they left it to us."""

    id: str
    contact_id: str
    touchpoint: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class RequestResult:
    """What was decided about a survey request; ``state`` is ``asked``, ``not_asked`` or ``failed`` and ``reason`` the
    words a rep reads."""

    id: str
    state: str
    link: str = ""
    reason: str = ""
    next_ask_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened since a mark. ``mark`` is where to go on next time, to be stored only after everything here
    was; the same things may come again. ``more``: there is more to fetch at once."""

    mark: str
    contacts: tuple[ContactEvent, ...] = ()
    tasks: tuple[TaskState, ...] = ()
    requests: tuple[SurveyRequest, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class RecordRef:
    """How something we wrote is found again: our key, the CRM's id of it and the contact it was written on."""

    key: str
    proof: str
    contact_id: str


@dataclass(frozen=True, slots=True)
class RecordStates:
    """What stands in the CRM of what we wrote: by our key the ids of all records that bear it, none where nothing
    does (somebody deleted it)."""

    answers: Mapping[str, tuple[str, ...]]
    tasks: Mapping[str, tuple[str, ...]]
