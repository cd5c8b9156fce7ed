"""What all handlers share: the installation they work for, and what a CRM's errors and fates mean to the ledger."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.engine import Connection, Row

from connectors.errors import CrmError, MissingRight, NeedsReconnect, RateLimited, Unreachable
from connectors.protocol import Connector
from connectors.types import Fate, Outcome
from plugin.crm.connections import Connections
from plugin.crm.merging import merge
from plugin.crm.rules import BUDGET_PROBE
from plugin.deliveries.verdicts import (
    Delivered,
    Delivery,
    Effect,
    Halve,
    Lane,
    Later,
    Parked,
    ParkLane,
    Verdict,
    Wait,
)
from plugin.people import actions as people

CALL = 15.0  # no call to a CRM lasts longer
BATCH = 100  # until the connector can be asked
NO_CRM = (
    "mail:",
    "clock:",
)  # lanes behind which none stands, asked about with every mail and timer
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """One call of a handler: for which installation, with what, and until when."""

    connections: Connections
    lane: Lane
    row: Row[Any]
    connector: Connector
    now: datetime
    ends: float

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self._calling(writing=False):
            yield

    def write(
        self, send: Callable[[Sequence[T]], list[Outcome]], them: Sequence[T]
    ) -> list[Outcome]:
        """What became of each; where there is nothing to send, nobody is called.

        Only while a whole call fits into what is left: a lost lease would let another worker send the same.
        """
        if not them:
            return []
        if self.ends - self.connections.services.clock.monotonic() < CALL:
            raise Wait("slow_crm", 0)
        with self._calling(writing=True):
            return send(them)

    @contextmanager
    def _calling(self, *, writing: bool) -> Iterator[None]:
        try:
            yield
        except CrmError as error:
            raise refusal(self.connections, self.row, error, writing=writing) from None


class Writing:
    """A kind of delivery that is one write to the CRM for a whole batch."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def limit(self, lane: str) -> int:
        """How many rows one call may carry."""
        if lane.startswith(NO_CRM):
            return BATCH
        try:
            return self._connections.limits(installation_of(lane)).batch
        except (LookupError, CrmError):
            return BATCH


def open_desk(connections: Connections, lane: Lane, within: float) -> Desk:
    """Raises ``ParkLane`` for an installation that is not connected, ``Wait`` while its token is renewed."""
    clock = connections.services.clock
    ends = clock.monotonic() + within
    row = installation(connections, lane.id)
    try:
        connector = connections.connector(row)
        connections.tokens(row.id).access()
    except CrmError as error:
        raise refusal(connections, row, error, writing=False) from None
    return Desk(connections, lane, row, connector, clock.now(), ends)


def installation(connections: Connections, lane_id: str) -> Row[Any]:
    try:
        row = connections.row(installation_of(lane_id))
    except LookupError:
        raise ParkLane("disconnected") from None
    if row.state != "connected":
        raise ParkLane(row.reason or row.state)
    return row


def installation_of(lane_id: str) -> str:
    return lane_id.partition(":")[2]


def refusal(
    connections: Connections, row: Row[Any], error: CrmError, *, writing: bool
) -> Exception:
    """What an error for the whole call means to the lane; why calls stop is written on the installation."""
    if isinstance(error, Unreachable):
        return Wait(error.code, error.retry_after, in_doubt=writing and error.unknown)
    if isinstance(error, RateLimited):
        probe = BUDGET_PROBE.total_seconds() if error.daily else None
        reason = "daily_budget" if error.daily else error.code
        return Wait(reason, error.retry_after or probe, slow=not error.daily)
    reason = connections.note(row, error)
    if isinstance(error, NeedsReconnect | MissingRight):
        return ParkLane(reason)
    return Wait(reason) if reason else Halve(error.code, error.detail)


def verdicts(
    rows: Sequence[Delivery],
    decided: dict[str, Verdict],
    sent: Sequence[Delivery],
    outcomes: Sequence[Outcome],
    judge: Callable[[Delivery, Outcome], Verdict],
) -> list[Verdict]:
    """One verdict per row: decided before the call, or judged by what the CRM said of it."""
    said = {row.id: judge(row, outcome) for row, outcome in zip(sent, outcomes, strict=True)}
    return [decided.get(row.id) or said[row.id] for row in rows]


def judged(desk: Desk, owner: Row[Any], outcome: Outcome, done: Effect | None = None) -> Verdict:
    """What became of a row about *owner*, the person whose contact it was sent to."""
    if outcome.fate is Fate.DONE:
        return Delivered(outcome.crm_id, _back(owner, done, desk.now))
    if outcome.fate is Fate.GONE:
        return Parked("contact_gone", outcome.detail, _gone(owner.id, desk.now))
    if outcome.fate is Fate.MERGED:
        return _merged(owner, outcome, desk.now)
    if outcome.fate is Fate.BUSY:
        # The CRM may not have said what became of the row: look before sending it again.
        return Later(detail=outcome.detail or outcome.code, in_doubt=True)
    return Parked(outcome.code, outcome.detail)


def _merged(owner: Row[Any], outcome: Outcome, now: datetime) -> Verdict:
    """Once more, to the survivor: the handler finds it by itself once the merge is recorded."""
    if outcome.crm_id in ("", owner.contact):
        return Parked("merge_circle", outcome.detail)

    def record(connection: Connection) -> None:
        merge(connection, owner.id, outcome.crm_id, now, now)

    return Later(0, detail="merged", effect=record)


def _gone(person_id: str, now: datetime) -> Effect:
    return lambda connection: people.gone(connection, person_id, now)


def _back(owner: Row[Any], done: Effect | None, now: datetime) -> Effect | None:
    """A contact that took a write has been restored, if it was gone before."""
    if owner.gone_at is None:
        return done

    def both(connection: Connection) -> None:
        people.back(connection, owner.id, now, now)
        if done is not None:
            done(connection)

    return both
