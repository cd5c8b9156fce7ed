"""The package that goes into an org, derived from the manifest: what is in it, and the files of any
part of it.

https://developer.salesforce.com/docs/atlas.en-us.api_meta.meta/api_meta/file_based_zip_file.htm
"""

import hashlib
import io
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from connectors.manifest import Field, Manifest, PermissionSet
from connectors.salesforce import fields
from connectors.salesforce.xml import Node, document

SCORE_RULE = "Gensvar_Score_Range"
FILES_FROM = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, order=True, slots=True)
class Member:
    """One component, as ``package.xml`` names it: ``Member("CustomField",
    "Contact.Gensvar_Score__c")``.
    """

    type: str
    name: str

    def __str__(self) -> str:
        return f"{self.type} {self.name}"


def objects(manifest: Manifest) -> dict[str, Mapping[str, Field]]:
    """The fields of each object as metadata names it. Fields of a task belong to ``Activity``."""
    return {
        "Contact": manifest.contact,
        manifest.salesforce.answer_record.object: manifest.answer,
        "Activity": manifest.task,
    }


def members(manifest: Manifest) -> frozenset[Member]:
    """All there is to install."""
    ours = manifest.salesforce
    answer = ours.answer_record.object
    made = {Member("CustomField", name) for name in _field_names(manifest)}
    sets = {
        Member("PermissionSet", ours.integration.name),
        Member("PermissionSet", ours.viewer.name),
    }
    rule = Member("ValidationRule", f"{answer}.{SCORE_RULE}")
    return frozenset(
        made | sets | {Member("CustomObject", answer), Member("CustomTab", ours.tab), rule}
    )


def task_key(manifest: Manifest) -> Member:
    """The one member an org may refuse: a unique field on activities."""
    return Member("CustomField", f"Activity.{manifest.task['key'].salesforce}")


def package(
    manifest: Manifest, wanted: Collection[Member], without: Collection[Member] = ()
) -> dict[str, bytes]:
    """The files that deploy *wanted*; permission sets name no field that is in *without*."""
    wanted = frozenset(wanted) - frozenset(without)
    files = dict(_object_files(manifest, wanted))
    ours = manifest.salesforce
    for grants, editable in ((ours.integration, True), (ours.viewer, False)):
        if Member("PermissionSet", grants.name) in wanted:
            path = f"permissionsets/{grants.name}.permissionset"
            files[path] = _permission_set(manifest, grants, frozenset(without), editable=editable)
    if Member("CustomTab", ours.tab) in wanted:
        files[f"tabs/{ours.tab}.tab"] = document(
            "CustomTab", {"customObject": True, "motif": "Custom57: Building Block"}
        )
    files["package.xml"] = _listing(wanted, ours.api_version)
    return files


def removal(manifest: Manifest, unwanted: Collection[Member]) -> dict[str, bytes]:
    """The files that delete *unwanted*."""
    version = manifest.salesforce.api_version
    return {
        "package.xml": _listing((), version),
        "destructiveChanges.xml": _listing(unwanted, version),
    }


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The same bytes for the same files, on any machine and day."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, FILES_FROM)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, files[path])
    return buffer.getvalue()


def digest(manifest: Manifest) -> str:
    """What was installed, in one word: changes with every change of the package."""
    return hashlib.sha256(zipped(package(manifest, members(manifest)))).hexdigest()[:16]


def granted(
    manifest: Manifest, *, without: Collection[Member] = ()
) -> Iterator[tuple[str, str, Field]]:
    """Each field as permissions name it: object, name, field. There a task is a ``Task``."""
    for name, parts in objects(manifest).items():
        for field in parts.values():
            if Member("CustomField", f"{name}.{field.salesforce}") not in without:
                yield ("Task" if name == "Activity" else name), field.salesforce or "", field


def _field_names(manifest: Manifest) -> Iterator[str]:
    for name, parts in objects(manifest).items():
        yield from (f"{name}.{field.salesforce}" for field in parts.values())


def _object_files(manifest: Manifest, wanted: frozenset[Member]) -> Iterator[tuple[str, bytes]]:
    for name, parts in objects(manifest).items():
        children: dict[str, Node] = {}
        chosen = [
            f for f in parts.values() if Member("CustomField", f"{name}.{f.salesforce}") in wanted
        ]
        if chosen:
            children["fields"] = [fields.metadata(field, manifest) for field in chosen]
        if Member("ValidationRule", f"{name}.{SCORE_RULE}") in wanted:
            children["validationRules"] = [_score_rule(manifest)]
        if Member("CustomObject", name) in wanted:
            children |= _object(manifest)
        if children:
            yield f"objects/{name}.object", document("CustomObject", children)


def _object(manifest: Manifest) -> dict[str, Node]:
    ours = manifest.salesforce.answer_record
    return {
        "deploymentStatus": "Deployed",
        "description": f"{manifest.salesforce.marker} One record for each answer to an NPS survey.",
        "enableActivities": True,
        "enableBulkApi": True,
        "enableReports": True,
        "enableSearch": True,
        "enableSharing": True,
        "enableStreamingApi": True,
        "label": ours.label,
        "nameField": {
            "displayFormat": ours.number_format,
            "label": ours.number_label,
            "type": "AutoNumber",
        },
        "pluralLabel": ours.plural,
        "sharingModel": "ReadWrite",
    }


def _score_rule(manifest: Manifest) -> dict[str, Node]:
    score = manifest.answer["score"]
    name = score.salesforce or ""
    return {
        "fullName": SCORE_RULE,
        "active": True,
        "description": manifest.salesforce.marker,
        "errorConditionFormula": f"OR({name} < {score.min}, {name} > {score.max})",
        "errorDisplayField": name,
        "errorMessage": f"An NPS score is a whole number from {score.min} to {score.max}.",
    }


REP_WRITES = ("cause", "outcome")


def _permission_set(
    manifest: Manifest, grants: PermissionSet, without: frozenset[Member], *, editable: bool
) -> bytes:
    tab = manifest.salesforce.tab
    permissions: list[Mapping[str, Node]] = [
        {
            "editable": editable or field.key in REP_WRITES,
            "field": f"{name}.{api}",
            "readable": True,
        }
        for name, api, field in sorted(granted(manifest, without=without), key=lambda g: g[:2])
    ]
    return document(
        "PermissionSet",
        {
            "description": grants.description,
            "fieldPermissions": permissions,
            "hasActivationRequired": False,
            "label": grants.label,
            "objectPermissions": _object_permissions(manifest, editable=editable),
            "tabSettings": {"tab": tab, "visibility": "Visible"},
        },
    )


def _object_permissions(manifest: Manifest, *, editable: bool) -> list[Mapping[str, Node]]:
    answer = manifest.salesforce.answer_record.object
    rights = {
        "Account": (False, False),
        "Contact": (False, editable),
        answer: (editable, editable),
    }
    return [
        {
            "allowCreate": create,
            "allowDelete": False,
            "allowEdit": edit,
            "allowRead": True,
            "modifyAllRecords": False,
            "object": name,
            "viewAllRecords": False,
        }
        for name, (create, edit) in rights.items()
    ]


def _listing(wanted: Iterable[Member], version: str) -> bytes:
    types: list[Mapping[str, Node]] = [
        {"members": [member.name for member in group], "name": kind}
        for kind, group in groupby(sorted(wanted), key=lambda member: member.type)
    ]
    return document("Package", {"types": types, "version": version})
