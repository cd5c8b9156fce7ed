"""What may be looked for in a CRM so that somebody is asked about it, and what was found."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Watched(StrEnum):
    """Deals that were won, tickets or cases that were closed, contacts with a date, members of a list, all contacts."""

    DEALS = "deals"
    CASES = "cases"
    DATES = "dates"
    LIST = "list"
    EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class Watch:
    """*choice* is a ``Choice.value`` of the same CRM: it narrows deals and cases and may then be empty; dates and
    lists need one. *everyone* is all contacts of a deal, not the primary one alone, where the CRM tells them apart.
    DATES are those from *first* to *last*, both included."""

    what: Watched
    choice: str = ""
    everyone: bool = False
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something that happened to a contact. *record* names it for ever: the same deal, ticket, date or membership has
    the same name each time. *at* is when it happened, ``None`` where nothing did (a member of a list)."""

    record: str
    contact_id: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Occurrences:
    """A page. *mark* is where to go on, to be stored only after everything here was; the same things may come again.
    *more*: there is another page to fetch at once. *calls* is how many calls it took."""

    mark: str
    found: tuple[Occurrence, ...] = ()
    more: bool = False
    calls: int = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose from: a pipeline, a status, a date field, a list. *value* is the connector's own; *size* is
    how many are on a list, where the CRM says so."""

    value: str
    label: str
    size: int | None = None
