"""What an administrator does with segments: add, change, archive, hide and show, and say what the ready ones go by."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin import seen
from plugin.access.audit import audit
from plugin.access.rules import Who
from plugin.errors import Problem
from plugin.segments import known, ready
from plugin.segments.known import Segment
from plugin.segments.parsing import data, parse
from plugin.segments.ready import Settings
from plugin.segments.references import resolved
from plugin.segments.rules import Member, leaves
from plugin.segments.store import segment, segment_settings
from plugin.services import Services

NAME_MOST = 80
SEGMENTS_MOST = 200
RESERVED = ("fields", "new", "settings", "values")  # addresses of pages


def add(services: Services, who: Who, name: str, rule: Mapping[str, Any]) -> str:
    """The key of the new segment. Raises ``Problem("field_invalid")``."""
    with services.database.write() as connection:
        others = _alone(connection)
        _check_name(name, others)
        if len(others) >= SEGMENTS_MOST:
            raise _wrong("name", f"There are {SEGMENTS_MOST} segments. Archive one first.")
        key, now = _free_key(name, {one.key for one in others}), services.clock.now()
        row = {"key": key, "name": name, "rule": _checked(connection, rule, key)}
        connection.execute(segment.insert().values(**row, created_at=now, created_by=who.id))
        audit(connection, who, "added", f"segment {key}", name)
    return key


def change(
    services: Services, who: Who, key: str, name: str, rule: Mapping[str, Any], began_with: str
) -> None:
    """Its name and its rule; the key stays. *began_with* is the stamp of what she had before her. Raises
    ``Problem``."""
    with services.database.write() as connection:
        others = _alone(connection)
        before = _own(connection, key)
        _check_name(name, [one for one in others if one.key != key])
        checked = _checked(connection, rule, key)
        what = [
            n
            for n, old, new in (("name", before.name, name), ("rule", before.rule, checked))
            if old != new
        ]
        if what:
            seen.check(began_with, before)
            _set(connection, key, name=name, rule=checked)
            audit(connection, who, "changed", f"segment {key}", ", ".join(what))


def archive(services: Services, who: Who, key: str) -> None:
    """Raises ``Problem("field_invalid")`` while something else goes by it."""
    with services.database.write() as connection:
        others = _alone(connection)
        if not _own(connection, key).shown:
            return
        uses = [*_naming(others, key), *services.uses_of_segment(connection, key)]
        if uses:
            raise _wrong("archive", f"It is in use: {'; '.join(uses)}. Take it out there first.")
        _set(connection, key, archived_at=services.clock.now())
        audit(connection, who, "archived", f"segment {key}")


def bring_back(services: Services, who: Who, key: str) -> None:
    """An archived one, as it was."""
    with services.database.write() as connection:
        others = _alone(connection)
        one = _own(connection, key)
        if one.shown:
            return
        _check_name(one.name, [other for other in others if other.shown])
        _set(connection, key, archived_at=None)
        audit(connection, who, "brought back", f"segment {key}")


def show(services: Services, who: Who, key: str, *, on: bool) -> None:
    """A ready one in lists, or hidden there; what goes by it goes on doing so."""
    with services.database.write() as connection:
        _alone(connection)
        one = get(connection, key)
        if not one.ready:
            raise Problem("not_found", "This is no ready segment.")
        if one.shown == on:
            return
        connection.execute(segment.delete().where(segment.c.key == key))
        if not on:
            now = services.clock.now()
            row = {"key": key, "name": one.name, "rule": {}, "created_at": now}
            connection.execute(segment.insert().values(**row, created_by=who.id, archived_at=now))
        audit(connection, who, "showed" if on else "hid", f"segment {key}")


def set_up(services: Services, who: Who, chosen: Settings) -> None:
    """What the ready ones go by, as checked by the form."""
    with services.database.write() as connection:
        before = asdict(ready.settings(connection))
        changed = {name: value for name, value in asdict(chosen).items() if value != before[name]}
        if changed:
            connection.execute(segment_settings.update().values(**changed))
            told = ", ".join(f"{name}: {value}" for name, value in changed.items())
            audit(connection, who, "changed", "ready segments", told)


def get(connection: Connection, key: str) -> Segment:
    """Raises ``Problem("not_found")``."""
    one = known.one(connection, key)
    if one is None:
        raise Problem("not_found", "There is no such segment.")
    return one


def _own(connection: Connection, key: str) -> Segment:
    one = get(connection, key)
    if one.ready:
        raise _wrong("archive", "A ready segment stays as it is; it can be hidden.")
    return one


def _alone(connection: Connection) -> list[Segment]:
    """All segments, which nobody else changes until the transaction ends: two changes at once could make a circle."""
    connection.execute(sa.select(segment_settings.c.id).with_for_update())
    return known.every(connection, put_away=True)


def _checked(connection: Connection, rule: Mapping[str, Any], key: str) -> dict[str, Any]:
    """In its normal form, with names of segments that are there and lead round in no circle."""
    read = parse(rule)
    resolved(connection, read, within=key)
    return data(read)


def _naming(others: list[Segment], key: str) -> list[str]:
    return [
        f"the segment “{one.name}”"
        for one in others
        if one.shown and not one.ready and Member(key) in leaves(parse(one.rule))
    ]


def _set(connection: Connection, key: str, **values: Any) -> None:
    connection.execute(segment.update().where(segment.c.key == key).values(**values))


def _check_name(name: str, others: list[Segment]) -> None:
    if not name:
        raise _wrong("name", "Enter a name.")
    if len(name) > NAME_MOST:
        raise _wrong("name", f"Use at most {NAME_MOST} characters.")
    if any(one.name.casefold() == name.casefold() for one in others if one.shown):
        raise _wrong("name", "Another segment has this name.")


def _free_key(name: str, taken: set[str]) -> str:
    """Of the name's letters, and a number where that is taken: it stands in addresses."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-") or "segment"
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(key for key in (stem, *numbered) if key not in taken and key not in RESERVED)


def _wrong(name: str, words: str) -> Problem:
    return Problem("field_invalid", words, fields={name: words})
