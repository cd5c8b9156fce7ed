"""The people of a segment as a file for a spreadsheet."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Response
from sqlalchemy.engine import Row

from plugin.access.audit import audit
from plugin.access.guard import who
from plugin.db import made_at
from plugin.segments import actions, people
from plugin.segments.evaluating import condition
from plugin.segments.known import Segment
from plugin.segments.routes import blueprint
from plugin.services import Services, services
from plugin.spreadsheet import Cell, download

AT_ONCE = 20_000  # people read in one transaction: finding out who comes next is most of the work
COLUMNS = (
    "contact", "name", "email", "company", "language", "installation", "first_known",
    "test", "unsubscribed", "opted_out", "mail_bounced",
)  # fmt: skip


@blueprint.get("/admin/segments/<key>.csv")
def members(key: str) -> Response:
    shared = services()
    now = shared.clock.now()
    with shared.database.write() as connection:
        one = actions.get(connection, key)
        condition(
            connection, one.rule, now
        )  # a rule that cannot be used is said before a file begins
        audit(connection, who(), "exported", f"segment {key}")
    return download(
        f"gensvar-segment-{key}-{now:%Y-%m-%d}.csv", COLUMNS, map(_cells, _every(shared, one, now))
    )


def _every(shared: Services, one: Segment, now: datetime) -> Iterator[Row[Any]]:
    after = ""
    while True:
        with shared.database.read() as connection:
            rows = people.of(connection, one.rule, now, after=after, limit=AT_ONCE)
        yield from rows
        if len(rows) < AT_ONCE:
            return
        after = rows[-1].id


def _cells(row: Row[Any]) -> list[Cell]:
    return [
        row.contact, row.name, row.email, row.company_name, row.locale, row.installation,
        made_at(row.id), bool(row.test), row.unsubscribed_at is not None, row.opted_out,
        row.bounced_at is not None,
    ]  # fmt: skip
