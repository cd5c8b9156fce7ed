"""Fields of the sandboxes' contacts by the labels that people read, filled with whatever a real CRM may send."""

from typing import Any

from connectors.sandbox.hubspot import HubSpotSandbox
from connectors.sandbox.hubspot.definitions import Definition
from connectors.sandbox.hubspot.portal import now
from connectors.sandbox.salesforce import SalesforceSandbox
from connectors.sandbox.salesforce.schema import Field

ACCOUNT = "Account: "


class HubSpotFields:
    def __init__(self, hub: HubSpotSandbox) -> None:
        self._hub = hub

    def put(self, contact: str, label: str, raw: object) -> None:
        """*raw* stands there, whatever HubSpot would say to it."""
        record = self._hub.portal.records["contacts"][contact]
        with self._hub.portal.lock:
            record.properties[self._named(label).name] = raw if raw is None else str(raw)
            record.updated = now()

    def take(self, label: str) -> None:
        self._named(label).archived = True

    def give_back(self, label: str) -> None:
        self._named(label).archived = False

    def _named(self, label: str) -> Definition:
        known = self._hub.portal.definitions["contacts"].values()
        return next(one for one in known if one.label == label)


class SalesforceFields:
    """A field that stands on the contact, or else on its account."""

    def __init__(self, org: SalesforceSandbox) -> None:
        self._org = org

    def put(self, contact: str, label: str, raw: Any) -> None:
        kind, field = self._named(label)
        if kind == "Contact":
            self._org.change(contact, **{field.name: raw})
            return
        account = self._org.row(contact)["AccountId"] or self._org.add_account("Acme")
        self._org.change(account, "Account", **{field.name: raw})
        self._org.change(contact, AccountId=account)

    def take(self, label: str) -> None:
        kind, field = self._named(label)
        self._org.options.hidden_fields.add(f"{kind}.{field.name}")

    def give_back(self, label: str) -> None:
        kind, field = self._named(label)
        self._org.options.hidden_fields.discard(f"{kind}.{field.name}")

    def _named(self, label: str) -> tuple[str, Field]:
        for kind in ("Contact", "Account"):
            for field in self._org.org.objects[kind].fields.values():
                if field.label == label.removeprefix(ACCOUNT):
                    return kind, field
        raise LookupError(label)
