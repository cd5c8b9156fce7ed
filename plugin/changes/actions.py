"""What can be done with changes: one function per verb, each one transaction and audited."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin import seen
from plugin.access import administrators
from plugin.access.audit import audit
from plugin.access.rules import Who
from plugin.answers.store import answer, counted
from plugin.changes import forms, reading, rules
from plugin.changes.forms import Draft
from plugin.changes.rules import Change, Move
from plugin.changes.store import change, change_answer, change_theme, change_touchpoint
from plugin.db import new_id
from plugin.errors import Problem
from plugin.services import Services
from plugin.strict import storable
from plugin.themes import known
from plugin.touchpoints import reading as touchpoints

MEANWHILE = (
    "Somebody saved this change after you had opened it. Look at what stands now, beneath; if you save "
    "again, yours replaces it."
)


def add(services: Services, who: Who, draft: Draft) -> str:
    """A planned change; its id. Raises ``Problem("field_invalid")`` with all that is wrong."""
    _check(forms.errors(draft))
    change_id, now = new_id(), services.clock.now()
    with services.database.write() as connection:
        values = _values(connection, draft)
        connection.execute(
            change.insert().values(id=change_id, created_at=now, created_by=who.id, **values)
        )
        _name(connection, change_id, draft)
        audit(connection, who, "added", f"change {change_id}", draft.title)
    return change_id


def edit(services: Services, who: Who, change_id: str, draft: Draft, began_with: str) -> None:
    """*began_with* is the stamp of the revision that she had before her. Raises ``Problem``: ``not_found``, or
    ``field_invalid`` with all that is wrong, under ``changed`` where somebody else was faster."""
    _check(forms.errors(draft))
    with services.database.write() as connection:
        one = _locked(connection, change_id)
        differing = forms.differing(forms.draft_from(one), draft)
        if not differing:
            return
        seen.check(began_with, one.revision, MEANWHILE)
        _update(connection, one, **_values(connection, draft, one))
        _name(connection, change_id, draft)
        audit(connection, who, "changed", f"change {change_id}", ", ".join(differing))


def move(services: Services, who: Who, change_id: str, to: str) -> Move | None:
    """Nothing if it stands there already: a second click is none. Raises ``Problem``: ``not_found``, ``field_invalid``
    where there is no such way from where it stands."""
    now = services.clock.now()
    with services.database.write() as connection:
        one = _locked(connection, change_id)
        if one.state == to:
            return None
        way = rules.move(one.state, to)
        if way is None:
            _check({"to": f"This change is {one.state} meanwhile: look at it as it stands."})
        _update(connection, one, state=to, **rules.stamps(one, to, now))
        audit(connection, who, "moved", f"change {change_id}", f"from {one.state} to {to}")
        services.change_moved(connection, change_id, now)
    services.wake.set()
    return way


def tie(services: Services, who: Who, change_id: str, answer_id: str, *, has: bool) -> bool:
    """That an answer asked for the change, or did not, whatever its themes say; whether that was news. Raises
    ``Problem("not_found")``, for an answer that does not count too."""
    with services.database.write() as connection:
        get(connection, change_id)
        _lock_answer(connection, answer_id)
        mine = sa.and_(change_answer.c.change == change_id, change_answer.c.answer == answer_id)
        if connection.scalar(sa.select(change_answer.c.has).where(mine)) == has:
            return False
        connection.execute(change_answer.delete().where(mine))
        said = {"has": has, "by": who.id, "at": services.clock.now()}
        connection.execute(
            change_answer.insert().values(change=change_id, answer=answer_id, **said)
        )
        verb = "tied an answer to" if has else "took an answer from"
        audit(connection, who, verb, f"change {change_id}", f"answer {answer_id}")
    return True


def tie_theme(services: Services, who: Who, change_id: str, theme: str) -> None:
    """The change is about the theme too. Raises ``Problem("not_found")``."""
    with services.database.write() as connection:
        one = _locked(connection, change_id)
        if known.one(connection, theme) is None:
            raise Problem("not_found", "There is no such theme.")
        if theme in one.themes:
            return
        connection.execute(change_theme.insert().values(change=change_id, theme=theme))
        _update(connection, one)
        audit(connection, who, "tied a theme to", f"change {change_id}", f"theme {theme}")


def get(connection: Connection, change_id: str) -> Change:
    """Raises ``Problem("not_found")``."""
    one = reading.one(connection, change_id) if storable(change_id) else None
    if one is None:
        raise Problem("not_found", "There is no such change.")
    return one


def _locked(connection: Connection, change_id: str) -> Change:
    if storable(change_id):
        connection.execute(sa.select(change.c.id).where(change.c.id == change_id).with_for_update())
    return get(connection, change_id)


def _lock_answer(connection: Connection, answer_id: str) -> None:
    query = sa.select(answer.c.id).where(answer.c.id == answer_id, counted).with_for_update()
    if not storable(answer_id) or connection.scalar(query) is None:
        raise Problem("not_found", "There is no such answer, or it does not count.")


def _update(connection: Connection, one: Change, **values: Any) -> None:
    this = change.update().where(change.c.id == one.id)
    connection.execute(this.values(revision=one.revision + 1, **values))


def _values(connection: Connection, draft: Draft, old: Change | None = None) -> dict[str, Any]:
    """The columns of a draft. Raises ``Problem("field_invalid")`` for what it names and is not there."""
    _check(_unknown(connection, draft, old))
    owner = administrators.find(connection, draft.owner) if draft.owner else None
    left = old.owner_name if old and not old.owner and not draft.owner else ""
    return {
        "title": draft.title,
        "internal_text": draft.internal_text,
        "effective_on": _day(draft),
        "owner": owner.id if owner else None,
        "owner_name": owner.name if owner else left,
        "texts": {tag: dict(own) for tag, own in draft.texts.items()},
    }


def _day(draft: Draft) -> datetime | None:
    return rules.midnight(draft.effective_on) if draft.effective_on else None


def _unknown(connection: Connection, draft: Draft, old: Change | None) -> dict[str, str]:
    """What was there before may stay."""
    themes = {one.key for one in known.every(connection)} | set(old.themes if old else ())
    places = {one.key for one in touchpoints.listed(connection)}
    there = not draft.owner or (
        storable(draft.owner) and administrators.find(connection, draft.owner)
    )
    found = {
        "themes": "" if themes >= set(draft.themes) else "One of these themes is not there.",
        "touchpoints": ""
        if places >= set(draft.touchpoints)
        else "One of these touchpoints is not there.",
        "owner": "" if there else "Choose somebody who has an account here.",
    }
    return {name: text for name, text in found.items() if text}


def _name(connection: Connection, change_id: str, draft: Draft) -> None:
    """Its themes and touchpoints are those of the draft."""
    for table, column, keys in (
        (change_theme, "theme", draft.themes),
        (change_touchpoint, "touchpoint", draft.touchpoints),
    ):
        connection.execute(table.delete().where(table.c.change == change_id))
        rows = [{"change": change_id, column: key} for key in keys]
        if rows:
            connection.execute(table.insert(), rows)


def _check(errors: dict[str, str]) -> None:
    if errors:
        raise Problem("field_invalid", " ".join(errors.values()), fields=errors)
