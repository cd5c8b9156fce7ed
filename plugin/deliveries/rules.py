"""What a verdict does to its row, how long failures wait, and whose turn it is. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from plugin.deliveries.verdicts import (
    Delivered,
    Delivery,
    Later,
    NotYet,
    Parked,
    Unsure,
    Verdict,
    Void,
)

LONGEST_WAIT = timedelta(minutes=15)
MOST_FAILS = 8  # of one row, before it is parked as kept_failing
MOST_CRASHES = 5  # of our own code over one row, before it is parked as internal
SLOW_FOR = timedelta(minutes=1)

Change: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Broke:
    """Our own code broke over this row alone; whether it was written is unknown."""

    place: str


@dataclass(frozen=True, slots=True)
class Waits:
    """How waits are shortened (``Clock.scaled``) and spread (a number in [0, 1), random)."""

    scaled: Callable[[timedelta], timedelta]
    spread: Callable[[], float]

    def after(self, fails: int) -> timedelta:
        """Grows from a second to 15 minutes and stays there; spread, so that not all come back at once."""
        grown = min(LONGEST_WAIT, timedelta(seconds=2 ** min(fails - 1, 16)))
        return self.scaled(grown * (0.5 + self.spread() / 2))

    def asked(self, seconds: float) -> timedelta:
        """In real seconds: whoever asks for a wait has a clock of his own, which is not scaled."""
        return timedelta(seconds=max(0.0, seconds))


def turns(kinds: Sequence[str], after: str) -> Sequence[str]:
    """*kinds* in the order in which they are asked for a batch once the kind *after* was served."""
    first = kinds.index(after) + 1 if after in kinds else 0
    return [*kinds[first:], *kinds[:first]]


def outcome(row: Delivery, verdict: Verdict | Broke, now: datetime, waits: Waits) -> Change:
    """The columns of a row that was tried once more."""
    match verdict:
        case Delivered(proof=proof):
            return _settled("delivered", now, proof=proof, in_doubt=False)
        case Parked(code=code, detail=detail):
            return _settled("parked", now, row, error=code, error_detail=detail)
        case Void(reason=reason):
            return _settled("void", now, error=reason, in_doubt=False)
        case Unsure(detail=detail):
            return _settled("unsure", now, error="unsure", error_detail=detail, in_doubt=True)
        case NotYet(until=until, reason=reason):
            return _queued(until, row.fails, row.in_doubt, reason, "")
        case Later():
            return _later(row, verdict, now, waits)
        case Broke(place=place):
            return _broke(row, place, now, waits)


def untouched(row: Delivery, *, in_doubt: bool) -> Change:
    """The columns of a row whose try does not count."""
    return {"attempts": row.attempts, "in_doubt": row.in_doubt or in_doubt}


def _later(row: Delivery, verdict: Later, now: datetime, waits: Waits) -> Change:
    fails = row.fails + 1
    in_doubt = row.in_doubt or verdict.in_doubt
    if fails >= MOST_FAILS:
        why: Change = {"error": "kept_failing", "error_detail": verdict.detail}
        return _settled("parked", now, **why, fails=fails, in_doubt=in_doubt)
    wait = waits.after(fails) if verdict.seconds is None else waits.asked(verdict.seconds)
    return _queued(now + wait, fails, in_doubt, "later", verdict.detail)


def _broke(row: Delivery, place: str, now: datetime, waits: Waits) -> Change:
    fails = row.fails + 1
    if fails >= MOST_CRASHES:
        why: Change = {"error": "internal", "error_detail": place}
        return _settled("parked", now, **why, fails=fails, in_doubt=True)
    return _queued(now + waits.after(fails), fails, True, "internal", place)


def _queued(due_at: datetime, fails: int, in_doubt: bool, error: str, detail: str) -> Change:
    return _change(
        state="queued",
        due_at=due_at,
        fails=fails,
        in_doubt=in_doubt,
        error=error,
        error_detail=detail,
    )


def _settled(state: str, now: datetime, row: Delivery | None = None, **values: Any) -> Change:
    kept = {} if row is None else {"in_doubt": row.in_doubt, "fails": row.fails}
    return _change(state=state, settled_at=now, **kept | values)


def _change(**values: Any) -> Change:
    nothing: Change = {
        "due_at": None,
        "fails": None,
        "proof": None,
        "error": None,
        "error_detail": None,
        "settled_at": None,
    }
    return nothing | values
