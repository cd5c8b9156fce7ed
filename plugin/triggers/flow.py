"""The steady flow: so many contacts a day that a stated number of answers a month comes of it, each in its turn.

Every contact has a place on a circle, at random and for good. Each night the hand goes on from where it stood, so that
everybody's turns come at even distances, nobody is first again, and nobody is left out.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection, Row

from plugin.asking import frequency
from plugin.asking.limits import Limits
from plugin.asking.preview import AnyTouchpoint
from plugin.asking.rules import Facts, reason
from plugin.asking.store import ask
from plugin.people.store import person
from plugin.touchpoints.store import touchpoint
from plugin.triggers import rules
from plugin.triggers.rules import Happening
from plugin.triggers.source import Page
from plugin.triggers.store import trigger_contact, trigger_event

Scaled: TypeAlias = Callable[[timedelta], timedelta]
MONTH = 30  # days
READ_EVERY = timedelta(days=7)
UNTRIED = 0.2  # of those asked answer, until enough were asked
FLOOR = 0.05
LEAST_REACHED = 0.25
ENOUGH = 50  # asks or draws, to believe a rate
DRAWS = timedelta(days=60)
LOOKED_BACK, TIME_TO_ANSWER = timedelta(days=180), timedelta(days=7)
CHUNK = 2_000
HAIR = 1e-9  # 3 a day is not to become 2.9999


@dataclass(frozen=True, slots=True)
class State:
    """How far the CRM's contacts were read (*page* of the *round*), where the hand stands (*lot*) and on which day it
    was last moved; *owed* is the part of a contact that is still to be asked."""

    page: str = ""
    round: int = 1
    read_at: str = ""
    lot: int = -1
    day: str = ""
    owed: float = 0.0

    @classmethod
    def read(cls, text: str) -> Self:
        return cls(**json.loads(text)) if text else cls()

    def write(self) -> str:
        return json.dumps(asdict(self))

    def reads(self, now: datetime) -> bool:
        """Whether the CRM's contacts are to be read, before anybody is drawn."""
        if self.page or not self.read_at:
            return True
        return now - datetime.fromisoformat(self.read_at) > READ_EVERY


@dataclass(frozen=True, slots=True)
class Drawn:
    """Whose turn it is, and the state afterwards. *passed* had their turn and could not be asked."""

    happenings: tuple[Happening, ...]
    state: State
    passed: int = 0


@dataclass(frozen=True, slots=True)
class Rate:
    """*asked* and *answered* are what is known of the touchpoint; *rate* is what is reckoned with. *reached* is the
    share of those whose turn came that could be asked: others have no address, or said no."""

    asked: int
    answered: int
    rate: float
    reached: float = 1.0


def response_rate(connection: Connection, key: str, now: datetime) -> Rate:
    """Of those asked at the touchpoint in the last half year, without the last week, who may still answer."""
    asked, answered = connection.execute(
        sa.select(sa.func.count(), sa.func.count(ask.c.answered_at)).where(
            ask.c.touchpoint == key,
            ~ask.c.test,
            ask.c.created_at > now - LOOKED_BACK,
            ask.c.created_at < now - TIME_TO_ANSWER,
        )
    ).one()
    measured = max(FLOOR, answered / asked) if asked >= ENOUGH else UNTRIED
    return Rate(asked, answered, measured)


def rate_of(connection: Connection, row: Row[Any], now: datetime) -> Rate:
    """With the share that a trigger's own draws of the last two months could reach."""
    mine = (trigger_event.c.trigger == row.key, trigger_event.c.found_at > now - DRAWS)
    decided = trigger_event.c.state != "waiting"
    asked = sa.func.count(trigger_event.c.ask)
    drawn, reached = connection.execute(
        sa.select(sa.func.count(), asked).where(*mine, decided)
    ).one()
    share = max(LEAST_REACHED, reached / drawn) if drawn >= ENOUGH else 1.0
    return replace(response_rate(connection, row.touchpoint, now), reached=share)


def per_day(monthly: int, rate: Rate) -> float:
    """Whose turn is to come each day."""
    return monthly / MONTH / rate.rate / rate.reached


