"""Lists as CSV files that a spreadsheet opens and never runs, written while they are read."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import TypeAlias

from flask import Response

from plugin.times import iso

Cell: TypeAlias = str | int | float | bool | datetime | None

AT_ONCE = 500  # rows in one piece of the response
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"  # without it Excel takes UTF-8 for something else
FORMULA = frozenset("=+-@\N{MINUS SIGN}")
# Where a spreadsheet that divides by something else than commas, as in Sweden, would begin a cell inside ours.
BEGINS_A_CELL = frozenset(";\t\n\r\v\f\x85\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}")
_HARMLESS = re.compile(r"[\w .,:!?()'\"/&]*", re.ASCII)


def download(name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """*rows* as the file *name*. A failure while they are read breaks the download off, so that what arrived
    whole is whole."""
    response = Response(_pieces(head, rows), content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "no-store"
    return response


def _pieces(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    yield (BOM + _lines([head])).encode()
    following = iter(rows)
    while piece := list(islice(following, AT_ONCE)):
        yield _lines(piece).encode()


def _lines(rows: Iterable[Sequence[Cell]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([written(cell) for cell in row] for row in rows)
    return text.getvalue()


def written(cell: Cell) -> str:
    """How a cell is written: times in ISO 8601 and UTC, numbers as they are, texts so that none is a formula."""
    if isinstance(cell, str):
        return tamed(cell)
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return iso(cell.astimezone(UTC))
    return "" if cell is None else str(cell)


def tamed(text: str) -> str:
    """*text* with an apostrophe in front of everything a spreadsheet would run, or would take for the beginning of
    another cell. Spaces and invisible characters in front do not hide it, nor do full-width forms."""
    if _HARMLESS.fullmatch(text):
        return text
    inside = "".join(_tamed(text))
    first = next((sign for sign in text if not _invisible(sign)), "")
    return f"'{inside}" if _runs(first) or text[0] in BEGINS_A_CELL else inside


def _tamed(text: str) -> Iterator[str]:
    """With apostrophes inside; the beginning is left as it is."""
    begins = False
    for sign in text:
        if begins and _runs(sign):
            yield "'"
        yield sign
        begins = sign in BEGINS_A_CELL or (begins and _invisible(sign))


def _runs(sign: str) -> bool:
    return unicodedata.normalize("NFKC", sign) in FORMULA


def _invisible(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "ZC"
