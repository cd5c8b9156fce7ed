"""What ``destructiveChanges.xml`` takes away."""

from connectors.sandbox.salesforce.grants import forget_grants
from connectors.sandbox.salesforce.work import Work


def destroy(work: Work, listing: dict[str, list[str]]) -> None:
    """Deletes what *listing* names, in the order in which things need each other."""
    removals = {
        "PermissionSet": _permission_set,
        "CustomTab": _tab,
        "CustomField": _field,
        "CustomObject": _object,
        "ValidationRule": _rule,
    }
    for kind in ("PermissionSet", "CustomTab", "ValidationRule", "CustomField", "CustomObject"):
        for name in listing.get(kind, ()):
            path = "destructiveChanges.xml"
            if removals[kind](work, name):
                work.done(kind, name, path, created=False, deleted=True)
            elif not work.failures:
                # The real one warns of what is not there and goes on.
                work.done(kind, name, path, created=False)


def _permission_set(work: Work, name: str) -> bool:
    found = [r["Id"] for r in work.org.rows["PermissionSet"].values() if r["Name"] == name]
    for parent in found:
        held = work.org.rows["PermissionSetAssignment"].values()
        if any(row["PermissionSetId"] == parent for row in held):
            problem = "This permission set is assigned to users and cannot be deleted."
            work.fail("PermissionSet", name, "destructiveChanges.xml", problem)
            return False
        forget_grants(work.org, parent)
        del work.org.rows["PermissionSet"][parent]
    return bool(found)


def _rule(work: Work, full: str) -> bool:
    target, _, name = full.partition(".")
    kind = work.org.objects.get(target)
    return kind is not None and kind.rules.pop(name, None) is not None


def _tab(work: Work, name: str) -> bool:
    here = name in work.org.tabs
    work.org.tabs.discard(name)
    return here


def _field(work: Work, full: str) -> bool:
    target, _, field = full.partition(".")
    kind = work.org.objects.get("Task" if target == "Activity" else target)
    if kind is None or field not in kind.fields:
        return False
    del kind.fields[field]
    for row in work.org.rows[kind.name].values():
        row.pop(field, None)
    return True


def _object(work: Work, name: str) -> bool:
    work.org.rows.pop(name, None)
    return work.org.objects.pop(name, None) is not None
