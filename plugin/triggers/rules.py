"""What a trigger may be, and what each kind of it means: pure, no I/O."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from plugin.touchpoints.rules import MEASURES

KEY = re.compile(r"[a-z][a-z0-9_-]{0,62}", re.ASCII)
NAME_LENGTH = 80
DAYS_MOST = 365
PER_DAY_MOST, MONTHLY_MOST = 10_000, 100_000
CATCH_UP = 3  # days: a date that was typed late is still noticed
LOT_BITS = 62


@dataclass(frozen=True, slots=True)
class Kind:
    """*touchpoints* are the kinds of touchpoint it may ask at. *choice* names what is chosen in the CRM, *must* whether
    it has to be. *every* is how often the CRM is looked at."""

    key: str
    title: str
    about: str
    every: timedelta
    touchpoints: tuple[str, ...] = ("transactional", "relational")
    choice: str = ""
    must: bool = False
    days: str = ""

    def fits(self, touchpoint_kind: str) -> bool:
        """Whether it may ask there; satisfaction and effort ask about an event too."""
        asks = "transactional" if touchpoint_kind in MEASURES else touchpoint_kind
        return asks in self.touchpoints


MINUTES = timedelta(minutes=5)
KINDS: dict[str, Kind] = {
    one.key: one
    for one in (
        Kind(
            "deal_won", "A deal is won", "Asks the contacts of the deal.", MINUTES,
            ("transactional",), choice="Only in this pipeline or stage",
        ),
        Kind(
            "case_closed", "A ticket or case is closed",
            "Asks its contact. Reopened and closed again, it does not ask twice.", MINUTES,
            ("transactional",), choice="Only in this pipeline or with this status",
        ),
        Kind(
            "date_nearing", "A date is near", "Asks some days before a date on the contact, for example a renewal.",
            timedelta(hours=6), choice="Date on the contact", must=True, days="Days before the date",
        ),
        Kind(
            "days_after", "Some days after a date",
            "Asks some days after a date on the contact, for example the first use.",
            timedelta(hours=6), choice="Date on the contact", must=True, days="Days after the date",
        ),
        Kind(
            "list", "A list",
            "Asks everybody on a list: one of your CRM, which is looked at again and again, or one that you paste.",
            timedelta(hours=1), choice="List in the CRM",
        ),
        Kind(
            "steady_flow", "A steady flow",
            "Asks so many contacts each day that a stated number of answers a month comes of it, drawn evenly.",
            timedelta(hours=1), ("relational",),
        ),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a kind needs; each uses its own. *choice* is the CRM's value, *choice_name* what people read. *everyone* is
    all contacts of a deal. *per_day* 0 is no limit. *pasted* is how many contacts a pasted list has."""

    choice: str = ""
    choice_name: str = ""
    everyone: bool = False
    days: int = 0
    per_day: int = 0
    monthly: int = 0
    pasted: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """A trigger as it was typed; a number that could not be read is -1."""

    key: str
    name: str
    installation: str
    kind: str
    touchpoint: str
    channel: str = "email"
    parameters: Parameters = field(default_factory=Parameters)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for in the CRM, in our words; *first* and *last* are days of a date on the contact."""

    kind: str
    choice: str = ""
    everyone: bool = False
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of one contact: *record* names it for ever, *at* is when the question about it becomes due."""

    record: str
    contact: str
    at: datetime | None = None


def errors(draft: Draft) -> dict[str, str]:
    """What is wrong with what was typed, field by field."""
    kind, given = KINDS.get(draft.kind), draft.parameters
    if kind is None:
        return {"kind": "Choose what makes it ask."}
    found = {
        "key": "" if KEY.fullmatch(draft.key) else KEY_WORDS,
        "name": _name_error(draft.name),
        "installation": "" if draft.installation else "Choose the CRM account.",
        "touchpoint": "" if draft.touchpoint else "Choose what is asked.",
        "choice": "Choose one." if kind.must and not given.choice else "",
        "days": _number(given.days, 1, DAYS_MOST, "days") if kind.days else "",
        "per_day": _number(given.per_day, 0, PER_DAY_MOST, "a number"),
        "monthly": _number(given.monthly, 1, MONTHLY_MOST, "a number")
        if kind.key == "steady_flow"
        else "",
    }
    return {name: words for name, words in found.items() if words}


KEY_WORDS = (
    "Use small letters a to z, digits, - and _, beginning with a letter, at most 63 characters. "
    "For example case-closed."
)


def _name_error(name: str) -> str:
    if not name:
        return "Enter a name."
    return "" if len(name) <= NAME_LENGTH else f"Use at most {NAME_LENGTH} characters."


def _number(number: int, least: int, most: int, what: str) -> str:
    return "" if least <= number <= most else f"Enter {what} from {least} to {most}."


def parameters_of(row: Any) -> Parameters:
    """As they are kept; what an earlier version did not know has its default."""
    known = asdict(Parameters())
    return Parameters(**{name: value for name, value in row.parameters.items() if name in known})


def wanted(kind: str, given: Parameters, first: datetime, last: datetime) -> Wanted:
    """What to look for, for what becomes due from *first* to *last*."""
    if kind == "date_nearing":
        ahead = timedelta(days=given.days)
        return Wanted(kind, given.choice, first=(first + ahead).date(), last=(last + ahead).date())
    if kind == "days_after":
        ago = timedelta(days=given.days)
        return Wanted(kind, given.choice, first=(first - ago).date(), last=(last - ago).date())
    return Wanted(kind, given.choice, everyone=given.everyone)


def due(kind: str, given: Parameters, happening: Happening) -> Happening:
    """A date on the contact, as the day on which it is to be asked about."""
    if happening.at is None or kind not in ("date_nearing", "days_after"):
        return happening
    days = timedelta(days=given.days)
    day = happening.at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    at = day - days if kind == "date_nearing" else day + days
    return Happening(happening.record, happening.contact, at)


def lot(key: str, contact: str) -> int:
    """A contact's place in the order of turns of one trigger: at random, and always the same."""
    drawn = hashlib.sha256(f"{key} {contact}".encode()).digest()
    return int.from_bytes(drawn[:8], "big") >> (64 - LOT_BITS)


def turns(
    kind: str, given: Parameters, many: int, now: datetime, latest: datetime | None, day: timedelta
) -> list[datetime]:
    """When each of *many* events has its turn: at once, spread over the day that begins, or so that no *day* has more
    than ``per_day``, behind the *latest* turn that was given before."""
    if kind == "steady_flow" and many:
        return [now + day * number / many for number in range(many)]
    if not given.per_day:
        return [now] * many
    pause = day / given.per_day
    first = now if latest is None else max(now, latest + pause)
    return [first + pause * number for number in range(many)]


def changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The names of what differs, for the audit log."""
    return [name for name in new if old.get(name) != new[name]]
