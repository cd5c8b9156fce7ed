"""One look at the fields of an account: some people whom nobody has asked for yet, or a page of what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection, Row

from connectors.attributes import Kind, Values
from plugin.crm.clients import CRM_NAMES
from plugin.crm.handlers.desk import Desk
from plugin.crm.keeping import looks, rules
from plugin.crm.keeping.rules import State
from plugin.db import lowest_id
from plugin.deliveries.verdicts import Effect
from plugin.segments import keeping

SKEW = timedelta(
    minutes=10
)  # between clocks, and from when a person's id is made until she is seen
AT_ONCE = 400  # people asked for in one look: what it brings is written down in well under a second


@dataclass(frozen=True, slots=True)
class Step:
    """Where the fields stand, and whom to ask for next; nobody: it is about what changed."""

    rows: Sequence[Row[Any]]
    state: State
    people: Sequence[tuple[str, str]]

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """The fields to ask for. One that was not there is tried again when everybody is read anew."""
        tried = (row for row in self.rows if self.state.first or not row.trouble)
        return {row.field: Kind(row.kind) for row in tried}


def look(desk: Desk) -> Effect | None:
    """What it brought, to be written down; ``None`` where no field is kept in step. Raises ``CrmError``."""
    with desk.connections.services.database.read() as connection:
        step = _step(connection, desk)
    if step is None:
        return None
    told = _asked(desk, step)
    desk.lane.calls += max(0, told.calls - 1)
    return lambda connection: _record(connection, desk, step, told)


def refused(desk: Desk, words: str) -> Effect:
    """Nothing can be read, and *words* say why: what was read stays, and it is tried again from the beginning."""

    def record(connection: Connection) -> None:
        fields = {row.field: row.mark for row in keeping.wanted(connection, desk.row.id)}
        keeping.troubled(connection, desk.row.id, fields, words)
        keeping.went_on(connection, desk.row.id, fields, "", {}, afresh=False, read_at=None)
        _owe(connection, desk, desk.now + _scaled(desk, rules.RETRY))

    return record


def _step(connection: Connection, desk: Desk) -> Step | None:
    rows = keeping.wanted(connection, desk.row.id)
    if not rows:
        return None
    state = _state(connection, desk, rows)
    people = keeping.people_after(connection, desk.row.id, state.people, AT_ONCE)
    return Step(rows, state, people)


def _state(connection: Connection, desk: Desk, rows: Sequence[Row[Any]]) -> State:
    """Where all fields stand; a new one among them begins with everybody."""
    marks = {row.mark for row in rows}
    if len(marks) > 1 or "" in marks:
        known = [State.read(mark) for mark in marks if mark]
        return max(known, key=lambda one: one.spent, default=State(desk.now)).again(desk.now)
    state = State.read(marks.pop())
    if not state.walking and state.began + _scaled(desk, rules.WHOLE) <= desk.now:
        pause = rules.whole_pause(_people(connection, desk), desk.connector.limits.read)
        if state.began + _scaled(desk, pause) <= desk.now:
            return state.again(desk.now)
    return state


def _asked(desk: Desk, step: Step) -> Values:
    kinds, state = step.kinds, step.state
    if not kinds:
        return Values({}, mark=state.changes, calls=0)
    if step.people:
        return desk.connector.values_of(kinds, [contact for _, contact in step.people])
    return desk.connector.values_changed(kinds, state.began - SKEW, state.changes)


def _record(connection: Connection, desk: Desk, step: Step, told: Values) -> None:
    installation, kinds = desk.row.id, step.kinds
    keeping.keep(connection, installation, told.held)
    keeping.troubled(connection, installation, set(kinds) - set(told.missing), "")
    keeping.troubled(connection, installation, told.missing, _missing(desk))
    state = _onwards(connection, desk, step, told)
    done = not step.people and not told.more
    keeping.went_on(
        connection,
        installation,
        {row.field: row.mark for row in step.rows},
        state.write(),
        told.wrong if step.people and step.state.walking else {},
        afresh=step.state.first,
        read_at=desk.now if done else None,
    )
    _owe(connection, desk, _next(connection, desk, state, done=done))


def _onwards(connection: Connection, desk: Desk, step: Step, told: Values) -> State:
    state = step.state.paid(told.calls, desk.now)
    if step.people:
        return replace(state, people=step.people[-1][0])
    if told.more and state.pages + 1 >= rules.PATIENCE:
        limit = rules.patience(_people(connection, desk), desk.connector.limits.read)
        if state.pages + 1 >= limit:
            return state.again(desk.now)
    seen = min(state.people, lowest_id(desk.now - SKEW))  # who was being written down meanwhile
    pages = state.pages + 1 if told.more else 0
    return replace(state, people=seen, walking=False, changes=told.mark, pages=pages)


def _next(connection: Connection, desk: Desk, state: State, *, done: bool) -> datetime:
    if state.broke:
        return rules.tomorrow(desk.now)
    begins = any(not row.mark for row in keeping.wanted(connection, desk.row.id))
    return desk.now if begins or not done else desk.now + _scaled(desk, rules.EVERY)


def _people(connection: Connection, desk: Desk) -> int:
    return keeping.people_here(connection, desk.row.id)


def _owe(connection: Connection, desk: Desk, at: datetime) -> None:
    clock = desk.connections.services.clock
    looks.owe_look(connection, clock, desk.row.id, looks.FIELDS, at)


def _scaled(desk: Desk, wait: timedelta) -> timedelta:
    return desk.connections.services.clock.scaled(wait)


def _missing(desk: Desk) -> str:
    name = CRM_NAMES[desk.row.crm]
    return f"{name} has this field no more, or does not let the connected user see it."
