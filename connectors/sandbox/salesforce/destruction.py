"""What ``destructiveChanges.xml`` takes away."""

from connectors.sandbox.salesforce.grants import forget_grants
from connectors.sandbox.salesforce.work import Work


def destroy(work: Work, listing: dict[str, list[str]]) -> None:
    """Deletes what *listing* names, in the order in which things need each other."""
    removals = {
        "LightningComponentBundle": _bundle,
        "CustomLabel": _label,
        "PermissionSet": _permission_set,
        "CustomTab": _tab,
        "ValidationRule": _rule,
        "CustomField": _field,
        "CustomObject": _object,
    }
    for kind in removals:
        for name in listing.get(kind, ()):
            path = "destructiveChanges.xml"
            if _used(work, kind, name):
                work.fail(kind, name, path, IN_USE)
                continue
            if removals[kind](work, name):
                work.done(kind, name, path, created=False, deleted=True)
            elif not work.failures:
                # The real one warns of what is not there and goes on.
                work.done(kind, name, path, created=False)


IN_USE = "This component is referenced elsewhere in salesforce.com. Remove the usage and try again."


def _used(work: Work, kind: str, name: str) -> bool:
    """Whether a page shows the component, or a component that stays needs the label or field."""
    custom = work.org.custom
    if kind == "LightningComponentBundle":
        return name in custom.on_pages
    field = name.replace("Activity.", "Task.")
    return any(
        (kind == "CustomLabel" and name in bundle.labels)
        or (kind == "CustomField" and field in bundle.fields)
        or (kind == "CustomObject" and any(f.startswith(f"{name}.") for f in bundle.fields))
        for bundle in custom.bundles.values()
    )


def _bundle(work: Work, name: str) -> bool:
    return work.org.custom.bundles.pop(name, None) is not None


def _label(work: Work, name: str) -> bool:
    for said in work.org.custom.translations.values():
        said.pop(name, None)
    return work.org.custom.labels.pop(name, None) is not None


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
    here = name in work.org.custom.tabs
    work.org.custom.tabs.discard(name)
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
    views = work.org.rows["ListView"]
    for key in [key for key, row in views.items() if row["SobjectType"] == name]:
        del views[key]
    return work.org.objects.pop(name, None) is not None
