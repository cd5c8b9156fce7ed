"""A list as a file: read page by page in short transactions, so that neither memory nor the database is held."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from flask import Response
from sqlalchemy.engine import Connection, Row

from plugin.access.audit import audit
from plugin.access.guard import who
from plugin.errors import Problem
from plugin.services import Services, services
from plugin.spreadsheet import Cell, download

T = TypeVar("T")
AT_ONCE = 1000  # rows read in one transaction
NARROWED = (
    "touchpoint",
    "kind",
    "channel",
    "state",
    "reason",
    "category",
    "installation",
    "since",
    "until",
    "show",
    "theme",
    "segment",
)

Column = tuple[str, Callable[[T], Cell]]


def every(
    shared: Services,
    read: Callable[[Connection, str], Sequence[T]],
    cursor: Callable[[T], str],
) -> Iterator[T]:
    """All rows, in pages: *read* has the rows after a cursor, the first ones after an empty one."""
    after = ""
    while True:
        with shared.database.read() as connection:
            rows = read(connection, after)
        yield from rows
        if len(rows) < AT_ONCE:
            return
        after = cursor(rows[-1])


def file(
    name: str,
    given: Mapping[str, str],
    errors: Mapping[str, str],
    columns: Sequence[Column[T]],
    rows: Iterable[T],
) -> Response:
    """*rows* as a file named for the list and the day. The audit log says who took it and how the address *given*
    narrowed it, words that were searched for left out: they may be a name."""
    if errors:
        raise Problem("field_invalid", " ".join(errors.values()), fields=dict(errors))
    shared = services()
    narrowed = [f"{name}: {given[name]}" for name in NARROWED if given.get(name)]
    with shared.database.write() as connection:
        audit(connection, who(), "exported", name, ", ".join(narrowed))
    return download(
        f"gensvar-{name.replace(' ', '-')}-{shared.clock.now():%Y-%m-%d}.csv",
        [title for title, _ in columns],
        ([value(row) for _, value in columns] for row in rows),
    )


def field(name: str) -> Callable[[Row[Any]], Cell]:
    """A column of the row as it is."""
    return lambda row: getattr(row, name)


# Whom a row is about, and where: the same in every file.
WHO: list[Column[Row[Any]]] = [
    ("contact", field("contact")),
    ("name", field("person_name")),
    ("email", field("email")),
    ("company", field("company_name")),
    ("installation", field("installation")),
    ("touchpoint", field("touchpoint")),
    ("touchpoint_name", field("touchpoint_name")),
]
