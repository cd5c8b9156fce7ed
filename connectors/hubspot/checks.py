"""What differs between manifest and account, and what is missing to work."""

from collections.abc import Callable, Iterator, Mapping

from connectors.accounts import Finding
from connectors.errors import MissingRight
from connectors.hubspot import audiences
from connectors.hubspot.client import Api
from connectors.hubspot.oauth import introspect
from connectors.hubspot.schema import CAPABILITY, UNIQUE, properties
from connectors.hubspot.wanted import Part, Property, clashes, difference, parts
from connectors.manifest import Field, manifest
from connectors.protocol import Tokens

INSTALL = "Run the install again."
RESTORE = "Restore it in HubSpot under Settings, Properties, Archived, then run the install again."


def check(api: Api, tokens: Tokens) -> list[Finding]:
    missing = list(_scopes(api, tokens))
    if any(finding.what.startswith("crm.schemas.contacts.read") for finding in missing):
        return missing
    return [*missing, *(finding for part in parts() for finding in _part(api, part))]


def _scopes(api: Api, tokens: Tokens) -> Iterator[Finding]:
    scopes = manifest().hubspot.scopes
    granted = _granted(api, tokens)
    for needed, fatal in ((scopes.required, True), (scopes.optional, False)):
        for scope, purpose in needed.items():
            if not granted(scope):
                what = f"{scope} is not granted: needed {purpose}."
                yield Finding("scope_missing", what, "Connect again and allow it.", fatal)


def _granted(api: Api, tokens: Tokens) -> Callable[[str], bool]:
    """HubSpot says which scopes a token has to its own client only; with a ready token we try."""
    client = api.connection.client
    if client is None:
        return lambda scope: _tried(api, scope)
    told = introspect(api.connection, client, tokens.access())
    return lambda scope: scope in told.get("scopes", ())


def _tried(api: Api, scope: str) -> bool:
    probe = PROBES.get(scope)
    try:
        if probe is not None:
            probe(api)
    except MissingRight:
        return False
    return True


PROBES: Mapping[str, Callable[[Api], object]] = {
    "crm.objects.contacts.read": lambda api: api.call(
        "crm.contacts.basic_api", "get_page", limit=1
    ),
    "crm.objects.companies.read": lambda api: api.call(
        "crm.companies.basic_api", "get_page", limit=1
    ),
    "crm.objects.owners.read": lambda api: api.call("crm.owners.owners_api", "get_page", limit=1),
    "crm.schemas.contacts.read": lambda api: properties(api, "contacts"),
    "crm.objects.deals.read": lambda api: _first(api, "deals"),
    "tickets": lambda api: _first(api, "tickets"),
    "crm.lists.read": audiences.lists,
}


def _first(api: Api, kind: str) -> object:
    return api.plain("GET", f"/crm/objects/{api.connection.api_version}/{kind}?limit=1")


def _part(api: Api, part: Part) -> Iterator[Finding]:
    there = properties(api, part.object)
    wanted = [field for field in part.fields if _expected(api, part, field)]
    absent = [field for field in wanted if field.hubspot not in there]
    archived = properties(api, part.object, archived=True) if absent else {}
    for field in absent:
        yield _absent(part, field, archived)
    for field in wanted:
        if held := there.get(str(field.hubspot)):
            yield from _differs(part, field, held)


def _expected(api: Api, part: Part, field: Field) -> bool:
    """Whether install left this field there, as it recorded."""
    told = api.connection.capabilities
    if part.must:
        return True
    if field.key == "key":
        return told.get(CAPABILITY[part.object]) == UNIQUE
    return field.key in told.get(f"{part.object}_fields", "").split(",")


def _absent(part: Part, field: Field, archived: Mapping[str, Property]) -> Finding:
    name = f"{part.object} property {field.hubspot} ({field.label})"
    fatal = part.must or field.key == "key"
    if field.hubspot in archived:
        return Finding("field_archived", f"{name} was deleted.", RESTORE, fatal)
    return Finding("field_missing", f"{name} is missing.", INSTALL, fatal)


def _differs(part: Part, field: Field, held: Property) -> Iterator[Finding]:
    name = f"{part.object} property {field.hubspot} ({field.label})"
    words = clashes(field, held)
    if words:
        yield Finding("field_clash", words, "Rename or delete it in HubSpot, then install again.")
        return
    change = difference(field, held)
    if "options" in change:
        yield Finding("options_missing", f"{name} lacks options.", INSTALL)
    if "label" in change:
        yield Finding("label_changed", f"{name} has another label.", INSTALL, fatal=False)
    if field.type == "key" and not held.get("hasUniqueValue"):
        yield Finding("key_not_unique", f"{name} is not unique.", INSTALL)
