"""One value of one field: what the org accepts and what it shows."""

import math
import re
from datetime import UTC, date, datetime
from typing import Any

from connectors.salesforce import ids
from connectors.sandbox.salesforce.org import Org
from connectors.sandbox.salesforce.problems import Refusal, bad
from connectors.sandbox.salesforce.schema import Field

DATETIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:?\d\d)")
EMAIL = re.compile(r"[^@\s<>\"']+@[^@\s<>\"']+\.[^@\s<>\"']+")


def accept(org: Org, one: Field, value: Any) -> Any:
    """*value* as it is kept; raises ``Refusal`` when the org would not take it."""
    if value is None or value == "":
        if one.required:
            raise bad(
                "REQUIRED_FIELD_MISSING", f"Required fields are missing: [{one.name}]", one.name
            )
        return False if one.type == "boolean" else None
    return _KINDS.get(one.type, _text)(org, one, value)


def _text(_: Org, one: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise _wrong(one, value)
    if one.length and len(value.encode("utf-16-le")) // 2 > one.length:
        message = f"{one.label or one.name}: data value too large: (max length={one.length})"
        raise bad("STRING_TOO_LONG", message, one.name)
    return value


def _email(org: Org, one: Field, value: Any) -> str:
    if not EMAIL.fullmatch(_text(org, one, value)):
        raise bad("INVALID_EMAIL_ADDRESS", f"{one.name}: invalid email address: {value}", one.name)
    return str(value)


def _number(_: Org, one: Field, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _wrong(one, value)
    if abs(value) >= 10 ** (one.precision - one.scale):
        message = f"{one.label}: value outside of valid range on numeric field: {value}"
        raise bad("NUMBER_OUTSIDE_VALID_RANGE", message, one.name)
    return round(float(value), one.scale)


def _flag(_: Org, one: Field, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(one, value)
    return value


def _picklist(org: Org, one: Field, value: Any) -> str:
    if one.restricted and value not in one.values:
        message = f"{one.label}: bad value for restricted picklist field: {value}"
        raise bad("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, one.name)
    return _text(org, one, value)


def _moment(_: Org, one: Field, value: Any) -> datetime:
    if not isinstance(value, str) or not DATETIME.fullmatch(value):
        raise _wrong(one, value)
    return datetime.fromisoformat(value).astimezone(UTC)


def _day(_: Org, one: Field, value: Any) -> date:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise _wrong(one, value)
    return date.fromisoformat(value)


def _reference(org: Org, one: Field, value: Any) -> str:
    prefixes = {org.objects[to].prefix for to in one.reference_to if to in org.objects}
    if not isinstance(value, str) or not ids.valid(value) or value[:3] not in prefixes:
        message = f"{one.label or one.name}: id value of incorrect type: {value}"
        raise bad("MALFORMED_ID", message, one.name)
    found = org.anywhere(ids.long(value))
    if found is None:
        raise bad("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", one.name)
    if found[1].get("IsDeleted"):
        raise bad("ENTITY_IS_DELETED", "entity is deleted", one.name)
    return ids.long(value)


_KINDS = {
    "email": _email,
    "double": _number,
    "currency": _number,
    "boolean": _flag,
    "picklist": _picklist,
    "datetime": _moment,
    "date": _day,
    "reference": _reference,
}


def _wrong(one: Field, value: Any) -> Refusal:
    kind = type(value).__name__
    message = f"Cannot deserialize instance of {one.type} from value of type {kind}"
    return Refusal(400, "JSON_PARSER_ERROR", message)


def shown(value: Any) -> Any:
    """*value* as JSON has it."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    return value.isoformat() if isinstance(value, date) else value
