"""Recording answers: one transaction for a group of posts, each judged by itself, with all they owe."""

import json
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin import rowset
from plugin.answers.rules import Refusal, Said, Submission, next_said
from plugin.answers.store import answer, revision
from plugin.asking.frequency import DAY, next_ask_at
from plugin.asking.store import ask
from plugin.db import Timestamp, at_one_go, new_id
from plugin.deliveries.actions import Owed, owe
from plugin.people.store import person
from plugin.touchpoints.store import touchpoint


@dataclass(frozen=True, slots=True)
class Post:
    """A submission whose token was opened: ``ask`` is the id inside it."""

    ask: str
    submission: Submission


@dataclass(frozen=True, slots=True)
class Recorded:
    """What stands after a post; ``before`` is ``None`` for a first answer."""

    answer: str
    ask: Row[Any]
    before: Said | None
    said: Said

    @property
    def changed(self) -> bool:
        return self.before != self.said


Result: TypeAlias = Recorded | Refusal
Consequence: TypeAlias = Callable[[Connection, Sequence[Recorded], datetime], Sequence[Owed]]


def record(
    connection: Connection,
    posts: Sequence[Post],
    *,
    now: datetime,
    window: timedelta,
    consequences: Sequence[Consequence],
    day: int = DAY,
) -> list[Result]:
    """Writes answers and revisions and what follows from them, in the caller's transaction. *day*: how many
    milliseconds a day of the rules of frequency lasts here."""
    asks = _asks(connection, {post.ask for post in posts})
    results = _judge(posts, asks, now, window)
    changed = [r for r in results if isinstance(r, Recorded) and r.changed]
    if changed:
        with at_one_go(connection) if _all_first(changed) else nullcontext():
            _write(connection, changed, posts, results, now, day)
            owe(connection, [o for c in consequences for o in c(connection, changed, now)], now)
    return results


def _all_first(changed: Sequence[Recorded]) -> bool:
    """Whether consequences have nothing to read: that depends on what a revised answer has set off before."""
    return all(recorded.before is None for recorded in changed)


def _asks(connection: Connection, ids: set[str]) -> dict[str, Row[Any]]:
    """The asks with what was answered so far. Nothing is locked: of two processes that write down the same
    token at the same moment the second runs into the first's keys, and judges again (``GroupCommit``)."""
    rows = connection.execute(_SELECT_ASKS, {"ids": json.dumps(sorted(ids))})
    found = {row.id: row for row in rows}
    became = {row.id: row.became for row in found.values() if row.became}
    if became:
        others = _asks(connection, set(became.values()))
        found |= {ask_id: others[other] for ask_id, other in became.items() if other in others}
    return found


_SELECT_ASKS: sa.Select[Any] = (
    sa.select(
        ask.c.id,
        ask.c.installation,
        ask.c.person,
        ask.c.touchpoint,
        ask.c.channel,
        ask.c.locale,
        ask.c.became,
        touchpoint.c.kind,
        touchpoint.c.follow_up_hours,
        touchpoint.c.follow_up_working_days,
        touchpoint.c.wording,
        person.c.erased_at,
        answer.c.id.label("answer"),
        answer.c.score,
        answer.c.comment,
        answer.c.may_contact,
        answer.c.revision,
        answer.c.answered_at,
    )
    .select_from(
        ask.join(touchpoint, touchpoint.c.key == ask.c.touchpoint)
        .join(person, person.c.id == ask.c.person)
        .outerjoin(answer, answer.c.ask == ask.c.id)
    )
    .where(rowset.among(ask.c.id, sa.bindparam("ids", type_=sa.Text)))
)


def _judge(
    posts: Sequence[Post], asks: dict[str, Row[Any]], now: datetime, window: timedelta
) -> list[Result]:
    """In order of arrival: a second post of one token in the same group is a revision of the first."""
    standing: dict[str, tuple[str, Said]] = {}
    judged: list[Result] = []
    for post in posts:
        found = asks.get(post.ask)
        if found is None or found.erased_at is not None:
            judged.append(Refusal("link_invalid"))
            continue
        answer_id, before = standing.get(found.id) or _standing(found)
        said = next_said(before, post.submission, now, window)
        if isinstance(said, Refusal):
            judged.append(said)
            continue
        standing[found.id] = answer_id, said
        judged.append(Recorded(answer_id, found, before, said))
    return judged


