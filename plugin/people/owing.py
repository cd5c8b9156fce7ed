"""The one way in which a contact's fields in the CRM are owed anew."""

from datetime import datetime

from plugin.deliveries.actions import Owed
from plugin.people.rules import lane_of


def fields(installation: str, person: str, occasion: str, at: datetime) -> Owed:
    """All our fields of *person*, due at *at*; *occasion* says why, and one occasion is owed once.

    Keys and topics begin with what they are owed for, so that an answer's rows stand side by side in the ledger's
    indexes and fewer pages are written for it."""
    return Owed(
        lane=lane_of(installation),
        kind="contact",
        key=f"{occasion}:contact:{person}",
        topic=f"{person}:contact",
        subject=person,
        payload={"person": person},
        due_at=at,
    )
