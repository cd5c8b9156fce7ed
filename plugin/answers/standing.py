"""Whether an answer counts, decided anew: by what became known since, or by an administrator."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.access.audit import audit
from plugin.access.rules import Who
from plugin.answers import hearing, writing
from plugin.answers.actions import ASKED, Consequences
from plugin.answers.judging import Recorded
from plugin.answers.rules import COUNTED, PROVISIONAL, SET_ASIDE, Said
from plugin.answers.store import answer, counted
from plugin.asking.store import ask
from plugin.deliveries.actions import owe
from plugin.errors import Problem
from plugin.evidence import actions as evidence
from plugin.evidence.rules import RECENT, Act, Verdict
from plugin.people.store import person
from plugin.touchpoints.store import touchpoint

WHY_MOST = 300


@dataclass(frozen=True, slots=True)
class Order:
    """That an answer counts, or not, by whom and why."""

    counts: bool
    by: Who
    why: str


def doubt(
    connection: Connection,
    renderings: Sequence[str],
    now: datetime,
    consequences: Consequences,
    day: int,
) -> None:
    """On these pages a decoy was touched: what was answered from them just now counts no longer."""
    recent = answer.c.revised_at > now - RECENT
    wanted = _ANSWERS.where(answer.c.hand.in_(renderings), counted, recent)
    for row in connection.execute(wanted.with_for_update(of=answer)).all():
        doubted = replace(recorded(row), standing=PROVISIONAL)
        _keep(connection, doubted, Verdict(False, "decoy_link"), "", now)
        change(connection, doubted, now, consequences, day)


def overrule(
    connection: Connection,
    answer_id: str,
    order: Order,
    now: datetime,
    consequences: Consequences,
    day: int,
) -> bool:
    """An administrator decides; whether that was news. Raises ``Problem``: ``not_found``, ``field_invalid`` where
    no reason is given or another answer to the same ask counts."""
    row = connection.execute(
        _ANSWERS.where(answer.c.id == answer_id).with_for_update(of=answer)
    ).one_or_none()
    if row is None:
        raise Problem("not_found", "There is no such answer.")
    if (row.standing == COUNTED) == order.counts:
        return False
    _check(connection, row, order)
    decided = replace(
        recorded(row),
        standing=COUNTED if order.counts else SET_ASIDE,
        hand=f"decided:{answer_id}",  # what else comes from the same page does not undo it
    )
    verdict = Verdict(order.counts, "administrator")
    _keep(connection, decided, verdict, order.by.name, now)
    verb = "counted" if order.counts else "set aside"
    audit(connection, order.by, verb, f"answer {answer_id}", order.why)
    change(connection, decided, now, consequences, day)
    return True


def _check(connection: Connection, row: Row[Any], order: Order) -> None:
    wrong = {}
    if not order.why or len(order.why) > WHY_MOST:
        wrong["why"] = f"Say why, in at most {WHY_MOST} characters. The audit log keeps it."
    other = sa.select(answer.c.id).where(answer.c.ask == row.id, counted)
    if order.counts and connection.execute(other).first() is not None:
        wrong["why"] = "Another answer to the same question counts. Set that one aside first."
    if wrong:
        raise Problem("field_invalid", " ".join(wrong.values()), fields=wrong)


def change(
    connection: Connection,
    changed: Recorded,
    now: datetime,
    consequences: Consequences,
    day: int,
) -> None:
    """Writes down that *changed* counts, or no longer does, with all that follows from it."""
    writing.write(connection, [changed], [], now)
    if changed.standing == COUNTED:
        hearing.heard(connection, [changed], changed.said.answered_at, day)
        hearing.recount(connection, [changed], day)
        follow, told = consequences.told, replace(changed, before=None)
    else:
        hearing.unheard(connection, [changed], now, day)
        follow, told = consequences.undone, changed
    owe(connection, [owed for one in follow for owed in one(connection, [told], now)], now)


def recorded(row: Row[Any]) -> Recorded:
    """An answer as it stands; *row* is one of ``ANSWERS``."""
    said = Said(row.score, row.comment, row.may_contact, row.revision, row.answered_at)
    return Recorded(row.answer, row, said, said, row.hand, row.standing, row.standing)


def _keep(connection: Connection, r: Recorded, verdict: Verdict, by: str, now: datetime) -> None:
    judged = evidence.Judged(r.ask.id, r.answer, r.said.score, Act(), verdict, None, by)
    evidence.keep(connection, [judged], now)


_ANSWERS = sa.select(*ASKED).select_from(
    answer.join(ask, ask.c.id == answer.c.ask)
    .join(touchpoint, touchpoint.c.key == ask.c.touchpoint)
    .join(person, person.c.id == ask.c.person)
)
