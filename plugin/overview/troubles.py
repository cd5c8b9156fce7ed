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
    lost = dict(_lost(connection))
    found = [*lost.values(), *_parked_lanes(connection, words, set(lost))]
    return {one.key: one for one in found}


def _lost(connection: Connection) -> Iterator[tuple[str, Trouble]]:
    """Connections that need to be made again, by lane."""
    for row in every(connection):
        if row.state == "needs_reconnect":
            text = f"{explain(row.reason or row.state, row.reason_detail)} {_GOES_ON}"
            subject = f"{row.name} needs to be connected again"
            page = f"/admin/installations/{row.id}"
            key = f"lost:{row.id}:{row.token_version}"
            yield f"crm:{row.id}", Trouble(key, subject, text, page)


def _parked_lanes(connection: Connection, words: Explain, told: set[str]) -> Iterator[Trouble]:
    """Whole accounts, or a sender, that stand still; those that lost their connection are told of already."""
    resumed = {row.id: row.resumed for row in connection.execute(sa.select(lane))}
    gone = {f"crm:{row.id}" for row in every(connection) if row.state != "connected"}
    for one in lanes(connection):
        why = reason(one.parked_reason, words)
        if why is not None and one.id not in told | gone and one.waiting:
            what = f"Deliveries wait: {one.waiting} of {one.id.partition(':')[2]}"
            text = f"{why.what} {why.do} {_GOES_ON}"
            yield Trouble(f"lane:{one.id}:{resumed[one.id]}", what, text, "/admin/deliveries")
