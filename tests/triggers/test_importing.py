"""A file with a list of people, as all sorts of spreadsheets write it: none of its rows is lost in silence."""

import codecs

import pytest

from plugin.triggers import importing
from plugin.triggers.importing import opened

ONE = "email\nåsa@b.example\nbo@b.example\n"
SEVERAL = "Name;E-post;Ort\nÅsa Öberg;åsa@b.example;Malmö\n\nBo;bo@b.example;Umeå\n"


def named(file):
    """By row number what names somebody."""
    return {number: row for number, row in enumerate(file.rows, 1) if row}


@pytest.mark.parametrize(
    "data",
    [
        ONE.encode(),
        ONE.encode("utf-8-sig"),
        ONE.encode("utf-16"),
        codecs.BOM_UTF16_BE + ONE.encode("utf-16-be"),
        ONE.replace("\n", "\r\n").encode(),
        ONE.replace("\n", "\r").encode(),
        "id,name\nåsa@b.example,Åsa\nbo@b.example,Bo\n".encode(),
        'name\tEMAIL\n"Åsa\tÖ"\tåsa@b.example\nBo\t"bo@b.example"'.encode(),
    ],
)
def test_however_it_was_saved_the_rows_are_read(data):
    file = opened(data)
    assert named(file) == {2: "åsa@b.example", 3: "bo@b.example"}
    assert file.errors == {}


def test_of_several_columns_the_one_that_is_named_is_read_and_rows_keep_their_numbers():
    assert named(opened(SEVERAL.encode())) == {2: "åsa@b.example", 4: "bo@b.example"}


def test_without_a_heading_a_single_column_is_all_rows():
    assert named(opened(b"a@b.example\n12345")) == {1: "a@b.example", 2: "12345"}


def test_several_columns_without_a_heading_are_not_guessed_at():
    file = opened(b"\nAsa;a@b.example\nBo;b@b.example")
    assert file.errors == {2: importing.NO_COLUMN}
    assert named(file) == {}


def test_a_row_in_another_encoding_is_an_error_and_the_others_are_read():
    file = opened(ONE.encode("latin-1"))
    assert file.errors == {2: importing.NOT_UTF_8}
    assert named(file) == {3: "bo@b.example"}


@pytest.mark.parametrize(
    "data",
    [ONE.encode("utf-16-le"), b"a@b.example\x00", codecs.BOM_UTF16_LE + b"\x00\xd8x", b"\xff\xfea"],
)
def test_what_is_no_text_is_said_once(data):
    assert opened(data).errors == {1: importing.UTF_16}


def test_quotation_marks_that_are_never_closed_swallow_nothing_in_silence():
    file = opened(b'email;name\na@b.example;A\nb@b.example;"B\nc@b.example;C\n')
    assert file.errors == {3: importing.OPEN}
    assert named(file) == {2: "a@b.example"}


def test_a_cell_over_two_lines_counts_as_the_rows_it_takes():
    file = opened(b'email;note\na@b.example;"one\ntwo"\nb@b.example;x\n')
    assert named(file) == {2: "a@b.example", 4: "b@b.example"}


@pytest.mark.parametrize("data", [b"", b"\n\n", b"email", "\ufeff".encode()])
def test_nothing_is_nobody(data):
    assert named(opened(data)) == {}
