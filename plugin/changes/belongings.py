"""What stands here of a person: that her answers did or did not ask for a change. It hangs on the answers, which move
by themselves."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.answers.store import answer
from plugin.changes.store import change_answer
from plugin.people.belongings import Things, things


def move(connection: Connection, merged: str, survivor: str) -> int:
    return 0


def forget(connection: Connection, people: Sequence[str]) -> int:
    gone = change_answer.delete().where(change_answer.c.answer.in_(_answers(people)))
    return connection.execute(gone).rowcount


def held(connection: Connection, people: Sequence[str]) -> Mapping[str, Things]:
    asked = sa.select(change_answer).where(change_answer.c.answer.in_(_answers(people)))
    return {
        "asked_for_changes": things(connection, asked.order_by(*change_answer.primary_key)),
    }


def _answers(people: Sequence[str]) -> sa.Select[Any]:
    return sa.select(answer.c.id).where(answer.c.person.in_(people))
