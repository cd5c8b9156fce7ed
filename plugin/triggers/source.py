"""The door through which events and audiences are read from a CRM; ``crm`` plugs in who does it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from plugin.people.rules import FoundContact
from plugin.triggers.rules import Happening, Wanted


@dataclass(frozen=True, slots=True)
class Page:
    """*mark* is where to go on; *more*: at once."""

    mark: str
    found: tuple[Happening, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class Right:
    """What the CRM must grant for a kind of trigger, empty where nothing special is needed; *granted* is ``None`` where
    only trying tells. *how* says what an administrator does to grant it."""

    name: str = ""
    granted: bool | None = None
    how: str = ""

    @property
    def missing(self) -> bool:
        return self.granted is False


class Source(Protocol):
    """Raises ``Problem`` everywhere: ``not_found`` for an unknown installation, ``needs_reconnect``,
    ``crm_unavailable``, ``forbidden`` with the right that is missing, ``field_invalid`` for a wrong choice."""

    def right(self, installation: str, kind: str) -> Right: ...

    def choices(self, installation: str, kind: str) -> list[tuple[str, str]]:
        """What can be chosen from in the CRM: values and what people read."""
        ...

    def page(self, installation: str, wanted: Wanted, since: datetime, mark: str) -> Page:
        """For deals and cases those changed since *since*."""
        ...

    def people(
        self, installation: str, contacts: Sequence[str]
    ) -> Mapping[str, FoundContact | None]:
        """By the id asked for: the contact, or its survivor; ``None`` for one that is gone."""
        ...

    def with_addresses(
        self, installation: str, addresses: Sequence[str]
    ) -> Mapping[str, Sequence[str]]:
        """By e-mail address, the record ids of the contacts that have it."""
        ...

    def is_record_id(self, installation: str, text: str) -> bool:
        """Whether *text* looks like a contact's record id."""
        ...