def _standing(found: Row[Any]) -> tuple[str, Said | None]:
    if found.answer is None:
        return new_id(), None
    said = Said(found.score, found.comment, found.may_contact, found.revision, found.answered_at)
    return found.answer, said


def _write(
    connection: Connection,
    changed: Sequence[Recorded],
    posts: Sequence[Post],
    results: Sequence[Result],
    now: datetime,
    day: int,
) -> None:
    latest = {r.answer: r for r in sorted(changed, key=lambda r: r.ask.id)}
    new = [r.answer for r in changed if r.before is None]
    if new:
        rowset.insert(connection, answer, [_row(latest[a], now) for a in new])
    if revised := [r for a, r in latest.items() if a not in set(new)]:
        connection.execute(_REVISE, [_revised(r, now) for r in revised])
    rowset.insert(
        connection,
        revision,
        [
            _revision(result, post.submission, now)
            for post, result in zip(posts, results, strict=True)
            if isinstance(result, Recorded) and result.changed
        ],
    )
    if new:
        asked = [latest[a].ask for a in new]
        asks = json.dumps(sorted(a.id for a in asked))
        relational = json.dumps(sorted(a.person for a in asked if a.kind == "relational"))
        connection.execute(_ASK_ANSWERED, {"ids": asks, "now": now})
        heard = {"ids": asks, "relational": relational, "now": now, "day": day}
        connection.execute(_PERSON_ANSWERED, heard)


_REVISE = (
    answer.update()
    .where(answer.c.id == sa.bindparam("answer_id"))
    .values(
        {
            name: sa.bindparam(f"new_{name}")
            for name in ("score", "category", "comment", "may_contact")
        }
    )
    .values(revision=sa.bindparam("new_revision"), revised_at=sa.bindparam("now"))
)
_ASK_ANSWERED = (
    ask.update()
    .where(rowset.among(ask.c.id, sa.bindparam("ids", type_=sa.Text)))
    .values(state="answered", answered_at=sa.bindparam("now"))
)
_NOW = sa.bindparam("now", type_=Timestamp)
_RELATIONAL = rowset.among(person.c.id, sa.bindparam("relational", type_=sa.Text))
# Whom the asks belong to by now, so that a merge just before does not hide the answer from the next decision.
_PERSON_ANSWERED = (
    person.update()
    .where(
        person.c.id.in_(
            sa.select(ask.c.person).where(
                rowset.among(ask.c.id, sa.bindparam("ids", type_=sa.Text))
            )
        )
    )
    .values(
        last_answered_at=_NOW,
        silent_since=None,
        relational_answered_at=sa.case((_RELATIONAL, _NOW), else_=person.c.relational_answered_at),
        relational_silent_since=sa.case(
            (_RELATIONAL, None), else_=person.c.relational_silent_since
        ),
        ask_refusal=None,
        next_ask_at=next_ask_at(
            sa.bindparam("day", type_=sa.BigInteger), answered=_NOW, silent=None
        ),
    )
)


def _row(recorded: Recorded, now: datetime) -> dict[str, Any]:
    asked, said = recorded.ask, recorded.said
    return {
        "id": recorded.answer,
        "ask": asked.id,
        "installation": asked.installation,
        "person": asked.person,
        "touchpoint": asked.touchpoint,
        "kind": asked.kind,
        "channel": asked.channel,
        "locale": asked.locale,
        "score": said.score,
        "category": said.category,
        "comment": said.comment,
        "may_contact": said.may_contact,
        "revision": said.revision,
        "answered_at": said.answered_at,
        "revised_at": now,
    }


def _revised(recorded: Recorded, now: datetime) -> dict[str, Any]:
    said = recorded.said
    return {
        "answer_id": recorded.answer,
        "new_score": said.score,
        "new_category": said.category,
        "new_comment": said.comment,
        "new_may_contact": said.may_contact,
        "new_revision": said.revision,
        "now": now,
    }


def _revision(recorded: Recorded, post: Submission, now: datetime) -> dict[str, Any]:
    said = recorded.said
    return {
        "answer": recorded.answer,
        "revision": said.revision,
        "score": said.score,
        "comment": said.comment,
        "may_contact": said.may_contact,
        "evidence": post.evidence,
        "website": post.website,
        "at": now,
    }
