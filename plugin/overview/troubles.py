"""What needs an administrator, told once for each time it comes up: lost connections, lanes that stand still."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from plugin.crm.rules import explain
from plugin.crm.store import every
from plugin.deliveries.queries import lanes
from plugin.deliveries.store import lane
from plugin.deliveries.words import Explain, reason

_GOES_ON = "Nothing is lost: what is owed waits."


@dataclass(frozen=True, slots=True)
class Trouble:
    """``key`` stays as long as it is the same trouble; ``page`` is where it is dealt with."""

    key: str
    subject: str
    text: str
    page: str


def troubles(connection: Connection, words: Explain) -> dict[str, Trouble]:
    """By key."""
    found = [*_lost(connection), *_parked_lanes(connection, words)]
    return {one.key: one for one in found}


def _lost(connection: Connection) -> Iterator[Trouble]:
    """Connections that need to be made again."""
    for row in every(connection):
        if row.state == "needs_reconnect":
            text = f"{explain(row.reason or row.state, row.reason_detail)} {_GOES_ON}"
            subject = f"{row.name} needs to be connected again"
            page = f"/admin/installations/{row.id}"
            key = f"lost:{row.id}:{row.token_version}"
            yield Trouble(key, subject, text, page)


def _parked_lanes(connection: Connection, words: Explain) -> Iterator[Trouble]:
    """Whole accounts, or a sender, that stand still; those without a connection are told of already, or were left."""
    resumed = {row.id: row.resumed for row in connection.execute(sa.select(lane))}
    gone = {row.id for row in every(connection) if row.state != "connected"}
    for one in lanes(connection):
        why, whose = reason(one.parked_reason, words), one.id.partition(":")[2]
        if why is not None and whose not in gone and one.waiting:
            what = f"Deliveries wait: {one.waiting} of {whose}"
            text = f"{why.what} {why.do} {_GOES_ON}"
            yield Trouble(f"lane:{one.id}:{resumed[one.id]}", what, text, "/admin/deliveries")
