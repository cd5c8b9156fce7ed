"""How an installation is doing, for pages and commands: state, backlog, what is parked and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.clock import Clock
from plugin.crm.actions import setup_lane
from plugin.crm.clients import CRM_NAMES
from plugin.crm.polls import late, poll_lane
from plugin.crm.reconciling.rules import Told, report, summary
from plugin.crm.rules import Plain, explain, plain
from plugin.crm.store import every, find
from plugin.deliveries.store import delivery, lane
from plugin.people.rules import lane_of

WORDS = {
    "connected": ("connected", "good"),
    "needs_reconnect": ("needs reconnecting", "bad"),
    "disconnected": ("disconnected", "calm"),
}


@dataclass(frozen=True, slots=True)
class ParkedFor:
    """Deliveries parked for one reason."""

    code: str
    count: int
    plain: Plain


@dataclass(frozen=True, slots=True)
class Health:
    """One installation. ``waits`` is why its lane stands or waits, in plain words, ``unpolled`` why nobody looks what
    happens in its CRM."""

    row: Row[Any]
    crm_name: str
    badge: tuple[str, str]
    reason: str
    waits: str
    backlog: int
    oldest: datetime | None
    last_success: datetime | None
    unpolled: str = ""
    parked: Sequence[ParkedFor] = field(default=())
    findings: Sequence[dict[str, Any]] = field(default=())
    setting_up: bool = False
    compared: str = ""
    differences: Sequence[Told] = field(default=())

    @property
    def parked_count(self) -> int:
        return sum(p.count for p in self.parked)


def overview(connection: Connection) -> list[Health]:
    return [_health(connection, row) for row in every(connection)]


def one(connection: Connection, installation_id: str) -> Health | None:
    row = find(connection, installation_id)
    return _health(connection, row) if row is not None else None


def _health(connection: Connection, row: Row[Any]) -> Health:
    stands = _lane(connection, lane_of(row.id))
    backlog, oldest = _backlog(connection, row.id)
    return Health(
        row=row,
        crm_name=CRM_NAMES.get(row.crm, row.crm),
        badge=_badge(row),
        reason=explain(row.reason, row.reason_detail),
        waits=_waits(row, stands),
        backlog=backlog,
        oldest=oldest,
        last_success=stands.succeeded_at if stands else None,
        unpolled=_waits(row, _lane(connection, poll_lane(row.id))),
        parked=_parked(connection, row.id),
        findings=row.findings or (),
        compared=summary(row.reconciled) if row.reconciled else "",
        differences=report(row.reconciled or {}),
        setting_up=row.state == "connected" and _under_way(connection, row.id),
    )


def _badge(row: Row[Any]) -> tuple[str, str]:
    if row.state == "connected" and row.reason:
        return "needs attention", "warn"
    if row.state == "connected" and row.setup_done_at is None:
        return "not set up yet", "warn"
    return WORDS[row.state]


@dataclass(frozen=True, slots=True)
class LatePoll:
    """An installation in which nobody has looked for too long."""

    installation: str
    since: timedelta
    why: str

    @property
    def words(self) -> str:
        minutes = int(self.since.total_seconds() // 60)
        told = f"Nobody has looked for {minutes} minutes what happens in the CRM."
        return f"{told} {self.why}" if self.why else told


def late_polls(connection: Connection, clock: Clock) -> list[LatePoll]:
    return [
        LatePoll(
            row.id,
            clock.now() - (row.polled_at or row.connected_at),
            _waits(row, _lane(connection, poll_lane(row.id))),
        )
        for row in late(connection, clock)
    ]


def _lane(connection: Connection, lane_id: str) -> Row[Any] | None:
    return connection.execute(sa.select(lane).where(lane.c.id == lane_id)).one_or_none()


def _waits(row: Row[Any], stands: Row[Any] | None) -> str:
    if stands is None or row.reason:
        return ""
    if stands.parked_reason:
        return explain(stands.parked_reason)
    return plain(stands.wait_reason).what if stands.wait_reason else ""


def _backlog(connection: Connection, installation_id: str) -> tuple[int, datetime | None]:
    count, oldest = connection.execute(
        sa.select(sa.func.count(), sa.func.min(delivery.c.due_at)).where(
            delivery.c.lane == lane_of(installation_id), delivery.c.state == "queued"
        )
    ).one()
    return count, oldest


def _under_way(connection: Connection, installation_id: str) -> bool:
    """Whether something is being made in the CRM, or taken away from it."""
    waiting = sa.exists().where(
        delivery.c.lane == setup_lane(installation_id), delivery.c.state == "queued"
    )
    return bool(connection.scalar(sa.select(waiting)))


def _parked(connection: Connection, installation_id: str) -> list[ParkedFor]:
    rows = connection.execute(
        sa.select(delivery.c.error, sa.func.count().label("how_many"))
        .where(delivery.c.state == "parked", delivery.c.lane == lane_of(installation_id))
        .group_by(delivery.c.error)
        .order_by(sa.func.count().desc())
    )
    return [ParkedFor(row.error or "", row.how_many, plain(row.error or "")) for row in rows]


def document(health: Health) -> dict[str, Any]:
    """What ``--json`` prints of an installation: no token, no personal data."""
    row = health.row
    return {
        "installation": row.id,
        "crm": row.crm,
        "name": row.name,
        "state": row.state,
        "reason": row.reason,
        "reason_detail": row.reason_detail,
        "way": row.way,
        "set_up": row.setup_done_at is not None,
        "backlog": health.backlog,
        "parked": health.parked_count,
        "last_polled": row.polled_at.isoformat() if row.polled_at else None,
        "last_success": health.last_success.isoformat() if health.last_success else None,
        "usage": row.usage,
    }
