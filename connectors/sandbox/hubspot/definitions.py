"""Properties as a portal defines them, and what values they take."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from connectors.sandbox.hubspot.problems import HubProblem, invalid, invalid_value

TYPES = {
    "string": {"text", "textarea", "html", "phonenumber", "file", "select"},
    "number": {"number"},
    "enumeration": {"select", "radio", "checkbox", "booleancheckbox"},
    "datetime": {"date"},
    "date": {"date"},
    "bool": {"booleancheckbox"},
}
TEXT_LIMIT = 65_536
OPEN = "non_sensitive"
UNIQUE_LIMIT = 10
CREATE_KEYS = {
    "name", "label", "groupName", "type", "fieldType", "description", "options", "hasUniqueValue",
    "displayOrder", "hidden", "formField", "dataSensitivity", "externalOptions",
}  # fmt: skip
OPTION_KEYS = {"label", "value", "displayOrder", "hidden"}
UPDATE_KEYS = CREATE_KEYS - {"name", "hasUniqueValue", "dataSensitivity"}
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
MILLISECONDS = re.compile(r"-?\d{1,15}")


@dataclass(slots=True)
class Definition:
    """One property of an object type."""

    name: str
    label: str
    type: str = "string"
    field_type: str = "text"
    group: str = "information"
    description: str = ""
    options: list[dict[str, Any]] = field(default_factory=list)
    unique: bool = False
    archived: bool = False
    read_only: bool = False
    builtin: bool = True
    hidden: bool = False
    sensitivity: str = OPEN

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "label": self.label,
            "type": self.type,
            "fieldType": self.field_type,
            "groupName": self.group,
            "description": self.description,
            "options": self.options,
            "hasUniqueValue": self.unique,
            "archived": self.archived,
            "hidden": self.hidden,
            "dataSensitivity": self.sensitivity,
            "hubspotDefined": self.builtin,
            "modificationMetadata": {
                "archivable": not self.builtin,
                "readOnlyDefinition": self.builtin,
                "readOnlyValue": self.read_only,
            },
        }


def from_request(raw: Mapping[str, Any]) -> Definition:
    """The property a create asks for. Raises a 400 for anything HubSpot would not take."""
    _known(raw, CREATE_KEYS)
    for key in ("name", "label", "groupName", "type", "fieldType"):
        if not isinstance(raw.get(key), str) or not raw[key]:
            raise invalid(f"{key} is required", "REQUIRED_FIELD", propertyName=[key])
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,99}", raw["name"]) or raw["name"].startswith("hs_"):
        raise invalid(f"{raw['name']} is no valid internal name", "INVALID_NAME")
    made = Definition(
        raw["name"], raw["label"], raw["type"], raw["fieldType"], raw["groupName"],
        raw.get("description", ""), _options(raw.get("options", [])),
        unique=bool(raw.get("hasUniqueValue")), builtin=False, hidden=bool(raw.get("hidden")),
        sensitivity=str(raw.get("dataSensitivity") or OPEN),
    )  # fmt: skip
    _check_type(made)
    return made


def change(defined: Definition, raw: Mapping[str, Any]) -> None:
    """Apply a PATCH. Type and name stay; a changed type is refused."""
    _known(raw, UPDATE_KEYS)
    if defined.builtin:
        raise HubProblem(403, "FORBIDDEN", "HubSpot's own properties cannot be changed")
    if raw.get("type", defined.type) != defined.type:
        raise invalid("the type of a property with values cannot be changed", "INVALID_TYPE")
    defined.label = raw.get("label", defined.label)
    defined.description = raw.get("description", defined.description)
    defined.group = raw.get("groupName", defined.group)
    defined.field_type = raw.get("fieldType", defined.field_type)
    if "options" in raw:
        defined.options = _options(raw["options"])
    _check_type(defined)


def check_value(defined: Definition, value: Any) -> None:
    """Raise a 400 when *value* may not be written to *defined*; empty clears."""
    name = defined.name
    if defined.read_only:
        raise invalid_value(name, "READ_ONLY_VALUE", "the property is read only")
    if not isinstance(value, str):
        raise invalid_value(name, "INVALID_VALUE", "values are sent as strings")
    if value:
        CHECKS[defined.type](defined, value)


def _string(defined: Definition, value: str) -> None:
    if len(value.encode("utf-16-le")) // 2 > TEXT_LIMIT:
        raise invalid_value(defined.name, "PROPERTY_VALUE_TOO_LONG", "too long")
    if "\x00" in value:
        raise invalid_value(defined.name, "INVALID_VALUE", "NUL")


def _number(defined: Definition, value: str) -> None:
    if not NUMBER.fullmatch(value):
        raise invalid_value(defined.name, "INVALID_INTEGER", "not a valid number")


def _enumeration(defined: Definition, value: str) -> None:
    if value not in {option["value"] for option in defined.options}:
        raise invalid_value(defined.name, "INVALID_OPTION", f"{value} is not one of the options")


def _datetime(defined: Definition, value: str) -> None:
    moment(defined.name, value)


def _date(defined: Definition, value: str) -> None:
    at = moment(defined.name, value)
    if (at.hour, at.minute, at.second, at.microsecond) != (0, 0, 0, 0):
        raise invalid_value(defined.name, "INVALID_DATE", "not midnight UTC")


def _bool(defined: Definition, value: str) -> None:
    if value not in {"true", "false"}:
        raise invalid_value(defined.name, "INVALID_BOOLEAN", "not true or false")


CHECKS = {
    "string": _string, "number": _number, "enumeration": _enumeration,
    "datetime": _datetime, "date": _date, "bool": _bool,
}  # fmt: skip


def moment(name: str, value: str) -> datetime:
    """The time that *value* says, as milliseconds or ISO 8601 with an offset."""
    if MILLISECONDS.fullmatch(value):
        return datetime.fromtimestamp(int(value) / 1000, UTC)
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise invalid_value(name, "INVALID_DATE", "not a time") from None
    if len(value) > 10 and at.tzinfo is None:
        raise invalid_value(name, "INVALID_DATE", "no time zone")
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _known(raw: Mapping[str, Any], keys: set[str]) -> None:
    unknown = sorted(set(raw) - keys)
    if unknown:
        raise invalid(f"Invalid input JSON: unknown field {unknown[0]}")


def _options(raw: Any) -> list[dict[str, Any]]:
    if not isinstance(raw, list) or not all(
        isinstance(option, dict) and set(option) >= OPTION_KEYS for option in raw
    ):
        raise invalid("options need label, value, displayOrder and hidden", "INVALID_OPTIONS")
    values = [option["value"] for option in raw]
    if len(values) != len(set(values)):
        raise invalid("two options have the same value", "DUPLICATE_OPTION")
    return [dict(option) for option in raw]


def _check_type(defined: Definition) -> None:
    if defined.field_type not in TYPES.get(defined.type, set()):
        raise invalid(f"{defined.type} does not go with {defined.field_type}", "INVALID_TYPE")
    if defined.type == "enumeration" and not defined.options:
        raise invalid("an enumeration needs options", "INVALID_OPTIONS")
    if defined.unique and defined.type not in {"string", "number"}:
        raise invalid("only text and numbers can be unique", "INVALID_UNIQUE")
