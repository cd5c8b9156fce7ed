"""What stands here of a person: the wishes to ask her that came from the CRM."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.crm.store import survey_request
from plugin.people.belongings import Things, things
from plugin.people.store import person


def move(connection: Connection, merged: str, survivor: str) -> int:
    """Nothing to do: a request names the contact it was made for, and its ask moves."""
    return 0


def forget(connection: Connection, people: Sequence[str]) -> int:
    return connection.execute(survey_request.delete().where(_of(people))).rowcount


def held(connection: Connection, people: Sequence[str]) -> Mapping[str, Things]:
    theirs = sa.select(survey_request).where(_of(people)).order_by(survey_request.c.decided_at)
    return {"survey_requests": things(connection, theirs)}


def _of(people: Sequence[str]) -> sa.ColumnElement[bool]:
    known = sa.select(person.c.installation, person.c.contact).where(person.c.id.in_(people))
    return sa.tuple_(survey_request.c.installation, survey_request.c.contact).in_(known)
