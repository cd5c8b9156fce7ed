"""What crosses the line between us and a CRM: small frozen values, in lists, times in aware UTC, ids as text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


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


TOLD = "told:"  # with which the key of every telling begins, and no other key of ours


@dataclass(frozen=True, slots=True)
class Telling:
    """That a contact was told what their feedback led to, for the contact's timeline.

    ``subject`` and ``text`` are plain text as the contact read them: the connector escapes them for where they land,
    lets nothing in them be evaluated and cuts them at the CRM's limit. ``channel`` is ``email`` or ``widget``.
    """

    key: str
    contact_id: str
    subject: str
    text: str
    channel: str
    told_at: datetime
    proof: str | None = None
    attempted: bool = False


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
class TaskDone:
    """A follow-up that was marked handled outside the CRM: its task is to be completed there."""

    key: str
    contact_id: str
    task_id: str
    cause: str
    outcome: str


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
    tellings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
