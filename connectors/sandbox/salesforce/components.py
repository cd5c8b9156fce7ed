"""What the object and tab files of a package mean for an org."""

from typing import Any

from connectors.sandbox.salesforce import rules
from connectors.sandbox.salesforce.rules import Rule
from connectors.sandbox.salesforce.schema import Field, SObject, flag, owner, sobject, text
from connectors.sandbox.salesforce.work import N, Work, texts

TYPES = {
    "Text": "string",
    "LongTextArea": "textarea",
    "Number": "double",
    "Picklist": "picklist",
    "DateTime": "datetime",
    "Lookup": "reference",
    "Checkbox": "boolean",
}


def apply_object(work: Work, path: str, name: str, root: Any) -> None:
    """The fields, rules and, with a label, the object of one file."""
    if name in ("Task", "Event"):
        problem = f"Entity Enumeration Or ID: bad value for restricted picklist field: {name}"
        return work.fail("CustomField", name, path, problem)
    if root.find(f"{N}label") is not None and work.listed("CustomObject", name, path):
        _custom_object(work, path, name, root)
    target = "Task" if name == "Activity" else name
    if target not in work.org.objects:
        return work.fail("CustomObject", name, path, f"Entity '{name}' not found")
    kind = work.org.objects[target]
    for node in root.findall(f"{N}fields"):
        full = f"{name}.{node.findtext(f'{N}fullName')}"
        if work.listed("CustomField", full, path):
            _field(work, path, full, kind, node)
    for node in root.findall(f"{N}validationRules"):
        _rule(work, path, name, kind, node)
    for node in root.findall(f"{N}listViews"):
        _list_view(work, path, kind, node)
    return None


def _custom_object(work: Work, path: str, name: str, root: Any) -> None:
    needed = ("pluralLabel", "sharingModel", "deploymentStatus", "nameField")
    if any(root.find(f"{N}{tag}") is None for tag in needed) or not name.endswith("__c"):
        return work.fail("CustomObject", name, path, f"Required field is missing: {needed}")
    created = name not in work.org.objects
    if created:
        work.org.objects[name] = _new_object(work, name)
    kind = work.org.objects[name]
    kind.label = root.findtext(f"{N}label")
    kind.description = root.findtext(f"{N}description")
    return work.done("CustomObject", name, path, created=created)


def _field(work: Work, path: str, full: str, kind: SObject, node: Any) -> None:
    made = _made(node)
    problem = _refused(work, full, kind, made, node)
    if problem:
        return work.fail("CustomField", full, path, problem)
    created = made.name not in kind.fields
    for row in work.org.rows[kind.name].values():
        row.setdefault(made.name, None)
    kind.fields[made.name] = made
    return work.done("CustomField", full, path, created=created)


def _refused(work: Work, full: str, kind: SObject, made: Field, node: Any) -> str | None:
    """Why the org does not take this field."""
    if not made.custom:
        return f"The field {made.name} is not a custom field"
    before = kind.fields.get(made.name)
    if before is not None and before.type != made.type:
        return f"Cannot change type from {before.type} to {made.type}"
    unique_activity = full.startswith("Activity.") and made.unique
    if unique_activity and work.org.options.refuses_unique_activity_field:
        return "Cannot set unique on activities in this organization"
    if made.type == "reference":
        wrong = _relation(work, kind, made)
        if wrong:
            return wrong
    if len(made.label) > 40 or not made.label:
        return "Field Label: needs 1 to 40 characters"
    return _sizes(made)


def _relation(work: Work, kind: SObject, made: Field) -> str | None:
    """Each list of children of an object has a name of its own."""
    if not made.children:
        return "Must specify a relationshipName"
    for other in work.org.objects.values():
        for field in other.fields.values():
            same = (other.name, field.name) == (kind.name, made.name)
            if (
                field.children == made.children
                and field.reference_to == made.reference_to
                and not same
            ):
                return f"There is already a Child Relationship named {made.children}"
    return None


