"""Writing down and looking up what is known of how asks were opened and answered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin import rowset
from plugin.asking.store import ask
from plugin.db import milliseconds, new_id
from plugin.evidence.rules import DECOY, RECENT, Act, Opening, Rival, Verdict
from plugin.evidence.store import evidence, opening
from plugin.ready import Ready

MOST = 40  # openings kept of one ask; what comes later shows in the answer's own evidence only
MOST_DECOYS = 10


@dataclass(frozen=True, slots=True)
class Opened:
    """A link of *ask* was fetched."""

    ask: str
    opening: Opening


@dataclass
class Known:
    """What speaks about an answer to one ask besides the answer itself. Judging several at once adds to it."""

    openings: list[Opening] = field(default_factory=list)
    rivals: list[Rival] = field(default_factory=list)


def hold(connection: Connection, asks: Iterable[str]) -> None:
    """Nobody else judges answers to these asks, or a decoy on their pages, until the transaction ends: what one
    writes the other then reads."""
    _HOLD.all(connection, {"asks": sorted(asks)})


def has_room(connection: Connection, opened: Opened) -> bool:
    """Whether one more such opening is kept."""
    counted = _counted(connection, {opened.ask})
    return _fits(counted, opened)


def note(connection: Connection, opened: Sequence[Opened]) -> None:
    """Keeps those openings for which there is room."""
    counted = _counted(connection, {one.ask for one in opened})
    rows = []
    for one in opened:
        if _fits(counted, one):
            key = one.ask, one.opening.score == DECOY
            counted[key] = counted.get(key, 0) + 1
            rows.append(_opening(one))
    rowset.insert(connection, opening, rows)


def _counted(connection: Connection, asks: Iterable[str]) -> dict[tuple[str, bool], int]:
    rows = _COUNT.all(connection, {"asks": sorted(asks)})
    counted: dict[tuple[str, bool], int] = {}
    for asked, score, number in rows:
        key = asked, score == DECOY
        counted[key] = counted.get(key, 0) + number
    return counted


def _fits(counted: Mapping[tuple[str, bool], int], one: Opened) -> bool:
    decoy = one.opening.score == DECOY
    return counted.get((one.ask, decoy), 0) < (MOST_DECOYS if decoy else MOST)


def _opening(one: Opened) -> dict[str, Any]:
    found = one.opening
    return {
        "id": found.id,
        "ask": one.ask,
        "at": found.at,
        "score": found.score,
        "head": found.head,
        "agent": found.agent,
        "by": found.by,
    }


_ASKS = rowset.texts("asks")
_HOLD = Ready(
    sa.select(ask.c.id)
    .where(rowset.among(ask.c.id, _ASKS))
    .order_by(ask.c.id)
    .with_for_update(key_share=True)
)
_COUNT = Ready(
    sa.select(opening.c.ask, opening.c.score, sa.func.count().label("openings"))
    .where(rowset.among(opening.c.ask, _ASKS))
    .group_by(opening.c.ask, opening.c.score)
)
_OPENINGS = Ready(sa.select(opening).where(rowset.among(opening.c.ask, _ASKS)))
_RIVALS = Ready(
    sa.select(
        evidence.c.ask, evidence.c.rendering, evidence.c.score, evidence.c.at, evidence.c.reason
    ).where(rowset.among(evidence.c.ask, _ASKS), evidence.c.at > sa.bindparam("since"))
)


def known(connection: Connection, asks: Iterable[str], now: datetime) -> dict[str, Known]:
    """By ask, what may speak about an answer that comes now."""
    wanted = sorted(asks)
    found: dict[str, Known] = {}
    for row in _OPENINGS.all(connection, {"asks": wanted}):
        one = Opening(row.id, row.at, row.score, row.head, row.agent, row.by)
        found.setdefault(row.ask, Known()).openings.append(one)
    for row in _RIVALS.all(connection, {"asks": wanted, "since": now - RECENT}):
        rival = Rival(row.rendering, row.score, row.at, row.reason)
        found.setdefault(row.ask, Known()).rivals.append(rival)
    return found


@dataclass(frozen=True, slots=True)
class Judged:
    """One revision of an answer with the verdict on it."""

    ask: str
    answer: str
    score: int
    act: Act
    verdict: Verdict
    mailed_at: datetime | None
    by: str = ""


def keep(connection: Connection, judged: Sequence[Judged], now: datetime) -> None:
    rowset.insert(connection, evidence, [_row(one, now) for one in judged])


def _row(one: Judged, now: datetime) -> dict[str, Any]:
    act, saw = one.act, one.act.saw
    made = act.rendering
    return {
        "id": new_id(),
        "ask": one.ask,
        "answer": one.answer,
        "at": now,
        "score": one.score,
        "rendering": made.id if made else "",
        "human": one.verdict.human,
        "reason": one.verdict.reason,
        "agent": act.agent,
        "after": milliseconds(now) - milliseconds(made.at) if made else None,
        "since_mail": milliseconds(now) - milliseconds(one.mailed_at) if one.mailed_at else None,
        "kinds": " ".join(saw.kinds) if saw else "",
        "by": one.by,
    }
