"""The follow-ups an administrator looks for: what is owed first of all, then what was closed last."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.answers.store import answer
from plugin.asking.store import ask
from plugin.asking.testing import is_test
from plugin.followups.store import followup
from plugin.overview.search import says
from plugin.people.store import person
from plugin.touchpoints.store import touchpoint

STATES = ("open", "overdue", "closed")
NOBODY = "nobody"
CURSOR = re.compile(r"(\d{1,16})-([0-9a-z]{1,40})")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter; what is empty does not narrow. *owner* is the CRM's id, or ``NOBODY``."""

    state: str = ""
    installation: str = ""
    owner: str = ""
    words: str = ""

    @property
    def narrows(self) -> bool:
        return self != Wanted()


# Open ones by their deadline, then closed ones, the last one first: one number that only rises, so that a page
# can begin after any of them.
_FAR = 2**52
_RANK = sa.case(
    (followup.c.state == "open", sa.type_coerce(followup.c.due_at, sa.BigInteger)),
    else_=_FAR - sa.type_coerce(followup.c.closed_at, sa.BigInteger),
)
_shown = (
    sa.select(
        followup,
        _RANK.label("rank"),
        answer.c.score,
        answer.c.category,
        answer.c.comment,
        answer.c.may_contact,
        answer.c.locale,
        answer.c.answered_at,
        answer.c.revision,
        person.c.name.label("person_name"),
        person.c.email,
        person.c.company_name,
        person.c.contact,
        person.c.gone_at,
        person.c.erased_at,
        touchpoint.c.name.label("touchpoint_name"),
        touchpoint.c.key.label("touchpoint"),
    )
    .select_from(followup)
    .join(answer, answer.c.id == followup.c.answer)
    .join(person, person.c.id == followup.c.person)
    .join(touchpoint, touchpoint.c.key == answer.c.touchpoint)
)


def page(
    connection: Connection, wanted: Wanted, now: datetime, *, after: str, limit: int
) -> list[Row[Any]]:
    """In the order in which they are owed; *after* is the ``cursor`` of the last one already seen."""
    query = _marked(connection).where(*_conditions(wanted, now))
    if seen := CURSOR.fullmatch(after):
        query = query.where(sa.tuple_(_RANK, followup.c.id) > sa.tuple_(int(seen[1]), seen[2]))
    return list(connection.execute(query.order_by(_RANK, followup.c.id).limit(limit)))


def cursor(row: Row[Any]) -> str:
    return f"{row.rank}-{row.id}"


def one(connection: Connection, followup_id: str) -> Row[Any] | None:
    return connection.execute(_marked(connection).where(followup.c.id == followup_id)).one_or_none()


def _marked(connection: Connection) -> sa.Select[Any]:
    """With ``test``: whether somebody only tried it."""
    joined = _shown.join(ask, ask.c.id == answer.c.ask)
    return joined.add_columns(is_test(connection).label("test"))


def any_at_all(connection: Connection) -> bool:
    return bool(connection.scalar(sa.select(sa.exists(sa.select(followup.c.id)))))


def owners(connection: Connection) -> list[tuple[str, str]]:
    """Everybody who has or had one, by name: the CRM's id and the name."""
    name = sa.func.max(followup.c.owner_name)
    rows = connection.execute(
        sa.select(followup.c.owner, name)
        .where(followup.c.owner != "")
        .group_by(followup.c.owner)
        .order_by(sa.func.lower(name), followup.c.owner)
    )
    return [(owner, known or owner) for owner, known in rows]


def _conditions(wanted: Wanted, now: datetime) -> list[Any]:
    conditions: list[Any] = []
    if wanted.state:
        conditions.append(followup.c.state == ("closed" if wanted.state == "closed" else "open"))
    if wanted.state == "overdue":
        conditions.append(followup.c.due_at < now)
    if wanted.installation:
        conditions.append(followup.c.installation == wanted.installation)
    if wanted.owner:
        conditions.append(followup.c.owner == ("" if wanted.owner == NOBODY else wanted.owner))
    if wanted.words:
        conditions.append(says(wanted.words))
    return conditions
