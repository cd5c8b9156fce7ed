"""Whom a message is for as a file: everybody with her one reason, or with what became of her."""

from collections.abc import Sequence
from typing import Any

from flask import Response, request
from sqlalchemy.engine import Connection, Row

from plugin.messages import drafts, people
from plugin.messages.words import because
from plugin.overview.exporting import AT_ONCE, Column, every, field, file
from plugin.overview.routes import blueprint
from plugin.services import services

WHO: list[Column[Row[Any]]] = [
    ("contact", field("contact")),
    ("name", field("name")),
    ("email", field("email")),
    ("company", field("company_name")),
    ("installation", field("installation")),
]
WOULD_BE: list[Column[Row[Any]]] = [
    *WHO,
    ("told", lambda row: row.why is None),
    ("reason", field("why")),
    ("reason_in_words", lambda row: because(row.why or "")),
    ("no_mail", field("no_mail")),
    ("language", field("tag")),
    ("answer", field("answer")),
]
BECAME: list[Column[Row[Any]]] = [
    *WHO,
    ("state", field("state")),
    ("reason", field("reason")),
    ("reason_in_words", lambda row: because(row.reason or "")),
    ("no_mail", field("no_mail")),
    ("language", field("recipient_locale")),
    ("answer", field("answer")),
    ("due_at", field("due_at")),
    ("mailed_at", field("mailed_at")),
    ("came_back_at", field("came_back_at")),
    ("noticed_at", field("noticed_at")),
    ("dismissed_at", field("dismissed_at")),
    ("on_timeline_at", field("timeline_at")),
]


@blueprint.get("/admin/changes/<change_id>/message/people.csv")
def recipients_file(change_id: str) -> Response:
    shared, show = services(), request.args.get("show", "")
    with shared.database.read() as connection:
        draft = drafts.load(connection, change_id)
        read = people.reader(connection, shared, draft, show, "")

    def page(connection: Connection, after: str) -> Sequence[Row[Any]]:
        return read(connection, after, AT_ONCE)

    columns = BECAME if draft.begun else WOULD_BE
    rows = every(shared, page, lambda row: str(row.id))
    return file("recipients", request.args, {}, columns, rows)
