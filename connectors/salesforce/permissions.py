"""Who may see and change what: two permission sets."""

from collections.abc import Collection, Iterator, Mapping

from connectors.manifest import Field, Manifest, PermissionSet
from connectors.salesforce import objects
from connectors.salesforce.members import Member, field_member
from connectors.salesforce.xml import Node, document

RIGHTS = ("Read", "Edit", "Create", "Delete")
REP_WRITES = {"Task": ("cause", "outcome"), "request": ("contact", "touchpoint", "channel")}


def sets(manifest: Manifest) -> tuple[tuple[PermissionSet, bool], ...]:
    """Each permission set, with whether it is for the connected user, who writes everything."""
    return (manifest.salesforce.integration, True), (manifest.salesforce.viewer, False)


def files(
    manifest: Manifest, wanted: frozenset[Member], without: frozenset[Member]
) -> Iterator[tuple[str, bytes]]:
    for grants, writes in sets(manifest):
        if Member("PermissionSet", grants.name) in wanted:
            path = f"permissionsets/{grants.name}.permissionset"
            yield path, _permission_set(manifest, grants, without, writes=writes)


def field_rights(
    manifest: Manifest, without: Collection[Member] = (), *, writes: bool
) -> dict[str, bool]:
    """Each field as permissions name it (there a task is a ``Task``), with whether it may be changed."""
    rights = {
        f"{name}.{field.salesforce}": writes or field.key in _of_reps(manifest, name)
        for name, field in _granted(manifest, without)
    }
    return dict(sorted(rights.items()))


def object_rights(manifest: Manifest, *, writes: bool) -> dict[str, tuple[str, ...]]:
    """The rights on each object. Deleting is for what a customer wants erased."""
    answer, request = objects.ours(manifest)
    if writes:
        return {"Account": ("Read",), "Contact": ("Read", "Edit"), answer: RIGHTS, request: RIGHTS}
    return {
        "Account": ("Read",),
        "Contact": ("Read",),
        answer: ("Read",),
        request: ("Read", "Create"),
    }


def _granted(manifest: Manifest, without: Collection[Member]) -> Iterator[tuple[str, Field]]:
    for name, parts in objects.fields_of(manifest).items():
        for field in parts.values():
            if field_member(name, field) not in without:
                yield ("Task" if name == "Activity" else name), field


def _of_reps(manifest: Manifest, name: str) -> tuple[str, ...]:
    """Keys of the fields that people who read NPS also fill in."""
    key = "request" if name == manifest.salesforce.request.object else name
    return REP_WRITES.get(key, ())


def _permission_set(
    manifest: Manifest, grants: PermissionSet, without: frozenset[Member], *, writes: bool
) -> bytes:
    fields: list[Mapping[str, Node]] = [
        {"editable": editable, "field": name, "readable": True}
        for name, editable in field_rights(manifest, without, writes=writes).items()
    ]
    granted: list[Mapping[str, Node]] = [
        _object_permission(name, rights)
        for name, rights in object_rights(manifest, writes=writes).items()
    ]
    tabs: list[Mapping[str, Node]] = [
        {"tab": name, "visibility": "Visible"} for name in objects.ours(manifest)
    ]
    return document(
        "PermissionSet",
        {
            "description": grants.description,
            "fieldPermissions": fields,
            "hasActivationRequired": False,
            "label": grants.label,
            "objectPermissions": granted,
            "tabSettings": tabs,
        },
    )


def _object_permission(name: str, rights: tuple[str, ...]) -> dict[str, Node]:
    """Salesforce wants all six, also those that are not given."""
    return {
        **{f"allow{right}": right in rights for right in RIGHTS},
        "modifyAllRecords": False,
        "object": name,
        "viewAllRecords": False,
    }
