"""The manifest's fields as HubSpot's properties, and how those that are there differ."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.manifest import Field, manifest

SHAPES = {
    "integer": ("number", "number"),
    "choice": ("enumeration", "select"),
    "text": ("string", "text"),
    "long_text": ("string", "textarea"),
    "datetime": ("datetime", "date"),
    "key": ("string", "text"),
}
OPTION_KEYS = ("label", "value", "description", "displayOrder", "hidden")
Property = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of record with the fields we want on it. *must*: installing fails without them."""

    object: str
    fields: tuple[Field, ...]
    must: bool


def parts() -> tuple[Part, ...]:
    whole = manifest()
    return (
        Part("contacts", _kept(whole.contact.values()), must=True),
        Part(whole.hubspot.answer_record.object, _kept(whole.answer.values()), must=False),
        Part(whole.hubspot.task.object, _kept(whole.task.values()), must=False),
    )


def definition(field: Field) -> dict[str, Any]:
    """What HubSpot is asked to make."""
    kind, widget = SHAPES[field.type]
    return {
        "name": field.hubspot,
        "label": field.label,
        "groupName": manifest().hubspot.group_name,
        "type": kind,
        "fieldType": widget,
        "description": field.description,
        "formField": False,
        **({"options": options(field)} if field.options else {}),
        **({"hasUniqueValue": True} if field.type == "key" else {}),
    }


def options(field: Field) -> list[dict[str, Any]]:
    return [
        {"label": option.label, "value": option.value, "displayOrder": order, "hidden": False}
        for order, option in enumerate(field.options)
    ]


def clashes(field: Field, there: Property) -> str:
    """Why the property of this name cannot be ours, in words; empty when it can."""
    kind, _ = SHAPES[field.type]
    if there["type"] != kind:
        return f"{field.hubspot} is of type {there['type']} in HubSpot, we need {kind}"
    metadata = there.get("modificationMetadata") or {}
    if there.get("calculated") or metadata.get("readOnlyValue"):
        return f"{field.hubspot} is calculated or read only in HubSpot"
    return ""


def difference(field: Field, there: Property) -> dict[str, Any]:
    """What to change in the property *there*; options that an administrator added stay."""
    change: dict[str, Any] = {}
    if there.get("label") != field.label:
        change["label"] = field.label
    held = [_option(option) for option in there.get("options") or []]
    values = {option["value"] for option in held}
    missing = [option for option in options(field) if option["value"] not in values]
    if missing:
        change["options"] = held + [
            {**option, "displayOrder": len(held) + order} for order, option in enumerate(missing)
        ]
    return change


def _option(option: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "displayOrder": -1,
        "hidden": False,
        **{key: option[key] for key in OPTION_KEYS if option.get(key) is not None},
    }


def _kept(fields: Iterable[Field]) -> tuple[Field, ...]:
    return tuple(field for field in fields if field.hubspot)
