"""What an administrator does with triggers: add, change, try out, switch on and off, remove."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.access.audit import audit
from plugin.access.rules import Who
from plugin.errors import Problem
from plugin.mail.lanes import why_off
from plugin.services import Services
from plugin.touchpoints.store import touchpoint
from plugin.triggers import dryrun, finding, looking, pasted, reading, rules
from plugin.triggers.dryrun import DryRun
from plugin.triggers.rules import KINDS, Draft
from plugin.triggers.store import trigger, trigger_event

WHY_MOST = 300
FIRST_TRY = "Try it out first: see whom it would have asked."
OFF_FIRST = "Switch it off before you change it."


def add(services: Services, who: Who, draft: Draft, contacts: Sequence[str] = ()) -> None:
    """Off. *contacts* are those of a pasted list. Raises ``Problem("field_invalid")`` with all that is wrong."""
    draft = _with_count(draft, contacts)
    errors = rules.errors(draft)
    with services.database.write() as connection:
        _check(errors | _wrong_here(services, connection, draft))
        if connection.scalar(sa.select(trigger.c.key).where(trigger.c.key == draft.key)):
            _check({"key": "There is or was a trigger with this key. Choose another."})
        now = services.clock.now()
        row = {"key": draft.key, "created_at": now, **_values(draft)}
        connection.execute(trigger.insert().values(row))
        pasted.keep(connection, draft.key, contacts)
        audit(connection, who, "added", f"trigger {draft.key}", draft.name)


def edit(services: Services, who: Who, draft: Draft, contacts: Sequence[str] | None = None) -> None:
    """Raises ``Problem``: ``field_invalid``, ``not_found``. What was tried out before is to be tried out again."""
    with services.database.write() as connection:
        row = _off(reading.get(connection, draft.key))
        kept = rules.parameters_of(row).pasted
        draft = _with_count(draft, contacts) if contacts is not None else draft
        if contacts is None:
            draft = replace(draft, parameters=replace(draft.parameters, pasted=kept))
        _check(rules.errors(draft) | _wrong_here(services, connection, draft))
        values = _values(draft)
        changed = rules.changed(dict(row._mapping), values)
        if not changed and contacts is None:
            return
        fresh = {
            "mark": "",
            "dry_run": None,
            "dry_run_at": None,
            "off_reason": "",
            "off_detail": "",
        }
        connection.execute(_this(draft.key).values(**values, **fresh))
        if contacts is not None:
            pasted.keep(connection, draft.key, contacts)
        audit(connection, who, "changed", f"trigger {draft.key}", ", ".join(changed))


def try_out(services: Services, key: str) -> DryRun:
    """Whom it would have asked, kept with the trigger; nobody is asked. Raises ``Problem`` when the CRM cannot be
    read."""
    with services.database.read() as connection:
        row = reading.get(connection, key)
    told = dryrun.run(services, row)
    with services.database.write() as connection:
        same = reading.get(connection, key)
        if same.parameters == row.parameters and same.touchpoint == row.touchpoint:
            now = services.clock.now()
            connection.execute(_this(key).values(dry_run=asdict(told), dry_run_at=now))
    return told


def switch_on(services: Services, who: Who, key: str, why: str) -> None:
    """From now on. Raises ``Problem("field_invalid")`` where something is still missing."""
    with services.database.write() as connection:
        row = reading.get(connection, key)
        if row.is_on:
            return
        _check(_reason(why) | _not_ready(services, connection, row))
        now = services.clock.now()
        again = "" if row.kind in ("deal_won", "case_closed") else row.mark
        on = {"is_on": True, "since": now, "mark": again, "off_reason": "", "off_detail": ""}
        connection.execute(_this(key).values(**on))
        _owe_waiting(connection, services, row)
        looking.owe_look(connection, services.clock, key, row.installation, now)
        audit(connection, who, "switched on", f"trigger {key}", f"Because: {why}")
    services.wake.set()


def switch_off(services: Services, who: Who, key: str, why: str) -> None:
    """What it found and has not decided waits until it is on again."""
    with services.database.write() as connection:
        row = reading.get(connection, key)
        if not row.is_on:
            return
        _check(_reason(why))
        connection.execute(_this(key).values(is_on=False))
        looking.stop(connection, key, services.clock.now())
        audit(connection, who, "switched off", f"trigger {key}", f"Because: {why}")


def remove(services: Services, who: Who, key: str) -> None:
    """Its key is not used again, and what its events led to stays."""
    with services.database.write() as connection:
        _off(reading.get(connection, key))
        now = services.clock.now()
        connection.execute(_this(key).values(removed_at=now))
        pasted.keep(connection, key, ())
        audit(connection, who, "removed", f"trigger {key}")


def _this(key: str) -> sa.Update:
    return trigger.update().where(trigger.c.key == key)


def _off(row: Row[Any]) -> Row[Any]:
    if row.is_on:
        _check({"key": OFF_FIRST})
    return row


def _with_count(draft: Draft, contacts: Sequence[str] | None) -> Draft:
    return replace(draft, parameters=replace(draft.parameters, pasted=len(contacts or ())))


def _values(draft: Draft) -> dict[str, Any]:
    return {
        "name": draft.name,
        "installation": draft.installation,
        "kind": draft.kind,
        "touchpoint": draft.touchpoint,
        "channel": draft.channel,
        "parameters": asdict(draft.parameters),
    }


def _wrong_here(services: Services, connection: Connection, draft: Draft) -> dict[str, str]:
    """What only the database knows to be wrong."""
    found = {}
    if draft.installation not in {one.id for one in services.accounts(connection)}:
        found["installation"] = "Choose the CRM account."
    query = sa.select(touchpoint).where(touchpoint.c.key == draft.touchpoint)
    about = connection.execute(query).one_or_none()
    kind = KINDS.get(draft.kind)
    if about is None or about.archived_at is not None:
        found["touchpoint"] = "Choose what is asked."
    elif kind is not None and not kind.fits(about.kind):
        found["touchpoint"] = _other_kind(kind.touchpoints[0])
    elif draft.channel not in about.channels:
        found["channel"] = f"This touchpoint asks by {' and '.join(about.channels)} only."
    if draft.kind == "list" and not (draft.parameters.choice or draft.parameters.pasted):
        found["choice"] = "Choose a list in the CRM, or paste one."
    return found


def _other_kind(needed: str) -> str:
    if needed == "relational":
        return "A steady flow asks about you as a whole: choose a relational touchpoint."
    return "This asks about an event: choose a touchpoint that is not relational."


def _not_ready(services: Services, connection: Connection, row: Row[Any]) -> dict[str, str]:
    found = {}
    if row.dry_run is None:
        found["dry_run"] = FIRST_TRY
    if row.channel == "email" and not services.settings.sends_mail:
        found["channel"] = why_off(services.settings)
    query = sa.select(touchpoint.c.archived_at).where(touchpoint.c.key == row.touchpoint)
    if connection.scalar(query) is not None:
        found["touchpoint"] = "Its touchpoint is archived: nobody is asked there."
    right = services.source.right(row.installation, row.kind) if services.source else None
    if right is not None and right.missing:
        found["right"] = f"{right.name} is not granted. {right.how}"
    return found


def _reason(why: str) -> dict[str, str]:
    if not why:
        return {"why": "Say why, in a few words. The audit log keeps it."}
    return {} if len(why) <= WHY_MOST else {"why": f"Use at most {WHY_MOST} characters."}


def _owe_waiting(connection: Connection, services: Services, row: Row[Any]) -> None:
    """What was found before it was switched off, and waits since."""
    mine = (trigger_event.c.trigger == row.key, trigger_event.c.state == "waiting")
    waiting = connection.execute(sa.select(trigger_event).where(*mine)).mappings().all()
    finding.owe_decisions(connection, row.installation, waiting, services.clock.now())


def _check(errors: dict[str, str]) -> None:
    if errors:
        raise Problem("field_invalid", " ".join(errors.values()), fields=errors)