def read(
    connection: Connection, key: str, state: State, page: Page, now: datetime
) -> tuple[str, bool]:
    """Keeps a page of the CRM's contacts; the state as it is written, and whether there is more. Who is no longer there
    at the end is taken out."""
    rows = [
        {"trigger": key, "contact": one.contact, "lot": rules.lot(key, one.contact), "round": state.round}
        for one in page.found
    ]  # fmt: skip
    if rows:
        insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
        put = insert(trigger_contact)
        names = [trigger_contact.c.trigger, trigger_contact.c.contact]
        values = {"round": put.excluded.round}
        connection.execute(put.on_conflict_do_update(index_elements=names, set_=values), rows)
    if page.more:
        return replace(state, page=page.mark).write(), True
    gone = (trigger_contact.c.trigger == key, trigger_contact.c.round < state.round)
    connection.execute(trigger_contact.delete().where(*gone))
    done = replace(state, page="", round=state.round + 1, read_at=now.isoformat())
    return done.write(), True


def draw(
    connection: Connection, row: Row[Any], state: State, now: datetime, scaled: Scaled
) -> Drawn:
    """Once a day: the next on the circle who may be asked, at most once around. *scaled* shortens waits."""
    today = f"{now:%Y-%m-%d}"
    if state.day == today:
        return Drawn((), state)
    monthly = rules.parameters_of(row).monthly
    due = state.owed + per_day(monthly, rate_of(connection, row, now))
    chosen: list[Happening] = []
    wanted, passed, lot = int(due + HAIR), 0, state.lot
    limits, about = frequency.load(connection), _touchpoint(connection, row.touchpoint)
    for one in _turns(connection, row, state.lot):
        if len(chosen) == wanted:
            break
        lot = one.lot
        if _may(one, row.channel, about, limits, scaled, now):
            chosen.append(Happening(f"flow:{today}", one.their_contact))
        else:
            passed += 1
    onwards = replace(state, day=today, lot=lot, owed=min(1.0, max(0.0, due - wanted)))
    return Drawn(tuple(chosen), onwards, passed)


def size(connection: Connection, key: str) -> int:
    """How many contacts are drawn from."""
    mine = trigger_contact.c.trigger == key
    return connection.scalar(sa.select(sa.func.count()).where(mine)) or 0


def _turns(connection: Connection, row: Row[Any], lot: int) -> Iterator[Row[Any]]:
    """Once around the circle from behind *lot*, with what is known of each."""
    yield from _stretch(connection, row, lot, None)
    yield from _stretch(connection, row, -1, lot)


def _stretch(
    connection: Connection, row: Row[Any], behind: int, last: int | None
) -> Iterator[Row[Any]]:
    while True:
        found = _chunk(connection, row, behind, last)
        yield from found
        if len(found) < CHUNK:
            return
        behind = found[-1].lot


def _chunk(
    connection: Connection, row: Row[Any], behind: int, last: int | None
) -> Sequence[Row[Any]]:
    here = [trigger_contact.c.trigger == row.key, trigger_contact.c.lot > behind]
    here += [] if last is None else [trigger_contact.c.lot <= last]
    known = sa.and_(
        person.c.installation == row.installation, person.c.contact == trigger_contact.c.contact
    )
    query = (
        sa.select(person, trigger_contact.c.lot, trigger_contact.c.contact.label("their_contact"))
        .select_from(trigger_contact.outerjoin(person, known))
        .where(*here)
        .order_by(trigger_contact.c.lot)
        .limit(CHUNK)
    )
    return connection.execute(query).all()


def _may(
    one: Row[Any], channel: str, about: Any, limits: Limits, scaled: Scaled, now: datetime
) -> bool:
    """Whether it is worth looking at the contact in the CRM: one that nobody knows yet is. The decision itself comes
    with its turn."""
    if one.id is None:
        return True
    facts = Facts(person=one, touchpoint=about, channel=channel, limits=limits, scaled=scaled)
    return reason(facts, now) in (None, "quiet_hours")


def _touchpoint(connection: Connection, key: str) -> AnyTouchpoint:
    row = connection.execute(sa.select(touchpoint).where(touchpoint.c.key == key)).one()
    return AnyTouchpoint(row.kind, row.key, row.delay_hours, row.window_days, row.sample)
