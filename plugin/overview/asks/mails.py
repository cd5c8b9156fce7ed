"""The mails about one ask that did not leave: when they will, or why not. The ledger forgets them in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from plugin.asking.invitations import INVITATION, REMINDER
from plugin.deliveries.store import delivery
from plugin.deliveries.words import Explain

NAMES = ("Invitation", "First reminder", "Second reminder")
TO_COME = (
    "waiting",
    "delivered",
    "opened",
)  # the states of an ask about which a mail may still leave


@dataclass(frozen=True, slots=True)
class Mailed:
    """*words* stand before the moment *at*, and *why* after it."""

    name: str
    words: str
    at: datetime
    why: str = ""


def unsent(connection: Connection, asked: Row[Any], explain: Explain) -> Sequence[Mailed]:
    """In the order in which they leave. *asked* is a row of ``search.one``."""
    keys = [f"{INVITATION}:{asked.id}", *(f"{REMINDER}:{asked.id}:{number}" for number in (1, 2))]
    rows = connection.execute(sa.select(delivery).where(delivery.c.key.in_(keys)))
    found = {row.key: row for row in rows}
    return [
        _mailed(name, found[key], asked.state, explain)
        for key, name in zip(keys, NAMES, strict=True)
        if key in found and found[key].state != "delivered"
    ]


def _mailed(name: str, row: Row[Any], state: str, explain: Explain) -> Mailed:
    if row.state == "void":
        return Mailed(name, "not sent", row.settled_at, explain(row.error).what)
    if row.state == "queued":
        if state in TO_COME:
            return Mailed(name, "planned for", row.due_at, "Not if the customer answers before.")
        return Mailed(name, "planned for", row.due_at, f"It will not be sent: {_over(state)}")
    return Mailed(name, row.state, row.settled_at, "A person must look: see Deliveries.")


def _over(state: str) -> str:
    return {
        "answered": "the customer has answered.",
        "declined": "the customer has declined.",
        "bounced": "no mail reaches this address.",
    }.get(state, "the question is closed.")
