"""One HubSpot account with one app in it, served on 127.0.0.1."""

from collections.abc import Iterable
from typing import Any

from connectors.accounts import Client
from connectors.sandbox.hubspot.app import create_app
from connectors.sandbox.hubspot.control import ALL_SCOPES
from connectors.sandbox.hubspot.grants import Grants
from connectors.sandbox.hubspot.hub import Hub
from connectors.sandbox.hubspot.options import Options
from connectors.sandbox.hubspot.portal import Owner, Portal, Record
from connectors.sandbox.hubspot.selling import Members
from connectors.sandbox.hubspot.standard import (
    COMPANIES,
    CONTACTS,
    DEALS,
    NOTES,
    TASKS,
    TICKETS,
)
from connectors.sandbox.hubspot.webhooks import Webhooks
from connectors.sandbox.life import LocalSandbox


class HubSpotSandbox(LocalSandbox):
    """*options* are those of ``Options``."""

    def __init__(self, port: int = 0, **options: Any) -> None:
        self.portal = Portal(options=Options(**options))
        self.grants = Grants()
        super().__init__(create_app(Hub(self.portal, self.grants)), port)
        self.portal.ui_domain = self.url.removeprefix("http://")
        self.webhooks = Webhooks(self.portal, self.grants)

    def start(self) -> None:
        super().start()
        self.webhooks.start()

    def stop(self) -> None:
        self.webhooks.stop()
        super().stop()

    @property
    def portal_id(self) -> str:
        return str(self.portal.id)

    @property
    def client(self) -> Client:
        """The app's OAuth client; people sign in at the sandbox."""
        return Client(self.grants.client_id, self.grants.client_secret, self.url)

    def token(self, scopes: Iterable[str] | None = None, ttl: float | None = None) -> str:
        """A ready token of a static app, with all scopes unless named; ``ttl`` in seconds."""
        return self.grants.issue(ALL_SCOPES if scopes is None else scopes, ttl, oauth=False)

    def refresh_token(self, scopes: Iterable[str] | None = None) -> str:
        """As if an administrator had approved these scopes."""
        return self.grants.allow(ALL_SCOPES if scopes is None else scopes)

    # People and records

    def add_owner(
        self, first: str, last: str = "", email: str = "", *, active: bool = True
    ) -> Owner:
        with self.portal.lock:
            owner_id = self.portal.new_id()
            made = Owner(owner_id, first, last, email, int(owner_id) + 70_000, not active)
            self.portal.owners[owner_id] = made
            return made

    def add_company(self, name: str, *, owner: Owner | None = None, **properties: str) -> Record:
        values = {"name": name, **properties}
        if owner:
            values["hubspot_owner_id"] = owner.id
        return self._planted(COMPANIES, values)

    def add_contact(
        self,
        email: str = "",
        *,
        owner: Owner | None = None,
        company: Record | None = None,
        **properties: str,
    ) -> Record:
        """A contact; an owner may be inactive, as happens when somebody leaves."""
        values = {**({"email": email} if email else {}), **properties}
        if owner:
            values["hubspot_owner_id"] = owner.id
        if company:
            values["company"] = company.properties["name"]
        made = self._planted(CONTACTS, values)
        if company:
            with self.portal.lock:
                self.portal.link(CONTACTS, made.id, COMPANIES, company.id, [1, 279])
        return made

    def add_contacts(self, how_many: int, **more: Any) -> list[Record]:
        return [
            self.add_contact(f"c{self.portal.new_id()}@customer.example", firstname="C", **more)
            for _ in range(how_many)
        ]

    def add_deal(self, *contacts: Record, **properties: str) -> Record:
        """Won, unless another stage is named."""
        values = {"dealname": "A deal", "pipeline": "default", "dealstage": "closedwon"}
        return self._about(DEALS, 3, contacts, values | properties)

    def add_ticket(self, *contacts: Record, **properties: str) -> Record:
        """Closed, unless another stage is named."""
        values = {"subject": "A question", "hs_pipeline": "0", "hs_pipeline_stage": "4"}
        return self._about(TICKETS, 16, contacts, values | properties)

    def add_list(self, name: str, *contacts: Record) -> str:
        with self.portal.lock:
            key = self.portal.new_id()
            self.portal.lists[key] = Members(name, [one.id for one in contacts])
            return key

    def change(self, record: Record, **properties: str) -> None:
        with self.portal.lock:
            self.portal.update(record, properties)

    def merge(self, primary: Record, other: Record) -> Record:
        with self.portal.lock:
            return self.portal.merge(primary, other)

    def delete(self, record: Record) -> None:
        with self.portal.lock:
            self.portal.archive(record)

    def restore(self, record: Record) -> None:
        with self.portal.lock:
            self.portal.restore(record.type, record.id)

    def contact(self, contact_id: str) -> dict[str, str]:
        """The contact's properties now (a copy); raises ``KeyError`` for one that is gone."""
        with self.portal.lock:
            return dict(self.portal.records[CONTACTS][contact_id].properties)

    def notes(self, contact_id: str) -> list[Record]:
        return self._of(contact_id, NOTES)

    def tasks(self, contact_id: str) -> list[Record]:
        return self._of(contact_id, TASKS)

    def record_url(self, contact_id: str) -> str:
        return f"{self.url}/contacts/{self.portal.id}/record/0-1/{contact_id}"

    def _of(self, contact_id: str, kind: str) -> list[Record]:
        with self.portal.lock:
            linked = self.portal.linked(CONTACTS, contact_id, kind)
            return [self.portal.records[kind][key] for key in linked]

    def _about(
        self, kind: str, link: int, contacts: Iterable[Record], values: dict[str, str]
    ) -> Record:
        made = self._planted(kind, values)
        with self.portal.lock:
            for contact in contacts:
                self.portal.link(kind, made.id, CONTACTS, contact.id, [link])
        return made

    def _planted(self, kind: str, values: dict[str, str]) -> Record:
        with self.portal.lock:
            owner_id = values.pop("hubspot_owner_id", "")
            made = self.portal.create(kind, values)
            made.properties.update({"hubspot_owner_id": owner_id} if owner_id else {})
            return made
