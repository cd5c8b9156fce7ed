"""The CRM accounts as the rooms to the left of ``crm`` may know them: an id and a name to choose by."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class Account:
    """One installation: its id, its name, and the CRM's name as people write it."""

    id: str
    name: str
    crm: str

    @property
    def title(self) -> str:
        return f"{self.name} ({self.crm})"


class Accounts(Protocol):
    """All installations, by name; plugged in by ``create_app``."""

    def __call__(self, connection: Connection) -> Sequence[Account]: ...


def no_accounts(connection: Connection) -> Sequence[Account]:
    """Before anything is plugged in: nothing to choose from."""
    return ()


def find(accounts: Sequence[Account], account_id: str) -> Account | None:
    return next((account for account in accounts if account.id == account_id), None)
