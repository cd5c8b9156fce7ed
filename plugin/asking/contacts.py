"""Whom an ask names: the person as known here, or as the CRM shows her now."""

from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection, Row

from plugin.asking.rules import FRESH
from plugin.clock import Clock
from plugin.errors import Problem
from plugin.people import actions as people
from plugin.people.rules import ContactName, FoundContact
from plugin.services import Services


def known(connection: Connection, installation: str, name: ContactName) -> Row[Any] | None:
    """The person as we know her, when the contact is named by its record id; nobody else changes her row until
    the transaction ends."""
    return people.held_contact(connection, installation, name.id) if name.id else None


def new_enough(clock: Clock, known: Row[Any], now: datetime) -> bool:
    """Whether what the CRM said about *known* need not be asked anew."""
    return bool(now - known.seen_at <= clock.scaled(FRESH))


def look_up(
    services: Services, installation: str, name: ContactName, known: Row[Any] | None
) -> FoundContact | None:
    """What the CRM says, outside any transaction; ``None`` where it does not answer but the contact is known
    here, or is gone there. Raises ``Problem``."""
    if services.directory is None:
        raise Problem("crm_unavailable")
    try:
        found = services.directory.find(installation, name)
    except Problem as problem:
        if known is not None and problem.code in ("crm_unavailable", "needs_reconnect"):
            return None
        raise
    return _only(services, found, known)


def _only(
    services: Services, found: list[FoundContact], known: Row[Any] | None
) -> FoundContact | None:
    if len(found) > 1:
        raise Problem("contact_ambiguous", "Several contacts match; name one by its record id.")
    if found:
        return found[0]
    if known is None:
        raise Problem("not_found", "There is no such contact in the CRM. None was created.")
    with services.database.write() as connection:
        people.gone(connection, known.id, services.clock.now())
    return None
