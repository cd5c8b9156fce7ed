"""What the customers were told, against what stands in the database and in the CRMs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from bench.support.crm import Crm
from bench.support.customers import Customer
from plugin.answers.store import answer, revision
from plugin.db import Database
from widget.locales import category


@dataclass
class Verdict:
    """What is missing and what stands there twice, each in words."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)


def judge(database: Database, crms: Mapping[str, Crm], crowd: Sequence[Customer]) -> Verdict:
    found = Verdict()
    _in_database(database, crowd, found)
    for name, crm in crms.items():
        _in_crm(crm, [customer for customer in crowd if customer.crm == name], found)
    return found


def _in_database(database: Database, crowd: Sequence[Customer], found: Verdict) -> None:
    with database.read() as connection:
        rows = {row.id: row for row in connection.execute(sa.select(answer))}
        revisions = Counter(connection.scalars(sa.select(revision.c.answer)))
    for customer in crowd:
        row = rows.pop(customer.answer, None)
        if not customer.heard:
            found.lost.append(f"{customer.contact} was never answered: {customer.refused}")
        elif row is None or _stored(row) != (*customer.last, customer.revision):
            found.lost.append(f"database: {customer.answer} {row and _stored(row)} {customer.last}")
        elif revisions[customer.answer] != customer.revision:
            found.lost.append(
                f"database: {customer.answer} has {revisions[customer.answer]} revisions"
            )
        if customer.revision > customer.heard:
            found.doubled.append(f"database: {customer.answer} has revision {customer.revision}")
    found.doubled += [f"database: {row} belongs to nobody" for row in rows]


def _stored(row: Any) -> tuple[int, str, int]:
    return row.score, row.comment, row.revision


def _in_crm(crm: Crm, crowd: Sequence[Customer], found: Verdict) -> None:
    answers, tasks, comments = crm.answers(), crm.tasks(), crm.comments()
    for customer in crowd:
        _, comment = customer.last
        _count(f"{crm.name} answer", customer.answer, answers.pop(customer.answer, []), {1}, found)
        _count(
            f"{crm.name} task",
            customer.answer,
            tasks.pop(customer.answer, []),
            _owed(customer),
            found,
        )
        if comments.get(customer.contact) != comment:
            found.lost.append(
                f"{crm.name} contact {customer.contact}: {comments.get(customer.contact)}"
            )
    for kind, rest in (("answer", answers), ("task", tasks)):
        found.doubled += [f"{crm.name} {kind} {key} belongs to nobody" for key in rest]
    newest = crm.answers()
    for customer in crowd:
        if newest.get(customer.answer) and customer.last[1] not in newest[customer.answer][0]:
            found.lost.append(
                f"{crm.name} answer {customer.answer} is not of revision {customer.revision}"
            )


def _owed(customer: Customer) -> set[int]:
    """How many tasks there may be: one that was begun before the score rose stays."""
    groups = [category(score) for score in customer.scores]
    if groups[-1] == "detractor":
        return {1}
    return {0, 1} if "detractor" in groups else {0}


def _count(what: str, key: str, records: Sequence[str], may: set[int], found: Verdict) -> None:
    if len(records) > max(may):
        found.doubled.append(f"{what} {key}: {len(records)}")
    elif len(records) < min(may):
        found.lost.append(f"{what} {key}")
