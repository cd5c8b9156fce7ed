"""Objects of ours and fields of ours on the org's objects, as metadata."""

from collections.abc import Iterator, Mapping

from connectors.manifest import CustomObject, Field, Manifest
from connectors.salesforce import fields
from connectors.salesforce.members import Member, field_member
from connectors.salesforce.xml import Node, document

SCORE_RULE = "Gensvar_Score_Range"
REQUEST_RULE = "Gensvar_Request_Complete"
TAB_STYLE = "Custom57: Building Block"
RECENT = "LAST_N_DAYS:30"


def fields_of(manifest: Manifest) -> dict[str, Mapping[str, Field]]:
    """The fields of each object as metadata names it. Fields of a task belong to ``Activity``."""
    return {
        "Contact": manifest.contact,
        manifest.salesforce.answer_record.object: manifest.answer,
        manifest.salesforce.request.object: manifest.request,
        "Activity": manifest.task,
    }


def ours(manifest: Manifest) -> dict[str, CustomObject]:
    """The objects that we bring along, by name."""
    both = (manifest.salesforce.answer_record, manifest.salesforce.request)
    return {one.object: one for one in both}


def rules(manifest: Manifest) -> dict[str, dict[str, Node]]:
    """Validation rules by full name."""
    answer, request = ours(manifest)
    return {
        f"{answer}.{SCORE_RULE}": _score_rule(manifest),
        f"{request}.{REQUEST_RULE}": _request_rule(manifest),
    }


def list_views(manifest: Manifest) -> dict[str, dict[str, Node]]:
    """List views by full name. Metadata knows no sort order, so the newest are those of a month."""
    answer, request = ours(manifest)
    said, asked = manifest.answer, manifest.request
    answers = [said[key] for key in ("contact", "score", "category", "touchpoint", "answered_at")]
    requests = [asked[key] for key in ("contact", "touchpoint", "state", "reason", "link")]
    return {
        f"{answer}.Gensvar_Newest": _view(
            "NPS: last 30 days", answers, (said["answered_at"], "greaterOrEqual", RECENT)
        ),
        f"{answer}.Gensvar_Detractors": _view(
            "NPS: detractors", answers, (said["category"], "equals", "detractor")
        ),
        f"{request}.Gensvar_Requests": _view("NPS: all survey requests", requests, None),
        f"{request}.Gensvar_Waiting": _view(
            "NPS: waiting for Gensvar", requests, (asked["state"], "equals", "")
        ),
    }


def files(manifest: Manifest, wanted: frozenset[Member]) -> Iterator[tuple[str, bytes]]:
    """The object and tab files that hold *wanted*, by path."""
    for name, parts in fields_of(manifest).items():
        children = _children(manifest, name, parts, wanted)
        if children:
            yield f"objects/{name}.object", document("CustomObject", children)
    for name in ours(manifest):
        if Member("CustomTab", name) in wanted:
            yield (
                f"tabs/{name}.tab",
                document("CustomTab", {"customObject": True, "motif": TAB_STYLE}),
            )


def _children(
    manifest: Manifest, name: str, parts: Mapping[str, Field], wanted: frozenset[Member]
) -> dict[str, Node]:
    children: dict[str, Node] = {}
    chosen = [field for field in parts.values() if field_member(name, field) in wanted]
    if chosen:
        relation = ours(manifest).get(name)
        children["fields"] = [fields.metadata(field, manifest, relation) for field in chosen]
    for tag, kind, all_of_them in (
        ("listViews", "ListView", list_views(manifest)),
        ("validationRules", "ValidationRule", rules(manifest)),
    ):
        some = _parts(name, kind, all_of_them, wanted)
        if some:
            children[tag] = some
    if Member("CustomObject", name) in wanted:
        children |= _object(manifest, ours(manifest)[name])
    return children


def _parts(
    object_name: str, kind: str, whole: Mapping[str, dict[str, Node]], wanted: frozenset[Member]
) -> list[Mapping[str, Node]]:
    """Those of *whole* that are on the object and wanted."""
    return [
        {"fullName": name.partition(".")[2], **part}
        for name, part in whole.items()
        if name.startswith(f"{object_name}.") and Member(kind, name) in wanted
    ]


def _object(manifest: Manifest, one: CustomObject) -> dict[str, Node]:
    return {
        "deploymentStatus": "Deployed",
        "description": f"{manifest.salesforce.marker} {one.description}",
        "enableActivities": True,
        "enableBulkApi": True,
        "enableReports": True,
        "enableSearch": True,
        "enableSharing": True,
        "enableStreamingApi": True,
        "label": one.label,
        "nameField": {
            "displayFormat": one.number_format,
            "label": one.number_label,
            "type": "AutoNumber",
        },
        "pluralLabel": one.plural,
        "sharingModel": "ReadWrite",
    }


def _score_rule(manifest: Manifest) -> dict[str, Node]:
    score = manifest.answer["score"]
    name = score.salesforce or ""
    return {
        "active": True,
        "description": manifest.salesforce.marker,
        "errorConditionFormula": f"OR({name} < {score.min}, {name} > {score.max})",
        "errorDisplayField": name,
        "errorMessage": f"An NPS score is a whole number from {score.min} to {score.max}.",
    }


def _request_rule(manifest: Manifest) -> dict[str, Node]:
    """Only new ones: a request whose contact was deleted later can still be brought up to date."""
    contact, touchpoint = (manifest.request[key].salesforce for key in ("contact", "touchpoint"))
    return {
        "active": True,
        "description": manifest.salesforce.marker,
        "errorConditionFormula": f"AND(ISNEW(), OR(ISBLANK({contact}), ISBLANK({touchpoint})))",
        "errorMessage": "A survey request needs a contact and a touchpoint.",
    }


def _view(label: str, columns: list[Field], only: tuple[Field, str, str] | None) -> dict[str, Node]:
    view: dict[str, Node] = {
        "columns": ["NAME", *(column.salesforce or "" for column in columns)],
        "filterScope": "Everything",
        "label": label,
    }
    if only is not None:
        field, operation, value = only
        condition: dict[str, Node] = {"field": field.salesforce or "", "operation": operation}
        view["filters"] = [condition | ({"value": value} if value else {})]
    return view
