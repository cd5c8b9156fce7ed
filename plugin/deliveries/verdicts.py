"""What a handler is given and what it may say: one verdict per row, or one exception for the whole call."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from sqlalchemy.engine import Connection

Effect: TypeAlias = Callable[[Connection], None]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row to send. ``in_doubt``: an earlier try may have done it, so look before sending."""

    id: str
    lane: str
    kind: str
    key: str
    topic: str
    subject: str
    payload: Mapping[str, Any]
    attempts: int = 0  # earlier tries that an outage did not end
    fails: int = 0  # tries that ended in a failure of this row alone
    in_doubt: bool = False


@dataclass(slots=True)
class Lane:
    """The lane a call is made for. A handler that makes more than one request adds them to ``calls``,
    so that the lane's rate is kept."""

    id: str
    calls: int = 1


@dataclass(frozen=True, slots=True)
class Delivered:
    """Done; *proof* is the other side's id. *effect* runs in the transaction that settles the row."""

    proof: str = ""
    effect: Effect | None = None


@dataclass(frozen=True, slots=True)
class Parked:
    """Refused for good, nothing written: *code* is ours, *detail* plain words on what to do."""

    code: str
    detail: str = ""
    effect: Effect | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """This row failed and may work later, after *seconds* (real ones; else a growing wait). After eight
    such failures it is parked as ``kept_failing``. ``in_doubt``: it may have been written."""

    seconds: float | None = None
    in_doubt: bool = False
    detail: str = ""
    effect: Effect | None = None


@dataclass(frozen=True, slots=True)
class NotYet:
    """It is too early for this row (quiet hours, somebody to be asked first): nothing was tried, and it is due
    again at *until*."""

    until: datetime
    reason: str
    effect: Effect | None = None


@dataclass(frozen=True, slots=True)
class Void:
    """No longer owed; nothing was written."""

    reason: str
    effect: Effect | None = None


@dataclass(frozen=True, slots=True)
class Unsure:
    """Perhaps done, and nobody can find out: listed, and never sent again unless a person says so."""

    detail: str
    effect: Effect | None = None


Verdict: TypeAlias = Delivered | Parked | Later | NotYet | Void | Unsure


class Refusal(Exception):
    """Base of what a handler raises for the whole call; a text of it is for administrators.

    *known* holds verdicts (by delivery id) of the rows that were decided before; only the others are untouched.
    *effect* runs in the settling transaction.
    """

    def __init__(
        self,
        reason: str,
        *,
        in_doubt: bool = False,
        known: Mapping[str, Verdict] | None = None,
        effect: Effect | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.in_doubt = in_doubt
        self.known = dict(known or {})
        self.effect = effect


class Wait(Refusal):
    """Nothing works on this lane just now (outage, 429). It waits *seconds* (real ones, as the other side
    asked), else a time that grows to 15 minutes. *slow* halves its rate for a minute. No row's tries are
    used up; *in_doubt*: rows may have been written."""

    def __init__(
        self, reason: str, seconds: float | None = None, *, slow: bool = False, **more: Any
    ) -> None:
        super().__init__(reason, **more)
        self.seconds = seconds
        self.slow = slow


class ParkLane(Refusal):
    """The lane needs a person (the grant is gone, a right is missing): it stands still until ``resume_lane``."""


class Halve(Exception):
    """The call was refused as a whole: the worker halves it until the bad row stands alone and is parked."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


class Handler(Protocol):
    """What one kind of delivery means."""

    def limit(self, lane: str) -> int:
        """How many rows one call may carry."""

    def handle(self, lane: Lane, rows: Sequence[Delivery], within: float) -> Sequence[Verdict]:
        """Sends *rows*, each of another subject, within that many seconds; a verdict per row, in their order.

        Raises ``Wait``, ``ParkLane`` or ``Halve``. Runs outside any transaction.
        """
