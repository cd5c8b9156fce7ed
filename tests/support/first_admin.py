"""Setting the first administrator up takes four pages, longer than most tests that need her: a test that is about
something else starts with the rows the actions behind those pages wrote once in this process."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa

from plugin.access import entry
from plugin.access.entry import Newcomer
from plugin.access.rules import device
from plugin.access.store import admin_session, administrator, attempts, audit_entry, way_in
from plugin.services import Services

Rows: TypeAlias = Sequence[dict[str, Any]]

BROWSER = device("Werkzeug")
TABLES = (administrator, admin_session, attempts, audit_entry, way_in)


@dataclass(frozen=True)
class Kept:
    at: datetime
    secret: str  # that goes into her cookie
    rows: list[Rows]  # of each table


_kept: dict[tuple[str, str], Kept] = {}  # by her name and password


def first_admin(services: Services, token: str, name: str, password: str) -> str:
    """Writes her into a place without administrators; the secret of her session."""
    kept, now = _kept.get((name, password)), services.clock.now()
    if kept is None:
        return _written(services, token, name, password)
    with services.database.write() as connection:
        for table, rows in zip(TABLES, kept.rows, strict=True):
            if rows:
                connection.execute(table.insert(), _later(rows, now - kept.at))
    return kept.secret


def _written(services: Services, token: str, name: str, password: str) -> str:
    at, empty = services.clock.now(), not any(rows_of(services))
    link = entry.open_with_token(services, token, "127.0.0.1")
    secret = entry.welcome(services, link, Newcomer(name, password), BROWSER)
    if empty:
        _kept[name, password] = Kept(at, secret, rows_of(services))
    return secret


def _later(rows: Rows, by: timedelta) -> Rows:
    return [{k: v + by if isinstance(v, datetime) else v for k, v in row.items()} for row in rows]


def rows_of(services: Services) -> list[Rows]:
    """What stands in the tables a set-up writes to."""
    with services.database.read() as connection:
        return [
            [dict(row) for row in connection.execute(sa.select(table)).mappings()]
            for table in TABLES
        ]
