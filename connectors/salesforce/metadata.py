"""The package that goes into an org, derived from the manifest: what is in it, and the files of any
part of it.

https://developer.salesforce.com/docs/atlas.en-us.api_meta.meta/api_meta/file_based_zip_file.htm
"""

import io
import zipfile
from collections.abc import Collection, Iterable, Mapping
from itertools import groupby

from connectors.manifest import Manifest
from connectors.salesforce import labels, objects, panel, permissions
from connectors.salesforce.members import Member, field_member, task_key
from connectors.salesforce.xml import Node, document

FILES_FROM = (1980, 1, 1, 0, 0, 0)


def members(manifest: Manifest) -> frozenset[Member]:
    """All there is to install."""
    ours = manifest.salesforce
    return frozenset(
        {
            *(
                field_member(name, f)
                for name, p in objects.fields_of(manifest).items()
                for f in p.values()
            ),
            *(Member("CustomObject", name) for name in objects.ours(manifest)),
            *(Member("CustomTab", name) for name in objects.ours(manifest)),
            *(Member("ListView", name) for name in objects.list_views(manifest)),
            *(Member("ValidationRule", name) for name in objects.rules(manifest)),
            *(Member("CustomLabel", name) for name in labels.texts(manifest)),
            *(Member("Translations", language) for language in labels.translated(manifest)),
            Member("LightningComponentBundle", ours.panel.name),
            Member("PermissionSet", ours.integration.name),
            Member("PermissionSet", ours.viewer.name),
        }
    )


def optional(manifest: Manifest) -> frozenset[Member]:
    """What an org may refuse without the rest being worth less: the unique field on activities, and
    translations, which need Translation Workbench and the language."""
    languages = labels.translated(manifest)
    return frozenset({task_key(manifest), *(Member("Translations", one) for one in languages)})


def package(
    manifest: Manifest,
    wanted: Collection[Member],
    without: Collection[Member] = (),
    *,
    task_status: str = "",
) -> dict[str, bytes]:
    """The files that deploy *wanted*; permission sets name no field that is in *without*. *task_status* is what
    the org calls a finished task, where it differs from the usual."""
    wanted = frozenset(wanted) - frozenset(without)
    return {
        **dict(objects.files(manifest, wanted)),
        **dict(labels.files(manifest, wanted)),
        **dict(panel.files(manifest, wanted, task_status)),
        **dict(permissions.files(manifest, wanted, frozenset(without))),
        "package.xml": _listing(wanted, manifest.salesforce.api_version),
    }


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


def _listing(wanted: Iterable[Member], version: str) -> bytes:
    types: list[Mapping[str, Node]] = [
        {"members": [member.name for member in group], "name": kind}
        for kind, group in groupby(sorted(wanted), key=lambda member: member.type)
    ]
    return document("Package", {"types": types, "version": version})
