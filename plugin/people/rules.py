"""What people-related decisions need to know, and the door through which contacts are looked up in their CRM."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from plugin.errors import Problem
from plugin.strict import storable


@dataclass(frozen=True, slots=True)
class ContactName:
    """How an ask names a contact: a record id, or the value of an e-mail or other unique field."""

    id: str | None = None
    field: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class FoundContact:
    """A contact as its CRM shows it now; ``contact`` is the survivor's id when the one named was merged."""

    contact: str
    name: str = ""
    email: str = ""
    company: str = ""
    company_name: str = ""
    locale: str = ""
    time_zone: str = ""  # IANA; empty where the CRM does not know
    opted_out: bool | None = None


class Directory(Protocol):
    """Where contacts are looked up: one installation's CRM."""

    def find(self, installation: str, name: ContactName) -> list[FoundContact]:
        """None, one or several. Raises ``Problem``: ``not_found`` for an unknown installation,
        ``needs_reconnect``, ``crm_unavailable``, ``field_invalid`` for a field the CRM does not have."""
        ...

    def known(
        self, installation: str, contacts: Sequence[str]
    ) -> Mapping[str, FoundContact | None]:
        """Each of these record ids as it stands now; ``None`` for what is gone. Raises
        ``Problem`` as ``find`` does."""
        ...


def parse_contact(given: Any) -> ContactName:
    """A contact as a request names it: ``"123"``, ``{"email": ...}`` or ``{"property", "value"}``.

    Raises ``Problem("field_invalid")``.
    """
    if isinstance(given, str) and 0 < len(given) <= 64 and storable(given):
        return ContactName(id=given)
    if isinstance(given, dict):
        if set(given) == {"email"} and _short(given["email"]):
            return ContactName(field="email", value=given["email"].strip())
        if set(given) == {"property", "value"} and all(map(_short, given.values())):
            return ContactName(field=given["property"], value=given["value"])
    raise Problem(
        "field_invalid",
        "contact is the CRM's record id, or an object with email, or with property and value.",
        fields={"contact": "a record id, {email} or {property, value}"},
    )


def _short(text: Any) -> bool:
    return isinstance(text, str) and 0 < len(text.strip()) <= 320 and storable(text)


def lane_of(installation: str) -> str:
    """The lane in which everything owed to this installation's CRM stands."""
    return f"crm:{installation}"
