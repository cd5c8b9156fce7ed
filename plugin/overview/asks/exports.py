"""The lists of asks as files for a spreadsheet."""

from collections.abc import Callable
from typing import Any

from flask import Response, request
from sqlalchemy.engine import Connection, Row

from plugin.asking.again import Again, again
from plugin.asking.states import STATES
from plugin.asking.words import because
from plugin.overview.asks import refused, search
from plugin.overview.asks.wanted import cursor, wanted_from
from plugin.overview.exporting import AT_ONCE, WHO, Column, every, field, file
from plugin.overview.routes import blueprint
from plugin.services import services
from plugin.spreadsheet import Cell

Ask = Row[Any]
WHO_AND_HOW: list[Column[Ask]] = [
    *WHO,
    ("channel", field("channel")),
    ("test", lambda row: bool(row.test)),
]
ASKED: list[Column[Ask]] = [
    ("ask", field("id")),
    ("asked_at", field("at")),
    *WHO_AND_HOW,
    ("asked_by", field("trigger")),
    ("state", lambda row: STATES[row.state][0]),
    ("mailed_at", field("mailed_at")),
    ("opened_at", field("shown_at")),
    ("reminders", field("reminders")),
    ("reminded_at", field("reminded_at")),
    ("declined_at", field("declined_at")),
    ("bounced_at", field("bounced_at")),
    ("expires_at", field("expires_at")),
]
ANSWERED: list[Column[Ask]] = [
    ("answered_at", field("answered_at")),
    ("answer", field("answer")),
    ("score", field("score")),
    ("comment", field("comment")),
]
REFUSED: list[Column[Ask]] = [
    ("refused_at", field("at")),
    *WHO_AND_HOW,
    ("reason", field("reason")),
    ("reason_in_words", lambda row: because(row.reason)),
    ("may_be_asked_from", field("next_eligible_at")),
    ("decided_again_at", field("again_at")),
    ("window_ends_at", field("window_ends_at")),
]
Silent = tuple[Ask, Again]


def _of_ask(value: Callable[[Ask], Cell]) -> Callable[[Silent], Cell]:
    return lambda row: value(row[0])


SILENT: list[Column[Silent]] = [
    *((title, _of_ask(value)) for title, value in ASKED),
    ("may_be_asked_again", lambda row: "later" if row[1].at else "no" if row[1].reason else "now"),
    ("may_be_asked_from", lambda row: row[1].at),
    ("reason", lambda row: row[1].reason),
]


@blueprint.get("/admin/asks.csv")
def asks_file() -> Response:
    wanted, errors = wanted_from(request.args)
    shared = services()

    def read(connection: Connection, after: str) -> list[Ask]:
        now = shared.clock.now()
        return search.page(connection, wanted, now, after=after, limit=AT_ONCE)

    return file("asks", request.args, errors, [*ASKED, *ANSWERED], every(shared, read, cursor))


@blueprint.get("/admin/asks/silent.csv")
def silent_file() -> Response:
    wanted, errors = wanted_from(request.args)
    shared = services()

    def read(connection: Connection, after: str) -> list[Silent]:
        now = shared.clock.now()
        found = search.page(connection, wanted, now, after=after, limit=AT_ONCE, silent=True)
        dates = again(connection, shared.clock, found)
        return [(row, dates[row.person, row.touchpoint]) for row in found]

    rows = every(shared, read, lambda row: cursor(row[0]))
    return file("no answers", request.args, errors, SILENT, rows)


@blueprint.get("/admin/asks/refused.csv")
def refused_file() -> Response:
    wanted, errors = wanted_from(request.args)

    def read(connection: Connection, after: str) -> list[Ask]:
        return refused.every(connection, wanted, after=after, limit=AT_ONCE)

    rows = every(services(), read, lambda row: str(row.id))
    return file("refused", request.args, errors, REFUSED, rows)
