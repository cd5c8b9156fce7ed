"""What stands here of a person: what her answers are about. It hangs on the answers, which move by themselves."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.answers.store import answer
from plugin.people.belongings import Things, things
from plugin.themes.store import answer_theme, theme_reading


def move(connection: Connection, merged: str, survivor: str) -> int:
    return 0


def forget(connection: Connection, people: Sequence[str]) -> int:
    # Locked first: a comment that is being read must not get its themes after they were deleted here.
    theirs = sa.select(answer.c.id).where(answer.c.person.in_(people)).order_by(answer.c.id)
    ids = list(connection.scalars(theirs.with_for_update()))
    connection.execute(theme_reading.delete().where(theme_reading.c.answer.in_(ids)))
    gone = answer_theme.delete().where(answer_theme.c.answer.in_(ids))
    return connection.execute(gone).rowcount


def held(connection: Connection, people: Sequence[str]) -> Mapping[str, Things]:
    theirs = sa.select(answer.c.id).where(answer.c.person.in_(people))
    about = sa.select(answer_theme).where(answer_theme.c.answer.in_(theirs))
    return {"answer_themes": things(connection, about.order_by(*answer_theme.primary_key))}
