"""A file with a list of people: which column names them, row by row, and what is wrong with the other rows."""

import codecs
import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

DELIMITERS = (";", "\t", ",")
# Over the column with addresses or record ids, whatever the case.
NAMES = {
    "email", "e-mail", "mail", "email address", "e-mail address", "e-post", "epost", "e-postadress", "e-mailadresse",
    "e-mail-adresse", "email-adresse", "sähköposti", "adresse e-mail", "correo electrónico", "id", "record id",
    "record_id", "contact id", "contact_id", "contactid",
}  # fmt: skip
NOT_UTF_8 = "This row is not written in UTF-8. Save the file as “CSV UTF-8” and choose it again."
UTF_16 = "This file is written in UTF-16 that cannot be read. Save it as “CSV UTF-8” and choose it again."
OPEN = "Quotation marks are opened here and never closed: nothing from here on was read."
NO_COLUMN = "There are several columns. Write “email” or “id” over the one that names people, as the first row."


@dataclass(frozen=True, slots=True)
class File:
    """*rows* stand at their numbers, from 1 on, with what names somebody and nothing else; *errors* by number."""

    rows: Sequence[str] = ()
    errors: Mapping[int, str] = field(default_factory=dict)


def opened(data: bytes) -> File:
    """Whatever it is, nothing is raised."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return _columns(data.decode("utf-16").splitlines(), {})
        except UnicodeDecodeError:
            return File([""], {1: UTF_16})
    if b"\x00" in data:
        return File([""], {1: UTF_16})
    lines, errors = [], {}
    for number, line in enumerate(data.removeprefix(codecs.BOM_UTF8).splitlines(), 1):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            lines.append("")
            errors[number] = NOT_UTF_8
    return _columns(lines, errors)


def _columns(lines: Sequence[str], errors: dict[int, str]) -> File:
    delimiter = _delimiter(lines)
    if delimiter is None:
        headed = bool(lines) and _named([lines[0]]) is not None
        return File(["", *lines[1:]] if headed else lines, errors)
    rows = [""] * len(lines)
    column: int | None = None
    for number, cells in _records(lines, delimiter, errors):
        if column is None:
            column = _named(cells)
            if column is None:
                return File([""] * number, {**errors, number: NO_COLUMN})
        elif column < len(cells):
            rows[number - 1] = cells[column]
    return File(rows, errors)


def _delimiter(lines: Sequence[str]) -> str | None:
    """What parts the cells of the first row; a list of one column has none."""
    first = next((line for line in lines if line.strip()), "").strip().strip(",;")
    return next((one for one in DELIMITERS if one in first), None)


def _records(
    lines: Sequence[str], delimiter: str, errors: dict[int, str]
) -> Sequence[tuple[int, list[str]]]:
    """Each with the number of its first line."""
    reader = csv.reader([f"{line}\n" for line in lines], delimiter=delimiter, strict=True)
    found: list[tuple[int, list[str]]] = []
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((begins, [cell.strip() for cell in cells]))
            begins = reader.line_num + 1
    except csv.Error:
        errors[begins] = OPEN
    return found


def _named(cells: Sequence[str]) -> int | None:
    names = [cell.strip().strip('"').casefold() for cell in cells]
    return next((at for at, name in enumerate(names) if name in NAMES), None)
