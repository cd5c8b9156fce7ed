"""When the people of a company were asked, in milliseconds since 1970: one row per company, locked for whoever decides
by it."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection

from plugin.db import milliseconds
from plugin.people.store import company
from plugin.ready import Ready

KEPT = 100  # asks remembered; no cap counts more


def asked(connection: Connection, installation: str, company_id: str) -> Sequence[int]:
    """Oldest first. Nobody else decides about this company until the transaction ends."""
    insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
    made = insert(company).values(installation=installation, company=company_id)
    row = made.on_conflict_do_update(
        index_elements=list(company.primary_key), set_={"company": made.excluded.company}
    ).returning(company.c.asked)
    found: Sequence[int] = connection.execute(row).scalar_one()
    return found


def note(
    connection: Connection,
    installation: str,
    company_id: str,
    known: Sequence[int],
    now: datetime,
) -> None:
    """One more was asked, after those that ``asked`` told of."""
    newest = sorted((*known, milliseconds(now)))[-KEPT:]  # clocks of several hosts differ
    named = {"account": installation, "record": company_id}
    _NOTE.run(connection, {**named, "newest": newest})


_THIS = sa.and_(
    company.c.installation == sa.bindparam("account"), company.c.company == sa.bindparam("record")
)
HELD = sa.select(company.c.asked).where(_THIS).with_for_update()
_NOTE = Ready(company.update().where(_THIS).values(asked=sa.bindparam("newest")))
