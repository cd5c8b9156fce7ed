"""The register as a file for a spreadsheet."""

from collections.abc import Sequence

from flask import Response, request
from sqlalchemy.engine import Connection

from plugin.overview.changes import listing
from plugin.overview.changes.listing import Listed
from plugin.overview.exporting import AT_ONCE, Column, every, file
from plugin.overview.routes import blueprint
from plugin.services import services


def _together(named: Sequence[tuple[str, str]]) -> str:
    return ", ".join(name for _, name in named)


COLUMNS: list[Column[Listed]] = [
    ("change", lambda row: row.change.id),
    ("title", lambda row: row.change.title),
    ("state", lambda row: row.change.state),
    ("in_effect_from", lambda row: str(row.change.effective_on or "")),
    ("owner", lambda row: row.change.owner_name),
    ("themes", lambda row: _together(row.themes)),
    ("touchpoints", lambda row: _together(row.touchpoints)),
    ("people_who_asked", lambda row: row.asked),
    ("people_who_were_told", lambda row: row.told),
    ("languages", lambda row: ", ".join(row.change.texts)),
    ("registered_at", lambda row: row.change.created_at),
    ("announced_at", lambda row: row.change.announced_at),
    ("done_at", lambda row: row.change.done_at),
    ("dropped_at", lambda row: row.change.dropped_at),
    ("for_colleagues", lambda row: row.change.internal_text),
]


@blueprint.get("/admin/changes.csv")
def register_file() -> Response:
    wanted = listing.wanted_from(request.args)

    def read(connection: Connection, after: str) -> list[Listed]:
        return listing.page(connection, wanted, before=after, limit=AT_ONCE)

    rows = every(services(), read, lambda row: row.change.id)
    return file("changes", request.args, {}, COLUMNS, rows)
