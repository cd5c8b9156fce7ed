"""How far fields and lists were read, when they are read next, and what that costs. Pure, no I/O."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from typing import Self

from plugin.db import EPOCH, milliseconds, moment_at

EVERY = timedelta(minutes=15)  # looks at what changed in the fields
WHOLE = timedelta(days=1)  # readings of everybody's fields: formulas change without anything else
LIST_EVERY = timedelta(hours=1)
RETRY = timedelta(hours=1)  # what the CRM refused
CALLS_OF_A_DAY = 1_000  # for the whole readings, and for each list: what is long is read less often
CALLS_MOST = 10_000  # a day for an account's fields, whatever happens there
PATIENCE = 10  # pages of changes that are read whatever reading everybody would cost
LOOKS_A_DAY = timedelta(days=1) // EVERY


@dataclass(frozen=True, slots=True)
class State:
    """How far the fields of an account were read. Everybody up to the person *people* was asked for since *began*;
    *walking*: not everybody yet. *changes* is the connector's mark of what changed since then, *pages* how many of it
    were read in a row. *spent* is how many calls were made on the day *day*."""

    began: datetime
    people: str = ""
    walking: bool = True
    changes: str = ""
    pages: int = 0
    day: int = 0
    spent: int = 0

    @classmethod
    def read(cls, text: str) -> Self:
        held = json.loads(text)
        return cls(**(held | {"began": moment_at(held["began"])}))

    def write(self) -> str:
        held = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(held | {"began": milliseconds(self.began)})

    @property
    def first(self) -> bool:
        """Whether this is the first step of reading everybody: then all fields are tried, even those in trouble."""
        return self.walking and not self.people

    def again(self, now: datetime) -> "State":
        """Everybody is read anew; what was spent today stays spent."""
        return State(now, day=self.day, spent=self.spent)

    def paid(self, calls: int, now: datetime) -> "State":
        today = (now - EPOCH).days
        return replace(self, day=today, spent=calls + (self.spent if self.day == today else 0))

    @property
    def broke(self) -> bool:
        return self.spent >= CALLS_MOST


@dataclass(frozen=True, slots=True)
class Round:
    """How far a list was read: the *number* of this reading, the page to go on with, how many pages there were, and
    when it began."""

    began: datetime
    number: int = 1
    page: str = ""
    pages: int = 0

    @classmethod
    def read(cls, text: str) -> Self:
        held = json.loads(text)
        return cls(**(held | {"began": moment_at(held["began"])}))

    def write(self) -> str:
        held = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(held | {"began": milliseconds(self.began)})


def whole_calls(people: int, at_once: int) -> int:
    """To read the fields of that many people, *at_once* a call; now and then one looks which fields there are."""
    return ceil(people / at_once) + ceil(people / at_once / 4)


def whole_pause(people: int, at_once: int) -> timedelta:
    """Between two readings of everybody."""
    return max(WHOLE, timedelta(days=whole_calls(people, at_once) / CALLS_OF_A_DAY))


def list_pause(pages: int) -> timedelta:
    """Between two readings of a list."""
    return max(LIST_EVERY, timedelta(days=max(1, pages) / CALLS_OF_A_DAY))


def patience(people: int, at_once: int) -> int:
    """How many pages of changes are read before reading everybody is the better way."""
    return max(PATIENCE, ceil(people / at_once))


def fields_cost(people: int, at_once: int) -> int:
    """Calls a day for all fields of an account together, while little changes."""
    whole = whole_calls(people, at_once) * (timedelta(days=1) / whole_pause(people, at_once))
    return LOOKS_A_DAY + ceil(whole)


def list_cost(size: int, at_once: int) -> int:
    """Calls a day for a list of that size."""
    pages = max(1, ceil(size / at_once))
    return ceil(pages * (timedelta(days=1) / list_pause(pages)))


def tomorrow(now: datetime) -> datetime:
    return EPOCH + timedelta(days=(now - EPOCH).days + 1)
