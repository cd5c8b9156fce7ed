"""What a permission set file means: who may see and change which field."""

from typing import Any

from connectors.sandbox.salesforce.org import Org
from connectors.sandbox.salesforce.work import N, Work, texts

RIGHTS = ("Read", "Edit", "Create", "Delete")


def apply_permissions(work: Work, path: str, name: str, root: Any) -> None:
    if not work.listed("PermissionSet", name, path):
        return
    before = len(work.failures)
    fields = [texts(node) for node in root.findall(f"{N}fieldPermissions")]
    objects = [texts(node) for node in root.findall(f"{N}objectPermissions")]
    for entry in fields:
        _check_field(work, path, name, entry["field"])
    _check_objects(work, path, name, objects)
    for node in root.findall(f"{N}tabSettings"):
        tab = node.findtext(f"{N}tab")
        if tab not in work.org.custom.tabs:
            work.fail(
                "PermissionSet", name, path, f"In field: tab - no CustomTab named {tab} found"
            )
    if len(work.failures) == before:
        _grant(work, path, name, root, fields, objects)


def _check_field(work: Work, path: str, name: str, full: str) -> None:
    target, _, field = full.partition(".")
    kind = work.org.objects.get(target)
    if kind is None or field not in kind.fields:
        problem = f"In field: field - no CustomField named {full} found"
        work.fail("PermissionSet", name, path, problem)
    elif kind.fields[field].required:
        work.fail("PermissionSet", name, path, f"You cannot deploy to a required field: {full}")


def _check_objects(work: Work, path: str, name: str, entries: list[dict[str, str]]) -> None:
    readable = {entry["object"] for entry in entries if entry["allowRead"] == "true"}
    for entry in entries:
        if entry["object"] not in work.org.objects:
            problem = f"In field: object - no CustomObject named {entry['object']} found"
            work.fail("PermissionSet", name, path, problem)
    if "Contact" in readable and "Account" not in readable:
        problem = "Permission Read Contact depends on permission(s): Read Account"
        work.fail("PermissionSet", name, path, problem)


def _grant(work: Work, path: str, name: str, root: Any, fields: Any, objects: Any) -> None:
    rows = work.org.rows["PermissionSet"].values()
    existing = next((row["Id"] for row in rows if row["Name"] == name), None)
    about = {
        "Label": root.findtext(f"{N}label"),
        "Description": root.findtext(f"{N}description"),
    }
    parent = existing or work.org.insert("PermissionSet", Name=name)
    work.org.rows["PermissionSet"][parent] |= about
    # A deployed permission set replaces what it granted before.
    forget_grants(work.org, parent)
    for entry in fields:
        work.org.insert(
            "FieldPermissions",
            ParentId=parent,
            SobjectType=entry["field"].split(".")[0],
            Field=entry["field"],
            PermissionsRead=entry["readable"] == "true",
            PermissionsEdit=entry["editable"] == "true",
        )
    for entry in objects:
        rights = {f"Permissions{r}": entry[f"allow{r}"] == "true" for r in RIGHTS}
        work.org.insert("ObjectPermissions", ParentId=parent, SobjectType=entry["object"], **rights)
    work.done("PermissionSet", name, path, created=existing is None)


def forget_grants(org: Org, parent: str) -> None:
    for table in ("FieldPermissions", "ObjectPermissions"):
        kept = {key: row for key, row in org.rows[table].items() if row["ParentId"] != parent}
        org.rows[table] = kept
