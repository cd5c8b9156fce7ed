"""Each field of the manifest twice: as metadata to deploy, and as what describe should then show."""

from collections.abc import Mapping
from typing import Any

from connectors.manifest import CustomObject, Field, Manifest
from connectors.salesforce.xml import Node

Seen = Mapping[str, Any]


def metadata(field: Field, manifest: Manifest, owner: CustomObject | None) -> dict[str, Node]:
    """The ``CustomField`` of *field*; *owner* is the object of ours that it is on, if it is."""
    return {
        "fullName": field.salesforce or "",
        "label": field.label,
        "description": f"{manifest.salesforce.marker} {field.description}",
        "inlineHelpText": field.description,
        **(_lookup(owner) if owner and field.type == "contact" else _TYPES[field.type](field)),
    }


def relationship(owner: CustomObject) -> str:
    """What a contact's list of the object's records is called; as a related list it ends in ``__r``."""
    return owner.object.removesuffix("__c") + "s"


def _lookup(owner: CustomObject) -> dict[str, Node]:
    return {
        "type": "Lookup",
        "referenceTo": "Contact",
        "deleteConstraint": "SetNull",
        "relationshipLabel": owner.plural,
        "relationshipName": relationship(owner),
    }


def _integer(field: Field) -> dict[str, Node]:
    return {"type": "Number", "precision": digits(field), "scale": 0}


def _choice(field: Field) -> dict[str, Node]:
    values: list[Mapping[str, Node]] = [
        {"fullName": option.value, "default": False, "label": option.label}
        for option in field.options
    ]
    definition: dict[str, Node] = {"sorted": False, "value": values}
    return {"type": "Picklist", "valueSet": {"restricted": True, "valueSetDefinition": definition}}


def _text(field: Field) -> dict[str, Node]:
    return {"type": "Text", "length": field.length or 255}


def _long_text(field: Field) -> dict[str, Node]:
    return {"type": "LongTextArea", "length": field.length or 32768, "visibleLines": 4}


def _datetime(_field: Field) -> dict[str, Node]:
    return {"type": "DateTime"}


def _key(field: Field) -> dict[str, Node]:
    marks: dict[str, Node] = {"externalId": True, "unique": True, "caseSensitive": True}
    return {"type": "Text", "length": field.length or 64, **marks}


_TYPES = {
    "integer": _integer,
    "choice": _choice,
    "text": _text,
    "long_text": _long_text,
    "datetime": _datetime,
    "key": _key,
}

DESCRIBED = {
    "integer": "double",
    "choice": "picklist",
    "text": "string",
    "long_text": "textarea",
    "datetime": "datetime",
    "key": "string",
    "contact": "reference",
}


def digits(field: Field) -> int:
    """How many digits the largest value has."""
    return len(str(field.max or 10))


def clashes(field: Field, seen: Seen) -> bool:
    """Whether what stands in the org under our name is another kind of field."""
    if seen.get("type") != DESCRIBED[field.type]:
        return True
    if field.type == "contact":
        return seen.get("referenceTo") != ["Contact"]
    return field.type in ("text", "key", "long_text") and bool(seen.get("calculated"))


def differs(field: Field, seen: Seen) -> bool:
    """Whether a field of ours must be deployed again. Labels and added picklist values are the
    admin's own.
    """
    return _DIFFERENCES.get(field.type, _same)(field, seen)


def _same(_field: Field, _seen: Seen) -> bool:
    return False


def _narrower(field: Field, seen: Seen) -> bool:
    return int(seen.get("length") or 0) < (field.length or 0)


def _fewer_digits(field: Field, seen: Seen) -> bool:
    return int(seen.get("precision") or 0) - int(seen.get("scale") or 0) < digits(field)


def _fewer_values(field: Field, seen: Seen) -> bool:
    active = {value["value"] for value in seen.get("picklistValues", ()) if value.get("active")}
    return not {option.value for option in field.options} <= active


def _not_a_key(field: Field, seen: Seen) -> bool:
    marks = ("unique", "externalId", "caseSensitive")
    return _narrower(field, seen) or not all(seen.get(mark) for mark in marks)


_DIFFERENCES = {
    "text": _narrower,
    "long_text": _narrower,
    "integer": _fewer_digits,
    "choice": _fewer_values,
    "key": _not_a_key,
}
