"""The kinds of condition of the form: from what was typed to the data of a rule, and back."""

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from plugin.segments.parsing import LANGUAGE, NUMBER_MOST, TEXT_MOST
from plugin.segments.rules import (
    DAYS_MOST,
    POINTS_MOST,
    Attribute,
    Fell,
    Heard,
    Known,
    Leaf,
    Listed,
    Member,
    Met,
    Newest,
    Raised,
    Speaks,
)

FIELD, LIST = "field:", "list:"
Values = Mapping[str, str]
Errors = MutableMapping[str, str]


@dataclass(frozen=True, slots=True)
class Typed:
    """A condition as it stands in the form: *what* it is, and its *values* by name."""

    what: str
    values: Values = field(default_factory=dict)

    def get(self, name: str) -> str:
        return self.values.get(name, "").strip()


def data_of(typed: Typed, errors: Errors) -> dict[str, Any]:
    """As ``parsing.parse`` reads it; what is wrong goes into *errors* by the names of the values."""
    if typed.what.startswith(FIELD):
        return _attribute(typed, errors)
    if typed.what.startswith(LIST):
        installation, _, name = typed.what.removeprefix(LIST).rpartition("/")
        return {"list": name} | ({"installation": installation} if installation else {})
    return READERS[typed.what](typed, errors)


def known(what: str) -> bool:
    return what in READERS or what.startswith((FIELD, LIST))


def typed_of(leaf: Leaf) -> Typed:
    """A condition as the form shows it."""
    match leaf:
        case Newest(category, of):
            return Typed("newest", {"category": category, "kind": of})
        case Fell(points, of):
            return Typed("fell", {"points": str(points), "kind": of})
        case Heard(of):
            return Typed("heard", {"kind": of})
        case Known(how, days):
            return Typed("known", {"how": how, "days": str(days)})
        case Listed(name, installation):
            return Typed(f"{LIST}{installation}/{name}")
        case Met(touchpoint, what, within):
            return Typed("met", {"touchpoint": touchpoint, "how": what, "days": _days(within)})
        case Raised(theme, within):
            return Typed("raised", {"theme": theme, "days": _days(within)})
        case Speaks(language):
            return Typed("speaks", {"language": language})
        case Member(segment):
            return Typed("member", {"segment": segment})
        case Attribute():
            return Typed(f"{FIELD}{leaf.field}", _shown(leaf))


def _days(within: int | None) -> str:
    return "" if within is None else str(within)


def _shown(leaf: Attribute) -> Values:
    match leaf.how, leaf.value:
        case "empty", value:
            return {"how": "empty" if value else "filled"}
        case "one_of", tuple(texts):
            return {"how": "one_of", "value": "\n".join(texts)}
        case ("in_last" | "in_next" | "longer_ago") as how, value:
            return {"how": how, "days": str(value)}
        case how, value:
            return {"how": how, "value": str(value)}


def _newest(typed: Typed, errors: Errors) -> dict[str, Any]:
    category = _chosen(typed, "category", errors)
    return {"category": category, "kind": _chosen(typed, "kind", errors)}


def _fell(typed: Typed, errors: Errors) -> dict[str, Any]:
    points = _whole(typed, "points", 1, POINTS_MOST, errors)
    return {"fell": points, "kind": _chosen(typed, "kind", errors)}


def _heard(typed: Typed, errors: Errors) -> dict[str, Any]:
    return {"kind": _chosen(typed, "kind", errors)}


def _known(typed: Typed, errors: Errors) -> dict[str, Any]:
    days = _whole(typed, "days", 0, DAYS_MOST, errors)
    return {"known_for": {_chosen(typed, "how", errors): days}}


def _met(typed: Typed, errors: Errors) -> dict[str, Any]:
    place = {"touchpoint": _chosen(typed, "touchpoint", errors)}
    return place | {"what": _chosen(typed, "how", errors)} | _within(typed, errors)


def _raised(typed: Typed, errors: Errors) -> dict[str, Any]:
    return {"theme": _chosen(typed, "theme", errors)} | _within(typed, errors)


def _speaks(typed: Typed, errors: Errors) -> dict[str, Any]:
    tag = typed.get("language")
    if not LANGUAGE.fullmatch(tag):
        errors["language"] = "Enter a language's tag, for example sv or pt-BR."
    return {"language": tag}


def _member(typed: Typed, errors: Errors) -> dict[str, Any]:
    return {"segment": _chosen(typed, "segment", errors)}


READERS: Mapping[str, Callable[[Typed, Errors], dict[str, Any]]] = {
    "newest": _newest, "fell": _fell, "heard": _heard, "known": _known, "met": _met,
    "raised": _raised, "speaks": _speaks, "member": _member,
}  # fmt: skip


def _attribute(typed: Typed, errors: Errors) -> dict[str, Any]:
    how, name = _chosen(typed, "how", errors), typed.what.removeprefix(FIELD)
    if how in ("empty", "filled"):
        return {"attribute": {"field": name, "empty": how == "empty"}}
    if how not in COMPARED:
        errors["how"] = "Choose one."
        return {}
    return {"attribute": {"field": name, **COMPARED[how](typed, errors)}}


def _texts(typed: Typed, errors: Errors) -> dict[str, Any]:
    lines = [line.strip() for line in typed.get("value").splitlines() if line.strip()]
    how = typed.get("how")
    if not lines:
        errors["value"] = "Enter the value to compare with."
    elif any(len(line) > TEXT_MOST for line in lines):
        errors["value"] = f"Use at most {TEXT_MOST} characters a value."
    elif how != "one_of" and len(lines) > 1:
        errors["value"] = "Enter one value, or choose “is one of”."
    return {how: lines if how == "one_of" else " ".join(lines)}


def _number(typed: Typed, errors: Errors) -> dict[str, Any]:
    text = typed.get("value").replace(" ", "").replace(",", ".")
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not abs(number) <= NUMBER_MOST:
        errors["value"] = "Enter a number, for example 5000 or 12.5."
        return {typed.get("how"): 0}
    return {typed.get("how"): int(number) if number == int(number) else number}


def _date(typed: Typed, errors: Errors) -> dict[str, Any]:
    text = typed.get("value")
    try:
        return {typed.get("how"): date.fromisoformat(text).isoformat()}
    except ValueError:
        errors["value"] = "Enter a date, for example 2026-11-30."
        return {typed.get("how"): text}


def _some_days(typed: Typed, errors: Errors) -> dict[str, Any]:
    return {typed.get("how"): _whole(typed, "days", 0, DAYS_MOST, errors)}


COMPARED: Mapping[str, Callable[[Typed, Errors], dict[str, Any]]] = {
    "is": _texts, "is_not": _texts, "one_of": _texts, "at_least": _number, "at_most": _number,
    "before": _date, "after": _date,
    "in_last": _some_days, "in_next": _some_days, "longer_ago": _some_days,
}  # fmt: skip


def _chosen(typed: Typed, name: str, errors: Errors) -> str:
    if not typed.get(name):
        errors[name] = "Choose one."
    return typed.get(name)


def _within(typed: Typed, errors: Errors) -> dict[str, Any]:
    if not typed.get("days"):
        return {}
    return {"within": _whole(typed, "days", 0, DAYS_MOST, errors)}


def _whole(typed: Typed, name: str, least: int, most: int, errors: Errors) -> int:
    text = typed.get(name)
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else -1
    if not least <= number <= most:
        errors[name] = f"Enter a number from {least} to {most}."
    return number
