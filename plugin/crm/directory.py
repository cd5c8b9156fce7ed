"""Contacts looked up in their CRM, for whoever asks them something."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Connection, Row

from connectors.errors import CrmError, NeedsReconnect, Refused
from connectors.protocol import Connector
from connectors.types import Contact, ContactRef
from plugin.accounts import Account
from plugin.crm.clients import CRM_NAMES
from plugin.crm.connections import Connections
from plugin.crm.merging import merge
from plugin.crm.rules import explain
from plugin.crm.store import every
from plugin.errors import Problem
from plugin.people.actions import of_contact
from plugin.people.rules import ContactName, FoundContact
from plugin.services import Services

AT_ONCE = 100  # contacts asked for in one call of a connector


class CrmDirectory:
    """``plugin.people.rules.Directory`` over the connected CRMs."""

    def __init__(self, services: Services) -> None:
        self.connections = Connections(services)

    def find(self, installation: str, name: ContactName) -> list[FoundContact]:
        row = self._connected(installation)
        try:
            found = self.connections.connector(row).find_contacts(
                ContactRef(id=name.id, field=name.field, value=name.value)
            )
        except CrmError as error:
            self.connections.note(row, error)
            raise _problem(error, name) from None
        if name.id is not None and len(found) == 1 and found[0].id != name.id:
            self.merged(installation, name.id, found[0].id)
        return [as_found(contact) for contact in found]

    def known(
        self, installation: str, contacts: Sequence[str]
    ) -> Mapping[str, FoundContact | None]:
        row = self._connected(installation)
        try:
            found = contacts_of(self.connections.connector(row), contacts)
        except CrmError as error:
            self.connections.note(row, error)
            raise _problem(error, ContactName()) from None
        for asked, one in found.items():
            if one is not None and one.contact != asked:
                self.merged(installation, asked, one.contact)
        return found

    def _connected(self, installation: str) -> Row[Any]:
        """Raises ``Problem``: ``not_found`` or ``needs_reconnect``."""
        try:
            row = self.connections.row(installation)
        except LookupError:
            raise Problem("not_found", "There is no such installation.") from None
        if row.state != "connected":
            raise Problem("needs_reconnect", explain(row.reason or row.state, row.reason_detail))
        return row

    def merged(self, installation: str, contact: str, survivor: str) -> None:
        """A record id that answers with another one: a merge that we had not heard of."""
        services = self.connections.services
        now = services.clock.now()
        with services.database.write() as connection:
            known = of_contact(connection, installation, contact)
            if known is not None:
                merge(connection, known.id, survivor, now, now)


def connections(services: Services) -> Connections:
    """The connectors of this process."""
    if isinstance(services.directory, CrmDirectory):
        return services.directory.connections
    return Connections(services)


def accounts(connection: Connection) -> list[Account]:
    """``plugin.accounts.Accounts``: what can be chosen by name; a disconnected account cannot."""
    return [
        Account(row.id, row.name, CRM_NAMES[row.crm])
        for row in every(connection)
        if row.state != "disconnected"
    ]


def _problem(error: CrmError, name: ContactName) -> Problem:
    if isinstance(error, NeedsReconnect):
        return Problem("needs_reconnect", explain(error.code, error.detail))
    if isinstance(error, Refused):
        return Problem(
            "field_invalid",
            error.detail or "The CRM refused to look this contact up.",
            fields={"contact": name.field or "id"},
        )
    return Problem("crm_unavailable", error.detail)


def contacts_of(crm: Connector, contacts: Sequence[str]) -> dict[str, FoundContact | None]:
    """By the id asked for, in as many calls as it takes. Raises ``CrmError``."""
    found: dict[str, FoundContact | None] = {}
    unique = list(dict.fromkeys(contacts))
    for start in range(0, len(unique), AT_ONCE):
        some = crm.contacts(unique[start : start + AT_ONCE])
        found |= {asked: as_found(one) if one else None for asked, one in some.items()}
    return found


def as_found(contact: Contact) -> FoundContact:
    return FoundContact(
        contact=contact.id,
        name=contact.name,
        email=contact.email,
        company=contact.company_id,
        company_name=contact.company_name,
        locale=contact.locale,
        time_zone=contact.time_zone,
        opted_out=contact.opted_out,
    )
