"""Whom an ask names: the person as known here, or as the CRM shows her now."""

from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection, Row

from plugin.asking.rules import FRESH
from plugin.errors import Problem
from plugin.people import actions as people
from plugin.people.rules import ContactName, FoundContact
from plugin.services import Services


def known(connection: Connection, installation: str, name: ContactName) -> Row[Any] | None:
    """The person as we know her, when the contact is named by its record id."""
    row = people.of_contact(connection, installation, name.id) if name.id else None
    if row is None or row.survivor is None:
        return row
    return people.survivor(connection, row.survivor)


def fresh(
    services: Services, installation: str, name: ContactName, held: Row[Any] | None, now: datetime
) -> FoundContact | None:
    """What the CRM says; ``None`` where what we know is new enough, or the CRM does not answer but the contact
    is known here. Raises ``Problem``."""
    if held is not None and now - held.seen_at <= services.clock.scaled(FRESH):
        return None
    if services.directory is None:
        raise Problem("crm_unavailable")
    try:
        found = services.directory.find(installation, name)
    except Problem as problem:
        if held is not None and problem.code in ("crm_unavailable", "needs_reconnect"):
            return None
        raise
    return _only(services, found, held)


def _only(
    services: Services, found: list[FoundContact], held: Row[Any] | None
) -> FoundContact | None:
    if len(found) > 1:
        raise Problem("contact_ambiguous", "Several contacts match; name one by its record id.")
    if found:
        return found[0]
    if held is None:
        raise Problem("not_found", "There is no such contact in the CRM. None was created.")
    with services.database.write() as connection:
        people.gone(connection, held.id, services.clock.now())
    return None
