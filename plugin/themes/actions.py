"""What an administrator does with themes: add, change, switch on and off; and correct what an answer is about."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin import seen
from plugin.access.audit import audit
from plugin.access.rules import Who
from plugin.answers.store import answer, counted
from plugin.errors import Problem
from plugin.services import Services
from plugin.themes import forms, known, sweep
from plugin.themes.forms import Draft
from plugin.themes.known import Known
from plugin.themes.store import answer_theme, theme

THEMES_MOST = 200  # of the company's own


def add(services: Services, who: Who, draft: Draft) -> None:
    """Raises ``Problem("field_invalid")`` with all that is wrong."""
    _check(forms.errors(draft))
    with services.database.write() as connection:
        own = [one.key for one in known.every(connection)]
        if draft.key in own:
            _check({"key": "There is a theme with this key. Choose another."})
        if len(own) > THEMES_MOST:
            _check({"key": f"There are {THEMES_MOST} themes already. Change one of them instead."})
        _insert(connection, services, draft.key, names=dict(draft.names), words=_words(draft))
        audit(connection, who, "added", f"theme {draft.key}", next(iter(draft.names.values())))
        sweep.hurry(connection)
    services.wake.set()


def edit(services: Services, who: Who, draft: Draft, began_with: str) -> None:
    """Names and words of a company's theme, or the words that a ready one has on top. *began_with* is the stamp of
    what she had before her. Raises ``Problem``."""
    with services.database.write() as connection:
        one = get(connection, draft.key)
        _check(forms.errors(draft, ready=one.theme.ready))
        seen.check(began_with, one)
        names = {} if one.theme.ready else dict(draft.names)
        _set(connection, services, one, names=names, words=_words(draft))
        audit(connection, who, "changed", f"theme {draft.key}")
        sweep.hurry(connection)
    services.wake.set()


def switch(services: Services, who: Who, key: str, *, on: bool) -> None:
    """A theme that is off is found in no comment; what people said of it stays."""
    with services.database.write() as connection:
        one = get(connection, key)
        if one.is_on == on:
            return
        _set(connection, services, one, is_on=on)
        audit(connection, who, "switched on" if on else "switched off", f"theme {key}")
        sweep.hurry(connection)
    services.wake.set()


def correct(
    services: Services, who: Who, answer_id: str, before: Collection[str], after: Collection[str]
) -> None:
    """What the answer is about is what the person says: *after* instead of *before*, which she saw. What she did not
    change stays as it was read. Raises ``Problem("not_found")``."""
    added, removed = sorted(set(after) - set(before)), sorted(set(before) - set(after))
    if not added and not removed:
        return
    with services.database.write() as connection:
        _lock(connection, answer_id)
        keys = {one.key for one in known.every(connection)}
        changed = {key: key in added for key in (*added, *removed) if key in keys}
        _say(connection, services, answer_id, changed)
        told = [f"{'added' if has else 'removed'} {key}" for key, has in changed.items()]
        audit(connection, who, "corrected the themes of", f"answer {answer_id}", ", ".join(told))
        sweep.hurry(connection)
    services.wake.set()


def get(connection: Connection, key: str) -> Known:
    """Raises ``Problem("not_found")``."""
    one = known.one(connection, key)
    if one is None:
        raise Problem("not_found", "There is no such theme.")
    return one


def _lock(connection: Connection, answer_id: str) -> None:
    query = sa.select(answer.c.id).where(answer.c.id == answer_id, counted).with_for_update()
    if connection.scalar(query) is None:
        raise Problem("not_found", "There is no such answer, or it does not count.")


def _say(
    connection: Connection, services: Services, answer_id: str, changed: dict[str, bool]
) -> None:
    mine = answer_theme.c.answer == answer_id
    connection.execute(answer_theme.delete().where(mine, answer_theme.c.theme.in_(changed)))
    common = {"answer": answer_id, "by": "person", "words": [], "at": services.clock.now()}
    rows = [{"theme": key, "has": has, **common} for key, has in changed.items()]
    if rows:
        connection.execute(answer_theme.insert(), rows)


def _set(connection: Connection, services: Services, one: Known, **values: Any) -> None:
    this = theme.update().where(theme.c.key == one.key)
    if not connection.execute(this.values(**values)).rowcount:
        _insert(connection, services, one.key, ready=one.theme.ready, **values)


def _insert(connection: Connection, services: Services, key: str, **values: Any) -> None:
    row = {"names": {}, "words": {}, "created_at": services.clock.now(), **values}
    connection.execute(theme.insert().values(key=key, **row))


def _words(draft: Draft) -> dict[str, list[str]]:
    return {code: list(phrases) for code, phrases in draft.words.items()}


def _check(errors: dict[str, str]) -> None:
    if errors:
        raise Problem("field_invalid", " ".join(errors.values()), fields=errors)
