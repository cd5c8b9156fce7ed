"""Records as the API shows them."""

from collections.abc import Iterable
from typing import Any

from connectors.sandbox.hubspot.definitions import OPEN
from connectors.sandbox.hubspot.hub import portal
from connectors.sandbox.hubspot.portal import Record, iso
from connectors.sandbox.hubspot.standard import CONTACTS, RETURNED


def as_json(record: Record, wanted: Iterable[str]) -> dict[str, Any]:
    """*record* with the properties asked for and those that always come; without a value: null. What is no property any
    more, or a sensitive one, is left out and nobody is told."""
    names = [*RETURNED[record.type], *(name for name in wanted if _shows(record.type, name))]
    shown = {
        "id": record.id,
        "properties": {name: value_of(record, name) for name in names},
        "createdAt": iso(record.created),
        "updatedAt": iso(record.updated),
        "archived": record.archived,
    }
    return {**shown, "archivedAt": iso(record.updated)} if record.archived else shown


def value_of(record: Record, name: str) -> str | None:
    changed = "lastmodifieddate" if record.type == CONTACTS else "hs_lastmodifieddate"
    computed = {
        "hs_object_id": record.id,
        "createdate": iso(record.created),
        "hs_createdate": iso(record.created),
        changed: iso(record.updated),
    }
    return computed.get(name) or record.properties.get(name)


def _shows(kind: str, name: str) -> bool:
    defined = portal().definitions[kind].get(name)
    return defined is not None and not defined.archived and defined.sensitivity == OPEN
