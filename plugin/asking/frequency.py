"""The rules of frequency as they are kept, and from when on a person may be asked by them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin import seen
from plugin.access.audit import audit
from plugin.access.rules import Who
from plugin.asking import limits as rules
from plugin.asking.limits import EVENTS, Limits
from plugin.asking.store import frequency
from plugin.clock import Clock
from plugin.db import Timestamp, latest
from plugin.errors import Problem
from plugin.people.store import person
from plugin.services import Services

WHY_MOST = 300
DAY = 24 * 60 * 60 * 1000
_LISTS = ("staff_domains", "test_contacts")


def load(connection: Connection) -> Limits:
    return limits_of(connection.execute(_RULES).one())


def limits_of(rules: Sequence[Any]) -> Limits:
    """From the values of ``RULES``."""
    given = dict(zip(_NAMES, rules, strict=True))
    return Limits(**(given | {name: tuple(given[name]) for name in _LISTS}))


RULES = tuple(column for column in frequency.c if not column.primary_key)
_NAMES = [column.name for column in RULES]
_RULES = sa.select(*RULES)


def save(services: Services, who: Who, new: Limits, why: str, began_with: str) -> bool:
    """Whether anything changed. *began_with* is the stamp of the rules she had before her. Raises
    ``Problem("field_invalid")`` with all that is wrong; a changed rule needs *why*, which the audit log keeps."""
    _check(rules.errors(new))
    with services.database.write() as connection:
        connection.execute(sa.select(frequency.c.id).with_for_update())
        old = load(connection)
        changed = rules.changes(old, new)
        if changed.keys() - set(rules.WITHOUT_REASON):
            _check(_wrong_reason(why))
        if changed:
            seen.check(began_with, old)
            values = {name: getattr(new, name) for name in changed}
            lists = {name: list(values[name]) for name in _LISTS if name in values}
            connection.execute(frequency.update().values(values | lists))
            _bring_up_to_date(connection, services.clock)
            because = f" Because: {why}" if why else ""
            audit(connection, who, "changed", "frequency", "; ".join(changed.values()) + because)
    return bool(changed)


def _wrong_reason(why: str) -> dict[str, str]:
    if not why:
        return {"why": "Say why, in a few words. The audit log keeps it."}
    return {} if len(why) <= WHY_MOST else {"why": f"Use at most {WHY_MOST} characters."}


def _check(errors: dict[str, str]) -> None:
    if errors:
        raise Problem("field_invalid", " ".join(errors.values()), fields=errors)


def _bring_up_to_date(connection: Connection, clock: Clock) -> None:
    """Everybody's date by the new rules; a CRM is told with the contact's next change."""
    date = next_ask_at(day_of(clock))
    quarantined = person.c.ask_refusal.is_(None) | person.c.ask_refusal.in_(
        ("answered_recently", "declined_recently", "asked_recently")
    )
    connection.execute(person.update().where(quarantined).values(next_ask_at=date))


def day_of(clock: Clock) -> int:
    """How many milliseconds a day of the rules lasts here."""
    return round(clock.scaled(timedelta(days=1)) / timedelta(milliseconds=1))


def next_ask_at(day: Any, **changed: Any) -> sa.ColumnElement[datetime]:
    """For an update of ``person``: when the last of its quarantines is over. *day* is a number of milliseconds
    or a parameter; *changed* are the moments (answered, declined, silent) that the same update writes.

    It goes by the rules for transactional questions, which count everything a person was asked.
    """
    moments: dict[str, Any] = {
        "answered": person.c.last_answered_at,
        "declined": person.c.last_declined_at,
        "silent": person.c.silent_since,
    }
    ends = [_end(event, (moments | changed)[event], day) for event in EVENTS]
    return sa.type_coerce(sa.func.nullif(latest(*ends), 0), Timestamp)


def _end(event: str, moment: Any, day: Any) -> sa.ColumnElement[int]:
    if moment is None:
        return sa.literal_column("0", sa.BigInteger)
    rule = frequency.c[f"transactional_{event}_days"]
    days = sa.select(rule).where(frequency.c.id == sa.literal_column("1")).scalar_subquery()
    since = sa.cast(moment, sa.BigInteger)
    return sa.func.coalesce(since + days * sa.cast(day, sa.BigInteger), 0)
