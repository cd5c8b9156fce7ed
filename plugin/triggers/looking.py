"""When each trigger that is on looks into its CRM, what for, and what it has seen: one row on a lane of the
installation's own, whose settling owes the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.clock import Clock
from plugin.db import new_id
from plugin.deliveries.actions import Owed, forget, owe, resume_lane, void
from plugin.deliveries.store import delivery, queued
from plugin.deliveries.timers import Schedule
from plugin.people.rules import FoundContact
from plugin.triggers import finding, flow, pasted, rules
from plugin.triggers.rules import KINDS, Happening, Wanted
from plugin.triggers.source import Page
from plugin.triggers.store import trigger

KIND = "watch"
RATE = 1.0
SKEW = timedelta(minutes=10)  # between the CRM's clock and ours


@dataclass(frozen=True, slots=True)
class Step:
    """What one look does: a page of *wanted* is read, or *happenings* are known already. *state* is where whoever made
    the step goes on."""

    wanted: Wanted | None = None
    since: datetime | None = None
    mark: str = ""
    happenings: tuple[Happening, ...] = ()
    state: str = ""


def lane(installation: str) -> str:
    return f"{KIND}:{installation}"


def topic(key: str) -> str:
    return f"{KIND}:{key}"


def on(connection: Connection, key: str) -> Row[Any] | None:
    """The trigger, if it is on."""
    query = sa.select(trigger).where(trigger.c.key == key, trigger.c.is_on)
    return connection.execute(query).one_or_none()


def step(connection: Connection, clock: Clock, row: Row[Any], now: datetime) -> Step:
    given = rules.parameters_of(row)
    since = (row.since or now) - SKEW
    if row.kind == "steady_flow":
        return _flowing(connection, clock, row, now)
    if row.kind == "list" and not given.choice:
        drawn, state = pasted.page(connection, row.key, row.mark)
        return Step(happenings=tuple(drawn), state=state)
    first = max(since, now - timedelta(days=rules.CATCH_UP))
    return Step(rules.wanted(row.kind, given, first, now), since, row.mark)


def _flowing(connection: Connection, clock: Clock, row: Row[Any], now: datetime) -> Step:
    state = flow.State.read(row.mark)
    if state.reads(now):
        return Step(Wanted(row.kind), now, state.page, state=row.mark)
    drawn = flow.draw(connection, row, state, now, clock.scaled)
    return Step(happenings=drawn.happenings, state=drawn.state.write())


def relevant(row: Row[Any], page: Page) -> list[Happening]:
    """What is to be asked about: not what was before the trigger was switched on."""
    given = rules.parameters_of(row)
    due = (rules.due(row.kind, given, one) for one in page.found)
    if row.kind in ("date_nearing", "days_after"):
        since = (row.since - SKEW).replace(hour=0, minute=0, second=0, microsecond=0)
    else:
        since = row.since - SKEW
    return [one for one in due if one.at is None or one.at >= since]


def saw(
    connection: Connection,
    clock: Clock,
    row: Row[Any],
    made: Step,
    page: Page,
    found: Mapping[str, FoundContact | None],
    happenings: Sequence[Happening],
) -> int:
    """In the transaction that settles the look: its events, how far it came, and the next; how many events were new."""
    now = clock.now()
    if on(connection, row.key) is None:
        return 0
    new = finding.keep(connection, row, happenings, found, now, clock.scaled(timedelta(days=1)))
    mark, more = _onwards(connection, row, made, page, now)
    connection.execute(
        trigger.update().where(trigger.c.key == row.key).values(mark=mark, looked_at=now)
    )
    pause = timedelta() if more else clock.scaled(KINDS[row.kind].every)
    owe_look(connection, clock, row.key, row.installation, now + pause)
    return new


def _onwards(
    connection: Connection, row: Row[Any], made: Step, page: Page, now: datetime
) -> tuple[str, bool]:
    if row.kind == "steady_flow" and made.wanted is not None:
        return flow.read(connection, row.key, flow.State.read(made.state), page, now)
    if made.wanted is None:
        return made.state, bool(made.happenings) and row.kind == "list"
    if row.kind in ("deal_won", "case_closed"):
        return page.mark, page.more
    return (page.mark, True) if page.more else ("", False)  # from the beginning the next time


def went_off(connection: Connection, key: str, reason: str, detail: str) -> None:
    """By itself: the CRM does not let us look. Nothing is forgotten, and only a person switches it on again."""
    connection.execute(
        trigger.update()
        .where(trigger.c.key == key)
        .values(is_on=False, off_reason=reason, off_detail=detail)
    )


def owe_look(
    connection: Connection, clock: Clock, key: str, installation: str, at: datetime
) -> None:
    now, name = clock.now(), topic(key)
    finding.open_lane(connection, lane(installation), RATE)
    forget(connection, name)
    owed = Owed(lane(installation), KIND, f"{name}:{new_id()}", name, name, {"trigger": key}, at)
    owe(connection, [owed], now)


def hurry(connection: Connection, clock: Clock, installation: str) -> None:
    """The next look of each of its triggers comes now."""
    waiting = (delivery.c.lane == lane(installation), queued, delivery.c.started_at.is_(None))
    connection.execute(delivery.update().where(*waiting).values(due_at=clock.now()))


def stop(connection: Connection, key: str, now: datetime) -> None:
    void(connection, [topic(key)], "switched_off", now)


def resume(connection: Connection, installation: str) -> None:
    """After the account was connected again. What is off stays off."""
    for name in (lane(installation), finding.lane(installation)):
        resume_lane(connection, name)


def ensure(connection: Connection, clock: Clock) -> None:
    """Every trigger that is on has its next look: at start, and when a look came to nothing."""
    for row in connection.execute(sa.select(trigger).where(trigger.c.is_on)).all():
        waiting = sa.select(delivery.c.id).where(delivery.c.topic == topic(row.key), queued)
        if connection.execute(waiting.limit(1)).first() is None:
            owe_look(connection, clock, row.key, row.installation, clock.now())


def planning(clock: Clock) -> Schedule:
    """Looks now and then that no trigger is left out."""

    def work(connection: Connection, now: datetime) -> bool:
        ensure(connection, clock)
        return False

    return Schedule("plan_triggers", timedelta(minutes=15), work)
