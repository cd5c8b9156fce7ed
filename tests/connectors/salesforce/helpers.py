"""What the tests of the connector share."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.accounts import Connection
from connectors.errors import NeedsReconnect
from connectors.manifest import manifest
from connectors.salesforce import CRM
from connectors.salesforce.connector import SalesforceConnector
from connectors.salesforce.members import task_key
from connectors.salesforce.metadata import members, package, zipped
from connectors.sandbox.salesforce import SalesforceSandbox
from connectors.types import AnswerRecord, ContactUpdate, Task
from tests.support.installing import once_installed

NOW = datetime(2026, 11, 20, 10, 0, 30, tzinfo=UTC)
KEYED = {"task_key": "unique", "task_priority": "High"}
MARKED = {"task_key": "marker", "task_priority": "High"}


class TokenBox:
    """Tokens as the store of installations keeps them: refreshed once however many ask."""

    def __init__(self, org: SalesforceSandbox, token: str = "") -> None:
        self.org, self.held = org, token or org.token()
        self.renewals = 0
        self.lock = threading.Lock()
        self.gone = False

    def access(self) -> str:
        return self.held

    def renew(self, failed: str) -> str:
        with self.lock:
            if self.gone:
                raise NeedsReconnect("grant_gone")
            if self.held == failed:
                self.renewals += 1
                self.held = self.org.token()
            return self.held


def connection(org: SalesforceSandbox, **more: Any) -> Connection:
    version = manifest().salesforce.api_version
    values = {"api_version": version, "loopback": True, "capabilities": KEYED} | more
    return Connection("salesforce", org.org_id, org.url, **values)


def connector(
    org: SalesforceSandbox, tokens: TokenBox | None = None, **more: Any
) -> SalesforceConnector:
    made = CRM.connector(connection(org, **more), tokens or TokenBox(org))
    assert isinstance(made, SalesforceConnector)
    return made


def package_zip(*, keyless: bool = False) -> bytes:
    want = manifest()
    without = {task_key(want)} if keyless else set()
    return zipped(package(want, members(want), without))


@contextmanager
def installed(*, keyless: bool = False, **options: Any) -> Iterator[SalesforceSandbox]:
    """A sandbox with our package in it, its calls forgotten."""
    with SalesforceSandbox(**options) as org:

        def deploy() -> None:
            org.install(package_zip(keyless=keyless), assign={org.admin: "Gensvar_Integration"})

        once_installed(org, deploy, what=keyless)
        yield org


def answer(contact_id: str, key: str = "a1", **more: Any) -> AnswerRecord:
    values: dict[str, Any] = {
        "score": 3,
        "category": "detractor",
        "comment": "Ingen svarar i telefon.",
        "touchpoint": "Support case",
        "kind": "transactional",
        "answered_at": NOW,
        "revision": 1,
        "may_contact": True,
    }
    return AnswerRecord(key=key, contact_id=contact_id, **values | more)


def update(contact_id: str, **values: Any) -> ContactUpdate:
    return ContactUpdate(contact_id, values or {"score": 3, "category": "detractor"})


def task(contact_id: str, key: str = "a1", **more: Any) -> Task:
    values: dict[str, Any] = {
        "subject": "NPS 3: follow up",
        "body": "Score: 3 of 10\n\nIngen svarar i telefon.",
        "due_at": NOW + timedelta(hours=24),
    }
    return Task(key=key, contact_id=contact_id, **values | more)
