"""A list that an administrator pasted or chose as a file: read row by row, and turned into events page by page."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.services import Services
from plugin.strict import storable
from plugin.triggers.importing import File, opened
from plugin.triggers.rules import Happening
from plugin.triggers.source import Source
from plugin.triggers.store import trigger_contact

ROWS_MOST = 2_000
PAGE = 200
SHOWN = 60  # characters of a row in an error
ADDRESS = re.compile(
    r"[^\s@<>\"'=+,;:|()]+[^\s@<>\"',;:|()]*@[^\s@<>\"',;:|()]+\.[^\s@<>\"',;:|()]+"
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class RowError:
    """*row* is counted from 1."""

    row: int
    text: str
    words: str


@dataclass(frozen=True, slots=True)
class Read:
    """Record ids in the order of the rows, each once, and what is wrong with the other rows."""

    contacts: tuple[str, ...]
    errors: tuple[RowError, ...]


def read(services: Services, installation: str, text: str) -> Read:
    """Looks every row up in the CRM. Raises ``Problem`` when it cannot be asked."""
    return _read(services, installation, File(text.splitlines()))


def read_file(services: Services, installation: str, data: bytes) -> Read:
    """As ``read``, from a file: of several columns the one that its first row names."""
    return _read(services, installation, opened(data))


def _read(services: Services, installation: str, given: File) -> Read:
    source: Source = services.source  # type: ignore[assignment]
    rows = [line.strip().strip('",;').strip() for line in given.rows]
    rows = rows[: ROWS_MOST + 1]
    errors = {number: words for number, words in given.errors.items() if number <= len(rows)}
    ids: dict[int, str] = {}
    addresses: dict[int, str] = {}
    for number, row in enumerate(rows, 1):
        if not row:
            continue
        if number > ROWS_MOST:
            errors[number] = f"A list has at most {ROWS_MOST} rows. Nothing from here on was read."
        elif source.is_record_id(installation, row):
            ids[number] = row
        elif _address(row):
            addresses[number] = row
        else:
            errors[number] = _why(row)
    found = _looked_up(source, installation, ids, addresses, errors)
    return Read(tuple(dict.fromkeys(found)), tuple(_told(rows, errors)))


def _looked_up(
    source: Source,
    installation: str,
    ids: dict[int, str],
    addresses: dict[int, str],
    errors: dict[int, str],
) -> Iterator[str]:
    people = source.people(installation, list(dict.fromkeys(ids.values()))) if ids else {}
    named = (
        source.with_addresses(installation, list(dict.fromkeys(addresses.values())))
        if addresses
        else {}
    )
    for number in sorted({*ids, *addresses}):
        if number in ids:
            person = people.get(ids[number])
            contacts = [person.contact] if person else []
        else:
            contacts = list(named.get(addresses[number], ()))
        if len(contacts) == 1:
            yield contacts[0]
        elif contacts:
            errors[number] = (
                f"Several contacts have this address: {', '.join(contacts[:5])}. Name one by its id."
            )
        else:
            errors[number] = "There is no such contact in the CRM."


def _address(row: str) -> bool:
    return (
        len(row) <= 320
        and storable(row)
        and not row.startswith(FORMULA)
        and ADDRESS.fullmatch(row) is not None
    )


def _why(row: str) -> str:
    if row.startswith(FORMULA):
        return "It begins like a formula. Write an e-mail address or a record id."
    if "<" in row or ">" in row:
        return "It has signs that no address has. Write an e-mail address or a record id."
    return "This is neither an e-mail address nor a record id of this CRM."


def _told(rows: Sequence[str], errors: dict[int, str]) -> Iterable[RowError]:
    for number in sorted(errors):
        yield RowError(number, rows[number - 1][:SHOWN], errors[number])


def keep(connection: Connection, key: str, contacts: Sequence[str]) -> None:
    """Instead of whom the trigger had before."""
    connection.execute(trigger_contact.delete().where(trigger_contact.c.trigger == key))
    rows = [{"trigger": key, "contact": one, "lot": n} for n, one in enumerate(contacts)]
    if rows:
        connection.execute(trigger_contact.insert(), rows)


def page(connection: Connection, key: str, mark: str) -> tuple[list[Happening], str]:
    """The next of them and where to go on; none once all were."""
    behind = int(mark) if mark.isascii() and mark.isdigit() else -1
    query = (
        sa.select(trigger_contact.c.contact, trigger_contact.c.lot)
        .where(trigger_contact.c.trigger == key, trigger_contact.c.lot > behind)
        .order_by(trigger_contact.c.lot)
        .limit(PAGE)
    )
    rows = connection.execute(query).all()
    happenings = [Happening(f"pasted:{key}", row.contact) for row in rows]
    return happenings, str(rows[-1].lot) if rows else mark
