"""The answers an administrator looks for: by touchpoint, category, installation, period and words."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.answers.store import answer, counted, revision, uncounted
from plugin.asking.store import ask
from plugin.asking.testing import is_test
from plugin.followups.store import followup
from plugin.people.store import person
from plugin.periods import ALWAYS, Period
from plugin.touchpoints.store import touchpoint


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter; what is empty does not narrow."""

    touchpoint: str = ""
    category: str = ""
    installation: str = ""
    period: Period = ALWAYS
    words: str = ""
    counts: bool = True

    @property
    def narrows(self) -> bool:
        return self != Wanted(counts=self.counts)


_shown = (
    sa.select(
        answer,
        person.c.name.label("person_name"),
        person.c.email,
        person.c.company_name,
        person.c.contact,
        person.c.gone_at,
        person.c.erased_at,
        touchpoint.c.name.label("touchpoint_name"),
        followup.c.id.label("follow_up_id"),
        followup.c.state.label("follow_up"),
        followup.c.due_at.label("follow_up_due"),
        followup.c.owner_name,
        followup.c.closed_at,
    )
    .select_from(answer)
    .join(person, person.c.id == answer.c.person)
    .join(touchpoint, touchpoint.c.key == answer.c.touchpoint)
    .outerjoin(followup, followup.c.answer == answer.c.id)
)


def page(connection: Connection, wanted: Wanted, *, before: str, limit: int) -> list[Row[Any]]:
    """The newest first; *before* is the id of the last one already seen."""
    query = _marked(connection).where(*_conditions(wanted))
    if before:
        query = query.where(answer.c.id < before)
    return list(connection.execute(query.order_by(answer.c.id.desc()).limit(limit)))


def those(
    connection: Connection, ids: sa.Select[tuple[str]], *, before: str = "", limit: int
) -> list[Row[Any]]:
    """The answers whose ids a query has, the newest first; *before* is the id of the last one already seen."""
    query = _marked(connection).where(answer.c.id.in_(ids))
    if before:
        query = query.where(answer.c.id < before)
    return list(connection.execute(query.order_by(answer.c.id.desc()).limit(limit)))


def one(connection: Connection, answer_id: str) -> Row[Any] | None:
    return connection.execute(_marked(connection).where(answer.c.id == answer_id)).one_or_none()


def _marked(connection: Connection) -> sa.Select[Any]:
    """With ``test``: whether somebody only tried it."""
    joined = _shown.join(ask, ask.c.id == answer.c.ask)
    return joined.add_columns(is_test(connection).label("test"))


def revisions(connection: Connection, answer_id: str) -> list[Row[Any]]:
    """Everything the customer ever said in this answer, the newest first."""
    query = sa.select(revision).where(revision.c.answer == answer_id)
    return list(connection.execute(query.order_by(revision.c.revision.desc())))


def any_answers(connection: Connection) -> bool:
    return bool(connection.scalar(sa.select(sa.exists(sa.select(answer.c.id).where(counted)))))


def _conditions(wanted: Wanted) -> list[Any]:
    equal = {
        answer.c.touchpoint: wanted.touchpoint,
        answer.c.category: wanted.category,
        answer.c.installation: wanted.installation,
    }
    conditions: list[Any] = [counted if wanted.counts else uncounted]
    conditions += [column == value for column, value in equal.items() if value]
    conditions += wanted.period.conditions(answer.c.answered_at)
    if wanted.words:
        conditions.append(says(wanted.words))
    return conditions


def says(words: str) -> sa.ColumnElement[bool]:
    """Any of the texts holds the words as they are: % and _ mean themselves."""
    texts = (answer.c.comment, person.c.name, person.c.email, person.c.company_name)
    return sa.or_(*(text.icontains(words, autoescape=True) for text in texts))
