"""What a CRM knows of contacts beyond what we need to ask them: values of chosen fields, read in bulk."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Self, TypeAlias

TEXT_MOST = 255  # characters of a text that are kept
NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?")
NUMBER_MOST, PLACES = Decimal(10) ** 15, Decimal("0.0001")
FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)  # a date outside is a slip of the keyboard
MILLISECONDS = re.compile(r"-?[0-9]{9,14}")
NOT_KEPT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")

Value: TypeAlias = str | Decimal | date | None


class Kind(StrEnum):
    """What a field holds. A choice or a yes and no is TEXT, a time of day in a date is left away."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class ContactField:
    """A field to choose. *value* is the connector's own name of it."""

    value: str
    label: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Values:
    """A page of what stands on contacts: by contact id and field, ``None`` where it is empty.

    *missing* are fields that the CRM has no more, or hides from the connected user: nothing is told of them. *wrong*
    counts by field the values that were not of its kind; they are told as empty. *mark* is where to go on, to be stored
    only after everything here was; *more*: at once. *calls* is how many calls it took.
    """

    held: Mapping[str, Mapping[str, Value]]
    missing: Sequence[str] = ()
    wrong: Mapping[str, int] = field(default_factory=dict)
    mark: str = ""
    more: bool = False
    calls: int = 1


@dataclass(frozen=True, slots=True)
class Window:
    """Contacts changed since *since* are read in the order of their ids, behind *after*. In the middle of a look
    *began* is when it began, by the CRM's clock: what changes meanwhile is read by the next one."""

    since: datetime
    began: datetime | None = None
    after: str = ""

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises ``ValueError`` or ``KeyError`` for what ``write`` never wrote."""
        held = json.loads(text)
        began = datetime.fromisoformat(held["began"]) if held.get("began") else None
        return cls(datetime.fromisoformat(held["since"]), began, str(held.get("after", "")))

    def write(self) -> str:
        began = self.began.isoformat() if self.began else ""
        return json.dumps({"since": self.since.isoformat(), "began": began, "after": self.after})


def told(
    kinds: Mapping[str, Kind], rows: Iterable[tuple[str, Mapping[str, object]]]
) -> tuple[dict[str, dict[str, Value]], Counter[str]]:
    """Each contact's values by field, and how many were wrong. A field that a row does not have is not told."""
    held: dict[str, dict[str, Value]] = {}
    wrong: Counter[str] = Counter()
    for contact, row in rows:
        held[contact] = {}
        for name in row.keys() & kinds.keys():
            try:
                held[contact][name] = value(kinds[name], row[name])
            except ValueError:
                held[contact][name] = None
                wrong[name] += 1
    return held, wrong


def value(kind: Kind, raw: object) -> Value:
    """*raw* as *kind*, ``None`` for nothing. Raises ``ValueError`` for what is none of that kind."""
    if raw is None or raw == "":
        return None
    if kind is Kind.TEXT:
        return _text(raw)
    return _number(raw) if kind is Kind.NUMBER else _day(raw)


def _text(raw: object) -> str | None:
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if not isinstance(raw, str | int | float):
        raise ValueError("no text")
    return NOT_KEPT.sub(" ", str(raw)).strip()[:TEXT_MOST].rstrip() or None


def _number(raw: object) -> Decimal:
    text = str(raw).strip()
    if isinstance(raw, bool) or not NUMBER.fullmatch(text):
        raise ValueError("no number")
    found = Decimal(text)
    if abs(found) >= NUMBER_MOST:
        raise ValueError("a number beyond all measure")
    return found.quantize(PLACES)


def _day(raw: object) -> date:
    text = str(raw).strip()
    try:
        found = _moment(text).astimezone(UTC).date()
    except (OverflowError, OSError):
        raise ValueError("no date") from None
    if not FIRST <= found <= LAST:
        raise ValueError("a date out of range")
    return found


def _moment(text: str) -> datetime:
    if MILLISECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
