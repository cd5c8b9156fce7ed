"""Writing answers down: their rows and revisions."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin import rowset
from plugin.answers.judging import Recorded
from plugin.answers.rules import COUNTED, category_of
from plugin.answers.store import answer, revision


def write(
    connection: Connection, ends: Sequence[Recorded], revised: Iterable[Recorded], now: datetime
) -> None:
    """Each answer as it stands after the group, and every revision on the way there. What stops counting goes
    first, so that of one ask there are never two that count."""
    known = [r for r in ends if r.was]
    _change(connection, [r for r in known if r.standing != COUNTED], now)
    rowset.insert(connection, answer, [_row(r, now) for r in ends if not r.was])
    _change(connection, [r for r in known if r.standing == COUNTED], now)
    rowset.insert(connection, revision, [_revision(r, now) for r in revised])


def _change(connection: Connection, changed: Sequence[Recorded], now: datetime) -> None:
    if changed:
        connection.execute(_CHANGE, [_changed(r, now) for r in changed])


_NAMES = ("score", "comment", "may_contact", "revision", "answered_at")
_CHANGE = (
    answer.update()
    .where(answer.c.id == sa.bindparam("answer_id"))
    .values(
        {
            name: sa.bindparam(f"new_{name}")
            for name in (*_NAMES, "category", "hand", "standing", "revised_at")
        }
    )
)


def _said(recorded: Recorded) -> dict[str, Any]:
    said = recorded.said
    values = {name: getattr(said, name) for name in _NAMES}
    return values | {"category": category_of(recorded.ask.kind, said.score)}


def _row(recorded: Recorded, now: datetime) -> dict[str, Any]:
    asked = recorded.ask
    return {
        "id": recorded.answer,
        "ask": asked.id,
        "hand": recorded.hand,
        "standing": recorded.standing,
        "installation": asked.installation,
        "person": asked.person,
        "touchpoint": asked.touchpoint,
        "kind": asked.kind,
        "channel": asked.channel,
        "locale": asked.locale,
        **_said(recorded),
        "revised_at": now,
    }


def _changed(recorded: Recorded, now: datetime) -> dict[str, Any]:
    values = {
        **_said(recorded),
        "hand": recorded.hand,
        "standing": recorded.standing,
        "revised_at": now,
    }
    return {"answer_id": recorded.answer} | {f"new_{name}": v for name, v in values.items()}


def _revision(recorded: Recorded, now: datetime) -> dict[str, Any]:
    said = recorded.said
    return {
        "answer": recorded.answer,
        "revision": said.revision,
        "score": said.score,
        "comment": said.comment,
        "may_contact": said.may_contact,
        "at": now,
    }
