"""What the pages show of a segment: its words, its size, and what is doubtful about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from plugin.clock import Clock
from plugin.errors import Problem
from plugin.segments import known, wording
from plugin.segments.doubts import doubts
from plugin.segments.evaluating import Size, size
from plugin.segments.known import Segment
from plugin.segments.naming import Names, names
from plugin.segments.parsing import parse

PATIENCE = 3.0  # seconds that counting for the list may take


@dataclass(frozen=True, slots=True)
class Shown:
    """*size* is missing where it could not be counted, or was not, to keep the page quick; *wrong* says why a rule
    cannot be used any more."""

    segment: Segment
    words: str
    size: Size | None = None
    doubts: Sequence[str] = ()
    wrong: str = ""


def shown(
    connection: Connection, one: Segment, now: datetime, said: Names, *, count: bool = True
) -> Shown:
    try:
        words = wording.sentence(parse(one.rule), said)
        found = size(connection, one.rule, now) if count else None
        return Shown(one, words, found, doubts(connection, one.rule, said))
    except Problem as problem:
        return Shown(one, "", wrong=problem.detail)


def every(connection: Connection, clock: Clock) -> list[Shown]:
    """All of them, those put away last; counted one after the other as long as that is quick."""
    said, until = names(connection), clock.monotonic() + PATIENCE
    ordered = sorted(known.every(connection, put_away=True), key=lambda one: not one.shown)
    return [
        shown(connection, one, clock.now(), said, count=one.shown and clock.monotonic() < until)
        for one in ordered
        if one.rule
    ]
