"""What happened in a CRM without us, and what we tell it back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from connectors.types import Owner


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
