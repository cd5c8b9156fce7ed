"""All themes there are: the ready ones with what the company changed, and its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.themes.languages import FIRST
from plugin.themes.rules import Theme, ready
from plugin.themes.store import theme


@dataclass(frozen=True, slots=True)
class Known:
    """*own* are the company's words, which for a ready theme come on top of its own."""

    theme: Theme
    is_on: bool = True
    own: Mapping[str, Sequence[str]] | None = None

    @property
    def key(self) -> str:
        return self.theme.key

    @property
    def name(self) -> str:
        return name_of(self.theme)


def name_of(one: Theme) -> str:
    """In English, else in whatever language it has one."""
    return one.names.get(FIRST) or next((name for name in one.names.values() if name), one.key)


def every(connection: Connection) -> list[Known]:
    """The ready ones in their order, then the company's own, the oldest first."""
    rows = connection.execute(sa.select(theme).order_by(theme.c.created_at, theme.c.key)).all()
    changed = {row.key: row for row in rows}
    known = [_with_own(one, changed.get(one.key)) for one in ready()]
    return known + [
        Known(Theme(row.key, row.names, row.words), row.is_on, row.words)
        for row in rows
        if not row.ready
    ]


def one(connection: Connection, key: str) -> Known | None:
    return next((known for known in every(connection) if known.key == key), None)


def switched_on(connection: Connection) -> list[Theme]:
    return [known.theme for known in every(connection) if known.is_on]


def _with_own(given: Theme, row: Any) -> Known:
    if row is None:
        return Known(given, own={})
    languages = {*given.words, *row.words}
    words = {code: [*given.words.get(code, ()), *row.words.get(code, ())] for code in languages}
    return Known(replace(given, words=words), row.is_on, row.words)
