"""Recording answers: one transaction for a group of posts, each judged by itself, with all they owe."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin import rowset
from plugin.answers import hearing, writing
from plugin.answers.judging import Entry, Judgement, Post, Recorded, Result, Sheet, judge_all
from plugin.answers.rules import COUNTED, Said
from plugin.answers.store import answer, counted, uncounted
from plugin.asking.frequency import DAY
from plugin.asking.store import ask
from plugin.db import at_one_go
from plugin.deliveries.actions import Owed, owe
from plugin.evidence import actions as evidence
from plugin.people.store import person
from plugin.ready import Ready
from plugin.touchpoints.store import touchpoint

__all__ = ["Consequence", "Consequences", "Post", "Recorded", "Result", "record"]

Consequence: TypeAlias = Callable[[Connection, Sequence[Recorded], datetime], Sequence[Owed]]


@dataclass(frozen=True, slots=True)
class Consequences:
    """What follows from an answer that counts, and what from one that counts no longer."""

    told: Sequence[Consequence]
    undone: Sequence[Consequence]


def record(
    connection: Connection,
    posts: Sequence[Post],
    *,
    now: datetime,
    window: timedelta,
    consequences: Sequence[Consequence],
    undoing: Sequence[Consequence] = (),
    day: int = DAY,
) -> list[Result]:
    """Writes answers and revisions and what follows from those that count, in the caller's transaction. *undoing*
    takes back what followed from one that no longer counts. *day*: how many milliseconds a day of the rules of
    frequency lasts here."""
    sheets = _sheets(connection, posts, now)
    judgement = judge_all(posts, sheets, now, window)
    changed = [r for r in judgement.results if isinstance(r, Recorded) and r.changed]
    if changed or judgement.overruled:
        ends = _ends([*changed, *judgement.overruled])
        told, undone = _to_tell(changed, ends), _no_longer(ends)
        with at_one_go(connection) if _all_first(told, undone) else nullcontext():
            writing.write(connection, ends, [r for r in changed if r.revised], now)
            evidence.keep(connection, _judged(posts, judgement), now)
            hearing.heard(connection, [r for r in told if r.before is None], now, day)
            hearing.unheard(connection, undone, now, day)
            owed = [o for c in consequences if told for o in c(connection, told, now)]
            owed += [o for c in undoing if undone for o in c(connection, undone, now)]
            owe(connection, owed, now)
    return judgement.results


def _ends(changed: Sequence[Recorded]) -> list[Recorded]:
    """How each answer stood before the group, and how it stands after it."""
    first: dict[str, Recorded] = {}
    for one in changed:
        first.setdefault(one.answer, one)
    last = {one.answer: one for one in changed}
    return [
        replace(end, before=first[key].before, was=first[key].was)
        for key, end in sorted(last.items(), key=lambda item: item[1].ask.id)
    ]


def _to_tell(changed: Sequence[Recorded], ends: Sequence[Recorded]) -> list[Recorded]:
    """What others hear: an answer that counts from now on as a first answer, every revision of one that did."""
    new = [replace(r, before=None) for r in ends if r.standing == COUNTED != r.was]
    known = {r.answer for r in ends if r.standing == r.was == COUNTED}
    return [*new, *(r for r in changed if r.answer in known and r.revised)]


def _no_longer(ends: Sequence[Recorded]) -> list[Recorded]:
    return [r for r in ends if r.was == COUNTED != r.standing]


def _all_first(told: Sequence[Recorded], undone: Sequence[Recorded]) -> bool:
    """Whether consequences have nothing to read: that depends on what an answer has set off before."""
    return not undone and all(r.before is None and not r.again for r in told)


def _judged(posts: Sequence[Post], judgement: Judgement) -> list[evidence.Judged]:
    """Of a host's own page nothing is kept but a decoy that was touched."""
    return [
        evidence.Judged(
            result.ask.id,
            result.answer,
            result.said.score,
            post.act,
            verdict,
            result.ask.mailed_at,
        )
        for post, result, verdict in zip(posts, judgement.results, judgement.verdicts, strict=True)
        if isinstance(result, Recorded)
        and result.changed
        and post.act is not None
        and verdict is not None
        and (post.apart or not verdict.human)
    ]


def _sheets(connection: Connection, posts: Sequence[Post], now: datetime) -> dict[str, Sheet]:
    """What is known of each ask; of those that are answered on a page of ours also how that came about."""
    apart = {post.ask for post in posts if post.apart or (post.act and post.act.website)}
    if apart:
        evidence.hold(connection, apart)
    asks = _asks(connection, {post.ask for post in posts})
    sheets = {row.id: Sheet(row, _counted(row)) for row in asks.values()}
    wanted = apart | {asks[name].id for name in apart if name in asks}
    if wanted:
        for row in _OTHERS.all(connection, {"ids": sorted(wanted)}):
            if row.ask in sheets:
                sheets[row.ask].others[row.hand] = _entry(row)
        for name, known in evidence.known(connection, wanted, now).items():
            sheet = sheets.get(asks[name].id if name in asks else name)
            if sheet is not None:
                sheet.known.openings += known.openings
                sheet.known.rivals += known.rivals
    return {name: sheets[row.id] for name, row in asks.items()}


def _asks(connection: Connection, ids: Iterable[str]) -> dict[str, Row[Any]]:
    """The asks with the answer that counts so far. Nothing is locked: of two processes that write down the same
    token at the same moment the second runs into the first's keys, and judges again (``GroupCommit``)."""
    rows = _SELECT_ASKS.all(connection, {"ids": sorted(ids)})
    found = {row.id: row for row in rows}
    became = {row.id: row.became for row in found.values() if row.became}
    if became:
        others = _asks(connection, set(became.values()))
        found |= {ask_id: others[other] for ask_id, other in became.items() if other in others}
    return found


_IDS = rowset.texts("ids")
_ENTRY = (
    answer.c.hand,
    answer.c.standing,
    answer.c.score,
    answer.c.comment,
    answer.c.may_contact,
    answer.c.revision,
    answer.c.answered_at,
)
ASKED: tuple[sa.ColumnElement[Any], ...] = (
    ask.c.id,
    ask.c.installation,
    ask.c.person,
    ask.c.touchpoint,
    ask.c.channel,
    ask.c.locale,
    ask.c.became,
    ask.c.mailed_at,
    touchpoint.c.kind,
    touchpoint.c.follow_up_hours,
    touchpoint.c.follow_up_working_days,
    touchpoint.c.wording,
    person.c.erased_at,
    answer.c.id.label("answer"),
    *_ENTRY,
)
"""An ask and an answer to it."""
_SELECT_ASKS = Ready(
    sa.select(*ASKED)
    .select_from(
        ask.join(touchpoint, touchpoint.c.key == ask.c.touchpoint)
        .join(person, person.c.id == ask.c.person)
        .outerjoin(answer, sa.and_(answer.c.ask == ask.c.id, counted))
    )
    .where(rowset.among(ask.c.id, _IDS))
)
_OTHERS = Ready(
    sa.select(answer.c.ask, answer.c.id.label("answer"), *_ENTRY).where(
        rowset.among(answer.c.ask, _IDS), uncounted
    )
)


def _counted(row: Row[Any]) -> Entry | None:
    return None if row.answer is None else _entry(row)


def _entry(row: Row[Any]) -> Entry:
    said = Said(row.score, row.comment, row.may_contact, row.revision, row.answered_at)
    return Entry(row.answer, row.hand, row.standing, said)
