"""What can be done with touchpoints: one function per verb, each one transaction and audited."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin import seen
from plugin.access.audit import audit
from plugin.access.rules import Who
from plugin.errors import Problem
from plugin.services import Services
from plugin.touchpoints import reading, rules
from plugin.touchpoints.reading import Touchpoint
from plugin.touchpoints.rules import Draft
from plugin.touchpoints.store import touchpoint

KIND_STAYS = (
    "Customers were asked here already. Changing the kind now would mix answers to different "
    "questions in one figure; add another touchpoint instead."
)


def add(services: Services, who: Who, draft: Draft) -> None:
    """Raises ``Problem("field_invalid")`` with all that is wrong."""
    _check(rules.errors(draft))
    with services.database.write() as connection:
        if connection.scalar(sa.select(touchpoint.c.key).where(touchpoint.c.key == draft.key)):
            _check({"key": "There is a touchpoint with this key already."})
        connection.execute(
            touchpoint.insert().values(
                key=draft.key, created_at=services.clock.now(), **_values(draft)
            )
        )
        audit(connection, who, "added", f"touchpoint {draft.key}", draft.name)


def edit(services: Services, who: Who, draft: Draft, began_with: str) -> None:
    """*began_with* is the stamp of what she had before her. Raises ``Problem``: ``field_invalid`` or ``not_found``. The
    key never changes, and the kind only as long as nobody was asked."""
    _check(rules.errors(draft))
    with services.database.write() as connection:
        old = _locked(connection, draft.key)
        if draft.kind != old.kind and services.was_asked(connection, draft.key):
            _check({"kind": KIND_STAYS})
        if changed := _changed(old.draft, draft):
            seen.check(began_with, old.draft)
            _update(connection, draft.key, **_values(draft))
            audit(connection, who, "changed", f"touchpoint {draft.key}", ", ".join(changed))


def archive(services: Services, who: Who, key: str) -> Touchpoint:
    """From now on nobody is asked here; what was answered stays."""
    return _archive(services, who, key, services.clock.now())


def restore(services: Services, who: Who, key: str) -> Touchpoint:
    return _archive(services, who, key, None)


def _archive(services: Services, who: Who, key: str, at: datetime | None) -> Touchpoint:
    with services.database.write() as connection:
        found = reading.get(connection, key)
        if (found.archived_at is None) != (at is None):
            _update(connection, key, archived_at=at)
            audit(connection, who, "archived" if at else "brought back", f"touchpoint {key}")
    return found


def _locked(connection: Connection, key: str) -> Touchpoint:
    connection.execute(sa.select(touchpoint.c.key).where(touchpoint.c.key == key).with_for_update())
    return reading.get(connection, key)


def _update(connection: Connection, key: str, **values: Any) -> None:
    connection.execute(sa.update(touchpoint).where(touchpoint.c.key == key).values(**values))


def _values(draft: Draft) -> dict[str, Any]:
    return {
        "name": draft.name,
        "kind": draft.kind,
        "stage": draft.stage,
        "company": draft.company,
        "follow_up_hours": draft.hours,
        "follow_up_working_days": draft.working_days,
        "wording": rules.nested(draft.texts),
        "purpose": draft.purpose,
        "channels": list(draft.channels),
        "delay_hours": draft.delay,
        "window_days": draft.window,
        "sample": draft.sample,
        "reminders": draft.reminders,
        "reminder_days": draft.reminder_days,
    }


def _changed(old: Draft, new: Draft) -> list[str]:
    """What differs, for the audit log."""
    before, after = _values(old), _values(new)
    return [
        name.removeprefix("follow_up_").replace("hours", "promise").replace("_", " ")
        for name in after
        if before[name] != after[name]
    ]


def _check(errors: dict[str, str]) -> None:
    if errors:
        raise Problem("field_invalid", " ".join(errors.values()), fields=errors)
