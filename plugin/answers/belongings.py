"""What stands here of a person: the answers with their revisions. Erased ones are counted, nothing else."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection

from plugin.answers.rules import COUNTED
from plugin.answers.store import answer, erased_answer, revision
from plugin.asking.store import ask
from plugin.asking.testing import is_test
from plugin.people.belongings import Things, things
from plugin.people.store import person


def move(connection: Connection, merged: str, survivor: str) -> int:
    theirs = answer.update().where(answer.c.person == merged)
    return connection.execute(theirs.values(person=survivor)).rowcount


def forget(connection: Connection, people: Sequence[str]) -> int:
    # Locked first: a revision on its way in must not come to stand after its answer is gone.
    gone = connection.execute(
        sa.select(answer, is_test(connection).label("test"))
        .join(ask, ask.c.id == answer.c.ask)
        .join(person, person.c.id == answer.c.person)
        .where(answer.c.person.in_(people))
        .order_by(answer.c.id)
        .with_for_update(of=answer)
    ).all()
    counted = (row for row in gone if row.standing == COUNTED and not row.test)
    _count(connection, Counter(map(_anonymous, counted)))
    ids = [row.id for row in gone]
    connection.execute(revision.delete().where(revision.c.answer.in_(ids)))
    connection.execute(answer.delete().where(answer.c.id.in_(ids)))
    return len(ids)


def held(connection: Connection, people: Sequence[str]) -> Mapping[str, Things]:
    theirs = sa.select(answer.c.id).where(answer.c.person.in_(people))
    said = sa.select(revision).where(revision.c.answer.in_(theirs)).order_by(*revision.primary_key)
    answers = sa.select(answer).where(answer.c.person.in_(people))
    return {
        "answers": things(connection, answers.order_by(answer.c.answered_at, answer.c.id)),
        "revisions": things(connection, said),
    }


def _anonymous(row: Any) -> tuple[str, str, str, str, int]:
    return row.installation, row.touchpoint, row.kind, f"{row.answered_at:%Y-%m}", row.score


def _count(connection: Connection, counted: Counter[tuple[str, str, str, str, int]]) -> None:
    insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
    keys = list(erased_answer.primary_key)
    for values, number in sorted(counted.items()):
        row = dict(zip((key.name for key in keys), values, strict=True))
        connection.execute(
            insert(erased_answer)
            .values(**row, how_many=number)
            .on_conflict_do_update(
                index_elements=keys, set_={"how_many": erased_answer.c.how_many + number}
            )
        )
