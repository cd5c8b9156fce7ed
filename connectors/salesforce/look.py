"""What stands in the org now of what the manifest wants there. Reads only."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from simple_salesforce.format import format_soql

from connectors.errors import Clash, Refused
from connectors.manifest import Field, Manifest, manifest
from connectors.salesforce import objects, permissions
from connectors.salesforce.client import Org, Row
from connectors.salesforce.oauth import account_of
from connectors.salesforce.workshop import Workshop, workshop

SETS = "SELECT Id, Name, Description FROM PermissionSet WHERE Name IN {}"
FIELD_RIGHTS = (
    "SELECT Parent.Name, Field, PermissionsRead, PermissionsEdit FROM FieldPermissions "
    "WHERE ParentId IN {}"
)
OBJECT_RIGHTS = (
    "SELECT Parent.Name, SobjectType, PermissionsRead, PermissionsEdit, PermissionsCreate, "
    "PermissionsDelete FROM ObjectPermissions WHERE ParentId IN {}"
)
HOLDERS = (
    "SELECT Id, AssigneeId, Assignee.IsActive, PermissionSet.Name FROM PermissionSetAssignment "
    "WHERE PermissionSetId IN {}"
)
VIEWS = "SELECT DeveloperName, SobjectType FROM ListView WHERE SobjectType IN {}"


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who was given one of our permission sets."""

    assignment: str
    user: str
    active: bool
    set_name: str


@dataclass(frozen=True, slots=True)
class Look:
    """``described`` is describe by object, ``None`` where it is not there; ``sets`` are ids of our
    permission sets by name; ``rights`` the fields each grants, with whether they may be changed;
    ``objects`` the rights on objects, as ``Contact.Edit``."""

    described: Mapping[str, Row | None]
    sets: Mapping[str, str]
    rights: Mapping[str, Mapping[str, bool]]
    objects: Mapping[str, Collection[str]]
    holders: tuple[Holder, ...]
    tabs: frozenset[str]
    views: frozenset[str]
    workshop: Workshop

    def field(self, name: str, field: Field) -> Row | None:
        """What describe shows of a field on the object that metadata calls *name*."""
        seen = self.described["Task" if name == "Activity" else name] or {"fields": []}
        wanted = (field.salesforce or "").lower()
        return next((one for one in seen["fields"] if one["name"].lower() == wanted), None)

    def holds(self, user: str, set_name: str) -> bool:
        return any(h.user == user and h.set_name == set_name for h in self.holders)


def look(org: Org) -> Look:
    """About fifteen calls; raises ``Clash`` where a permission set of the same name is not ours."""
    want = manifest()
    ours = objects.ours(want)
    described = {name: describe(org, name) for name in ("Contact", "Task", *ours)}
    sets = _sets(org, want)
    ids = list(sets.values())
    rights: dict[str, dict[str, bool]] = {name: {} for name in sets}
    granted: dict[str, set[str]] = {name: set() for name in sets}
    for row in org.query_in(lambda some: format_soql(FIELD_RIGHTS, some), ids):
        if row["PermissionsRead"]:
            rights[row["Parent"]["Name"]][row["Field"]] = row["PermissionsEdit"]
    for row in org.query_in(lambda some: format_soql(OBJECT_RIGHTS, some), ids):
        granted[row["Parent"]["Name"]] |= set(_object_rights(row))
    return Look(
        described,
        sets,
        rights,
        granted,
        tuple(_holders(org, ids)),
        tabs=frozenset(str(tab.get("sobjectName")) for tab in org.call("tabs") or ()),
        views=frozenset(_views(org, list(ours))),
        workshop=workshop(org, want),
    )


def describe(org: Org, name: str) -> Row | None:
    """The object as the connected user sees it, ``None`` where it does not."""
    try:
        seen: Row = org.call(f"sobjects/{name}/describe")
    except Refused as error:
        if error.code != "not_found":
            raise
        return None
    return seen


def connected_user(org: Org, *, loopback: bool) -> tuple[str, str]:
    """Org and user the token belongs to."""
    return account_of(str(org.call("")["identity"]), loopback=loopback)


def _sets(org: Org, want: Manifest) -> dict[str, str]:
    rows = org.query(format_soql(SETS, [one.name for one, _ in permissions.sets(want)]))
    for row in rows:
        if want.salesforce.marker not in (row.get("Description") or ""):
            raise Clash(
                "permission_set_foreign",
                f"The org has a permission set {row['Name']} that Gensvar did not make: rename it.",
            )
    return {row["Name"]: row["Id"] for row in rows}


def _holders(org: Org, set_ids: list[str]) -> Iterator[Holder]:
    for row in org.query_in(lambda some: format_soql(HOLDERS, some), set_ids):
        active = bool((row.get("Assignee") or {}).get("IsActive"))
        yield Holder(row["Id"], row["AssigneeId"], active, row["PermissionSet"]["Name"])


def _object_rights(row: Row) -> Iterator[str]:
    for right in permissions.RIGHTS:
        if row[f"Permissions{right}"]:
            yield f"{row['SobjectType']}.{right}"


def _views(org: Org, names: list[str]) -> Iterator[str]:
    for row in org.query(format_soql(VIEWS, names)):
        yield f"{row['SobjectType']}.{row['DeveloperName']}"
