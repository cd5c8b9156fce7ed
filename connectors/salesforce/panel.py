"""The Lightning web component: its sources as written, and what of it is derived from the manifest."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from connectors.manifest import Field, Manifest
from connectors.salesforce import labels
from connectors.salesforce.fields import relationship
from connectors.salesforce.members import Member
from connectors.salesforce.xml import Node, document

FOLDER = Path(__file__).parent / "package" / "lwc"
WRITTEN = (".html", ".js", ".css")
DERIVED = ("labels.js", "schema.js")
NOTE = "// Written by `gensvar build salesforce` from manifest.json.\n"


TASK_STATUS = "taskStatus"

NOT_SHOWN = ("relational_score", "csat_score", "csat_at", "ces_score", "ces_at")


def files(
    manifest: Manifest, wanted: frozenset[Member], task_status: str
) -> Iterator[tuple[str, bytes]]:
    """The bundle's files by path; *task_status* is offered where the panel is put on a page."""
    name = manifest.salesforce.panel.name
    if Member("LightningComponentBundle", name) in wanted:
        for file, content in _bundle(manifest, task_status).items():
            yield f"lwc/{name}/{file}", content


def version(manifest: Manifest) -> str:
    """Changes with every change of the bundle; stands in its description, so that an org can tell."""
    told = hashlib.sha256()
    for name, content in sorted(_sources(manifest).items()):
        told.update(name.encode() + b"\0" + content + b"\0")
    return told.hexdigest()[:8]


def described(manifest: Manifest) -> str:
    """The bundle's description in the org."""
    return f"{manifest.salesforce.panel.description} Build {version(manifest)}."


def _bundle(manifest: Manifest, task_status: str) -> dict[str, bytes]:
    name = manifest.salesforce.panel.name
    meta = {
        f"{name}.js-meta.xml": document("LightningComponentBundle", _meta(manifest, task_status))
    }
    return {**_sources(manifest), **meta}


def _sources(manifest: Manifest) -> dict[str, bytes]:
    """What runs in the browser; tests stand elsewhere."""
    folder = FOLDER / manifest.salesforce.panel.name
    written = {
        path.name: path.read_bytes()
        for path in sorted(folder.iterdir())
        if path.suffix in WRITTEN and path.name not in DERIVED
    }
    return {**written, "labels.js": _labels(manifest), "schema.js": _schema(manifest)}


def _labels(manifest: Manifest) -> bytes:
    """A label can only be imported by its full name, so every one is named."""
    groups = labels.grouped(manifest)
    every = [name for names in groups.values() for name in names.values()]
    imports = [f'import {name} from "@salesforce/label/c.{name}";\n' for name in every]
    exports = [_export(group, names) for group, names in groups.items()]
    return (NOTE + "".join(imports) + "".join(exports)).encode()


def _schema(manifest: Manifest) -> bytes:
    """Fields are imported, so that Salesforce knows that the panel needs them."""
    ours = manifest.salesforce
    chosen = {
        "contact": ("Contact", _but(manifest.contact, *NOT_SHOWN)),
        "answer": (ours.answer_record.object, _but(manifest.answer, "key", "contact", "revision")),
        "request": (ours.request.object, _but(manifest.request, "channel")),
        "task": ("Task", _but(manifest.task, "key")),
    }
    imports, exports = [], []
    for part, (object_name, fields) in chosen.items():
        names = {key: f"{part}_{key}" for key in fields}
        imports += [
            f'import {names[key]} from "@salesforce/schema/{object_name}.{field.salesforce}";\n'
            for key, field in fields.items()
        ]
        exports.append(_export(part, names))
    lists = {
        "answers": f"{relationship(ours.answer_record)}__r",
        "requests": f"{relationship(ours.request)}__r",
    }
    exports.append(_export("relatedLists", {key: f'"{name}"' for key, name in lists.items()}))
    return (NOTE + "".join(imports) + "".join(exports)).encode()


def _but(fields: Mapping[str, Field], *keys: str) -> dict[str, Field]:
    return {key: field for key, field in fields.items() if key not in keys}


def _export(name: str, values: Mapping[str, str]) -> str:
    inner = "".join(f"  {key}: {value},\n" for key, value in values.items())
    return f"\nexport const {name} = {{\n{inner}}};\n"


def _meta(manifest: Manifest, task_status: str) -> dict[str, Node]:
    ours, page = manifest.salesforce.panel, "lightning__RecordPage"
    defaults = {name: one.default for name, one in ours.properties.items()}
    if task_status:
        defaults[TASK_STATUS] = task_status
    properties: list[Mapping[str, Node]] = [
        {
            "@name": name,
            "@type": "String",
            "@label": one.label,
            "@description": one.description,
            **({"@default": defaults[name]} if defaults[name] else {}),
        }
        for name, one in ours.properties.items()
    ]
    config: dict[str, Node] = {
        "@targets": page,
        "objects": {"object": "Contact"},
        "property": properties,
    }
    return {
        "apiVersion": manifest.salesforce.api_version,
        "description": described(manifest),
        "isExposed": True,
        "masterLabel": ours.label,
        "targets": {"target": page},
        "targetConfigs": {"targetConfig": config},
    }
