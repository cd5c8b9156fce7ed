"""The answers as a file for a spreadsheet."""

from typing import Any

from flask import Response, request
from sqlalchemy.engine import Connection, Row

from plugin.overview import search
from plugin.overview.answers import wanted_from
from plugin.overview.exporting import AT_ONCE, WHO, Column, every, field, file
from plugin.overview.routes import blueprint
from plugin.services import services

COLUMNS: list[Column[Row[Any]]] = [
    ("answered_at", field("answered_at")),
    ("answer", field("id")),
    *WHO,
    ("kind", field("kind")),
    ("channel", field("channel")),
    ("language", field("locale")),
    ("test", lambda row: bool(row.test)),
    ("score", field("score")),
    ("category", field("category")),
    ("comment", field("comment")),
    ("may_be_contacted", field("may_contact")),
    ("revision", field("revision")),
    ("revised_at", field("revised_at")),
    ("follow_up", field("follow_up")),
    ("follow_up_due", field("follow_up_due")),
    ("follow_up_closed_at", field("closed_at")),
]


@blueprint.get("/admin/answers.csv")
def answers_file() -> Response:
    wanted, errors = wanted_from(request.args)

    def read(connection: Connection, after: str) -> list[Row[Any]]:
        return search.page(connection, wanted, before=after, limit=AT_ONCE)

    rows = every(services(), read, lambda row: str(row.id))
    return file("answers", request.args, errors, COLUMNS, rows)