def _rule(work: Work, path: str, name: str, kind: SObject, node: Any) -> None:
    full = f"{name}.{node.findtext(f'{N}fullName')}"
    if not work.listed("ValidationRule", full, path):
        return None
    formula = node.findtext(f"{N}errorConditionFormula") or ""
    named = rules.fields(formula)
    if named is None:
        return work.fail("ValidationRule", full, path, "Error: Syntax error")
    for field in named:
        if field not in kind.fields:
            problem = f"Field {field} does not exist. Check spelling."
            return work.fail("ValidationRule", full, path, problem)
    short = full.split(".")[1]
    created = short not in kind.rules
    if node.findtext(f"{N}active") == "true":
        kind.rules[short] = Rule(formula, node.findtext(f"{N}errorMessage") or "")
    work.done("ValidationRule", full, path, created=created)
    return None


def _list_view(work: Work, path: str, kind: SObject, node: Any) -> None:
    short = node.findtext(f"{N}fullName")
    full = f"{kind.name}.{short}"
    if not work.listed("ListView", full, path):
        return None
    named = [*node.findall(f"{N}columns"), *node.findall(f"{N}filters/{N}field")]
    for column in (one.text for one in named):
        if column != "NAME" and column not in kind.fields:
            problem = f"Could not resolve list view column: {column}"
            return work.fail("ListView", full, path, problem)
    filtered = [one.text for one in node.findall(f"{N}filters/{N}field")]
    if any(not kind.fields[field].filterable for field in filtered):
        return work.fail("ListView", full, path, f"{filtered} cannot be filtered in a list view")
    values = {"DeveloperName": short, "SobjectType": kind.name}
    known = [r for r in work.org.rows["ListView"].values() if values.items() <= r.items()]
    for row in known or [work.org.rows["ListView"][work.org.insert("ListView", **values)]]:
        row["Name"] = node.findtext(f"{N}label")
    return work.done("ListView", full, path, created=not known)


def apply_tab(work: Work, path: str, name: str, _root: Any) -> None:
    if not work.listed("CustomTab", name, path):
        return None
    if name not in work.org.objects:
        return work.fail("CustomTab", name, path, f"no CustomObject named {name} found")
    created = name not in work.org.custom.tabs
    work.org.custom.tabs.add(name)
    work.done("CustomTab", name, path, created=created)
    return None


def _new_object(work: Work, name: str) -> SObject:
    number = sum(kind.custom for kind in work.org.objects.values())
    return sobject(
        name, name, f"a{number:02d}", text("Name", 80, readonly=True), owner(),
        flag("IsLocked", readonly=True), everyone=False,
    )  # fmt: skip


def _made(node: Any) -> Field:
    values = texts(node)
    related = values.get("relationshipName")
    return Field(
        values["fullName"],
        TYPES.get(values.get("type", ""), "unknown"),
        label=values.get("label", ""),
        length=int(values.get("length", 0)),
        precision=int(values.get("precision", 0)),
        scale=int(values.get("scale", 0)),
        required=values.get("required") == "true",
        unique=values.get("unique") == "true",
        external_id=values.get("externalId") == "true",
        case_sensitive=values.get("caseSensitive") == "true",
        values=tuple(v.text for v in node.findall(f".//{N}value/{N}fullName")),
        restricted=node.findtext(f"{N}valueSet/{N}restricted") == "true",
        reference_to=(values["referenceTo"],) if "referenceTo" in values else (),
        relationship=values["fullName"].replace("__c", "__r") if related else None,
        children=related,
        help=values.get("inlineHelpText"),
        everyone=False,
    )


def _sizes(made: Field) -> str | None:
    ranges = {"string": (1, 255), "textarea": (256, 131072)}
    low, high = ranges.get(made.type, (0, 10**9))
    if made.type == "unknown":
        return "the type of the field is not known"
    if not low <= made.length <= high:
        return f"Length must be from {low} to {high}"
    if made.type == "picklist" and (not made.values or len(set(made.values)) < len(made.values)):
        return "Picklist values: needs some, each once"
    if made.type == "double" and not 1 <= made.precision <= 18:
        return "Must specify 'precision' for a CustomField of type Number"
    return None
