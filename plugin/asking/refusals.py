"""Refused asks: kept once for each contact and touchpoint, told to the CRM, and put off where that helps.

Only an e-mail is put off: we send it ourselves, so we can send it later. A widget asks again with the next page,
and a link is handed over at once or not at all; whoever wanted it was told the reason and the date.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.asking.rules import NO_CONTACT, Facts, NotAsked, window
from plugin.asking.situation import Refusal
from plugin.asking.store import refused_ask
from plugin.db import at_one_go, new_id
from plugin.deliveries.actions import Owed, ensure_lane, owe, void
from plugin.deliveries.store import lane
from plugin.deliveries.timers import CLOCK, RATE
from plugin.people.owing import fields
from plugin.people.store import person
from plugin.ready import Ready
from plugin.services import Services

if TYPE_CHECKING:
    from plugin.asking.actions import Wish

KIND = "deferred_ask"
# About the occasion or the day, not the person: when she may be asked at all stays as it was.
OF_THE_MOMENT = ("follow_up_open", "outside_window", "not_sampled")
LOOK_AGAIN = timedelta(days=1)  # while a reason has no date but may end any day


def keep(
    connection: Connection,
    services: Services,
    wish: "Wish",
    facts: Facts,
    known: Refusal | None,
    refused: NotAsked,
    now: datetime,
) -> None:
    """Written where it is news: a page that is loaded again and again costs nothing."""
    asked = facts.person
    if refused.reason == "erased":
        _tell(connection, asked, refused, now)
        return
    values = _values(services, wish, facts, refused, known, now)
    news = known is None or not asked.ask_refusal or _differs(known, values)
    put_off = values["again_at"] or (known is not None and known.again_at)
    if news or put_off:
        at = now if known is None or news else known.refused_at
        with at_one_go(connection):
            _write(connection, asked.id, wish.touchpoint, known, values | {"refused_at": at})
            if news:
                _tell(connection, asked, refused, now)
    if put_off:
        _put_off(connection, asked.id, wish.touchpoint, values["again_at"], now)
    if news:
        services.wake.set()


def _tell(connection: Connection, asked: Row[Any], refused: NotAsked, now: datetime) -> None:
    told: dict[str, Any] = {"who": asked.id, "ask_refusal": refused.reason}
    if refused.next_eligible_at is not None or refused.reason not in OF_THE_MOMENT:
        _TELL_WHEN.run(connection, told | {"next_ask_at": refused.next_eligible_at})
    else:
        _TELL.run(connection, told)
    if refused.reason not in NO_CONTACT:
        owe(connection, [fields(asked.installation, asked.id, new_id(), now)], now)


def forget(connection: Connection, person_id: str, key: str, now: datetime) -> None:
    """The contact is asked after all."""
    connection.execute(_FORGET, {"who": person_id, "about": key})
    void(connection, [topic(person_id, key)], "asked", now)


_THIS = sa.and_(
    refused_ask.c.person == sa.bindparam("who"), refused_ask.c.touchpoint == sa.bindparam("about")
)
_FORGET = refused_ask.delete().where(_THIS)
_KEPT = [column.name for column in refused_ask.c if not column.primary_key]
_KEEP = Ready(refused_ask.insert(), [column.name for column in refused_ask.c])
_CHANGE = Ready(refused_ask.update().where(_THIS), _KEPT)
_HERS = person.update().where(person.c.id == sa.bindparam("who"))
_TELL = Ready(_HERS, ["ask_refusal"])
_TELL_WHEN = Ready(_HERS, ["ask_refusal", "next_ask_at"])


def topic(person_id: str, key: str) -> str:
    return f"{KIND}:{person_id}:{key}"


def _values(
    services: Services,
    wish: "Wish",
    facts: Facts,
    refused: NotAsked,
    known: Refusal | None,
    now: datetime,
) -> dict[str, Any]:
    values: dict[str, Any] = {
        "installation": facts.person.installation,
        "channel": wish.channel,
        "locale": wish.locale,
        "context": wish.context,
        "reason": refused.reason,
        "next_eligible_at": refused.next_eligible_at,
        "occurred_at": wish.occurred_at,
        "trigger": wish.trigger,
        "again_at": None,
        "window_ends_at": None,
    }
    if wish.channel == "email" and services.settings.sends_mail:
        values |= _deferral(facts, refused, known, now)
    return values


def _deferral(
    facts: Facts, refused: NotAsked, known: Refusal | None, now: datetime
) -> dict[str, Any]:
    """When it is decided again, if that is still inside the window."""
    occurred = facts.occurred_at or _began(facts, known, now)
    _, ends = window(
        occurred, facts.touchpoint.delay_hours, facts.touchpoint.window_days, facts.scaled
    )
    again = refused.next_eligible_at
    if refused.reason == "follow_up_open":
        again = now + facts.scaled(LOOK_AGAIN)
    if again is None or again >= ends:
        return {}
    return {"occurred_at": occurred, "again_at": again, "window_ends_at": ends}


def _began(facts: Facts, known: Refusal | None, now: datetime) -> datetime:
    """An ask without an event: its window opened when it was first wanted."""
    waiting = None if known is None else known.put_off_since(now)
    return waiting or now - facts.scaled(timedelta(hours=facts.touchpoint.delay_hours))


def _differs(known: Refusal, values: dict[str, Any]) -> bool:
    compared = ("reason", "next_eligible_at", "channel")
    return any(getattr(known, name) != values[name] for name in compared)


def _write(
    connection: Connection,
    person_id: str,
    key: str,
    known: Refusal | None,
    values: dict[str, Any],
) -> None:
    if known is None:
        _KEEP.run(connection, values | {"person": person_id, "touchpoint": key})
    else:
        _CHANGE.run(connection, values | {"who": person_id, "about": key})


def _put_off(
    connection: Connection, person_id: str, key: str, again_at: datetime | None, now: datetime
) -> None:
    name = topic(person_id, key)
    if again_at is None:
        void(connection, [name], "not_put_off", now)
        return
    if connection.scalar(sa.select(lane.c.id).where(lane.c.id == CLOCK)) is None:
        ensure_lane(connection, CLOCK, RATE)
    payload = {"person": person_id, "touchpoint": key}
    owed = Owed(CLOCK, KIND, f"{name}:{new_id()}", name, name, payload, again_at)
    owe(connection, [owed], now)
