"""What a spreadsheet must never run, read back with a CSV parser."""

import csv
import io
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st

from plugin.spreadsheet import AT_ONCE, BOM, Cell, download, tamed, written

RUNS = {*"=+-@", "\N{MINUS SIGN}"}
BEGINS_A_CELL = {*";\t\n\r"}  # for a spreadsheet that divides by something else than commas
TEXTS = st.text(
    st.one_of(
        st.sampled_from("=+-@＝＋－＠﹦⁺−;\t\r\n \u00a0\u200b\u200f'\"x,1"),
        st.characters(codec="utf-8"),
    )
)


def runs(cell: str) -> bool:
    """Whether a spreadsheet might take it for a formula: whatever it does not see is left out."""
    seen = "".join(one for one in cell if unicodedata.category(one)[0] not in "ZC")
    return unicodedata.normalize("NFKC", seen[:1]) in RUNS or cell[:1] in {"\t", "\r", "\n"}


@given(TEXTS)
@example("=1+1")
@example("\t=1")
@example("\u200f \u00a0＝cmd|' /C calc'!A0")
@example("fine;=1+1")
@example("fine\n\u200b+1")
def test_no_cell_runs_however_the_file_is_divided(text: str) -> None:
    shown = tamed(text)
    assert not runs(shown)
    pieces = [shown]
    for sign in BEGINS_A_CELL:
        pieces = [piece for one in pieces for piece in one.split(sign)]
    assert not any(runs(piece) for piece in pieces)


@given(TEXTS)
def test_nothing_but_apostrophes_is_added(text: str) -> None:
    rest = iter(tamed(text))
    assert all(any(sign == other for other in rest) for sign in text)
    assert tamed(text).replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("Maja O'Neill, Ärlig & Co", "Maja O'Neill, Ärlig & Co"),
        ("maja@acme.example", "maja@acme.example"),
        ("well-known = good + cheap", "well-known = good + cheap"),
        ("+46 70 123", "'+46 70 123"),
        ("  -1", "'  -1"),
        ("＝HYPERLINK(1)", "'＝HYPERLINK(1)"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\r", "'\r"),
        ("Good.\n- but slow", "Good.\n'- but slow"),
        ("شكرا = جيد", "شكرا = جيد"),
        ("\u202e=1", "'\u202e=1"),
    ],
)
def test_texts(text: str, shown: str) -> None:
    assert tamed(text) == shown


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (None, ""),
        (0, "0"),
        (-7, "-7"),
        (True, "yes"),
        (False, "no"),
        (datetime(2026, 11, 25, 9, 30, 15, 123000, UTC), "2026-11-25T09:30:15Z"),
        (
            datetime(2026, 11, 25, 9, 30, tzinfo=timezone(timedelta(hours=1))),
            "2026-11-25T08:30:00Z",
        ),
    ],
)
def test_what_is_ours_stays_readable(cell: object, shown: str) -> None:
    assert written(cell) == shown  # type: ignore[arg-type]


def test_a_file_is_read_back_as_it_was_and_says_what_it_is() -> None:
    rows: list[list[Cell]] = [
        ['Maja "M" Ek', "one\ntwo, three;\r\nfour", 3, None],
        ["=1", "نعم", 10, True],
    ]
    with Flask(__name__).test_request_context():
        response = download("asks-2026.csv", ["name", "said", "score", "more"], rows)
    assert response.headers["Content-Disposition"] == "attachment; filename=asks-2026.csv"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.content_type == "text/csv; charset=utf-8"
    text = response.get_data().decode()
    assert text.startswith(BOM)
    read = list(csv.reader(io.StringIO(text.removeprefix(BOM), newline=""), strict=True))
    assert read == [
        ["name", "said", "score", "more"],
        ['Maja "M" Ek', "one\ntwo, three;\r\nfour", "3", ""],
        ["'=1", "نعم", "10", "yes"],
    ]


def test_rows_are_read_as_they_are_sent() -> None:
    taken = 0

    def rows() -> Iterator[list[int]]:
        nonlocal taken
        for number in range(5 * AT_ONCE):
            taken = number
            yield [number]

    pieces = download("x.csv", ["n"], rows()).iter_encoded()
    next(pieces)
    assert taken == 0
    next(pieces)
    assert taken < 2 * AT_ONCE
    assert sum(piece.count(b"\r\n") for piece in pieces) == 4 * AT_ONCE
