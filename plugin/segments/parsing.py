"""Rules read strictly from what is kept or sent, and written back. All that is wrong is said in words."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from plugin.errors import Problem
from plugin.segments.rules import (
    DAYS_MOST,
    POINTS_MOST,
    All,
    Attribute,
    Fell,
    Heard,
    Known,
    Listed,
    Member,
    Met,
    Newest,
    Not,
    Raised,
    Rule,
    Some,
    Speaks,
    leaves,
    normal,
)
from plugin.strict import storable
from plugin.touchpoints.rules import CATEGORIES, KINDS, NPS

DEPTH_MOST = 3  # groups in groups
CONDITIONS_MOST = 40
VALUES_MOST = 100
TEXT_MOST = 255
NUMBER_MOST = 1e15
KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}", re.ASCII)
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)

Given: TypeAlias = Mapping[str, Any]


def parse(given: Any) -> Rule:
    """The rule in its normal form. Raises ``Problem("field_invalid")`` that says what is wrong."""
    rule = _rule(given, 0)
    if sum(1 for _ in leaves(rule)) > CONDITIONS_MOST:
        raise _wrong(f"a segment has at most {CONDITIONS_MOST} conditions")
    return normal(rule)


def data(rule: Rule) -> dict[str, Any]:
    """The rule as it is kept; ``parse`` reads it."""
    match rule:
        case All(rules):
            return {"all": [data(one) for one in rules]}
        case Some(rules):
            return {"any": [data(one) for one in rules]}
        case Not(inner):
            return {"not": data(inner)}
        case Newest(category, kind):
            return {"category": category, "kind": kind}
        case Fell(points, kind):
            return {"fell": points, "kind": kind}
        case Heard(kind):
            return {"kind": kind}
        case Attribute(field, how, value):
            kept = list(value) if isinstance(value, tuple) else value
            return {"attribute": {"field": field, how: kept}}
        case Known(how, days):
            return {"known_for": {how: days}}
        case Listed(name, installation):
            return {"list": name} | ({"installation": installation} if installation else {})
        case Met(touchpoint, what, within):
            return {"touchpoint": touchpoint, "what": what, **_within(within)}
        case Raised(theme, within):
            return {"theme": theme, **_within(within)}
        case Speaks(language):
            return {"language": language}
        case Member(segment):
            return {"segment": segment}


def _within(days: int | None) -> dict[str, int]:
    return {} if days is None else {"within": days}


def _rule(given: Any, depth: int) -> Rule:
    if not isinstance(given, dict):
        raise _wrong("a condition is an object that says one thing")
    for name, reader in READERS.items():
        if name in given:
            return reader(given, depth)
    raise _wrong(f"a condition has one of these: {', '.join(READERS)}")


def _all(given: Given, depth: int) -> Rule:
    return All(_rules(given, "all", depth))


def _some(given: Given, depth: int) -> Rule:
    return Some(_rules(given, "any", depth))


def _rules(given: Given, name: str, depth: int) -> tuple[Rule, ...]:
    _only(given, name)
    if depth >= DEPTH_MOST:
        raise _wrong(f"groups stand in groups at most {DEPTH_MOST} deep")
    if not isinstance(given[name], list) or not given[name]:
        raise _wrong("a group has at least one condition")
    return tuple(_rule(one, depth + 1) for one in given[name])


def _not(given: Given, depth: int) -> Rule:
    _only(given, "not")
    if isinstance(given["not"], dict) and "not" in given["not"]:
        raise _wrong("“not” stands before a condition or a group, and once")
    return Not(_rule(given["not"], depth))


def _newest(given: Given, depth: int) -> Rule:
    _only(given, "category", "kind")
    return Newest(_among(given, "category", CATEGORIES), _kind(given))


def _fell(given: Given, depth: int) -> Rule:
    _only(given, "fell", "kind")
    return Fell(_whole(given["fell"], 1, POINTS_MOST, "“fell” is a number of points"), _kind(given))


def _kind(given: Given) -> str:
    """Of NPS, and named: there is no answer that is of both."""
    if "kind" not in given:
        raise _wrong("say of which kind: relational and transactional answers are never mixed")
    return _among(given, "kind", NPS)


def _heard(given: Given, depth: int) -> Rule:
    _only(given, "kind")
    return Heard(_among(given, "kind", KINDS))


def _known(given: Given, depth: int) -> Rule:
    _only(given, "known_for")
    how, days = _one_of(given["known_for"], ("at_least", "at_most"), "“known_for”")
    return Known(how, _days(days))


def _listed(given: Given, depth: int) -> Rule:
    _only(given, "list", "installation")
    return Listed(_text(given["list"], "a list"), _optional_text(given, "installation"))


def _met(given: Given, depth: int) -> Rule:
    _only(given, "touchpoint", "what", "within")
    what = _among(given, "what", ("answered", "asked")) if "what" in given else "answered"
    return Met(_key(given, "touchpoint"), what, _optional_days(given))


def _raised(given: Given, depth: int) -> Rule:
    _only(given, "theme", "within")
    return Raised(_key(given, "theme"), _optional_days(given))


def _speaks(given: Given, depth: int) -> Rule:
    _only(given, "language")
    tag = given["language"]
    if not isinstance(tag, str) or not LANGUAGE.fullmatch(tag):
        raise _wrong("a language is a tag such as sv or pt-BR")
    return Speaks(tag)


def _member(given: Given, depth: int) -> Rule:
    _only(given, "segment")
    return Member(_key(given, "segment"))


def _attribute(given: Given, depth: int) -> Rule:
    _only(given, "attribute")
    inside = given["attribute"]
    if not isinstance(inside, dict) or "field" not in inside:
        raise _wrong("“attribute” names a field and one comparison")
    rest = {name: value for name, value in inside.items() if name != "field"}
    how, value = _one_of(rest, tuple(COMPARISONS), "“attribute”")
    return Attribute(_text(inside["field"], "a field"), how, COMPARISONS[how](value))


def _texts(given: Any) -> tuple[str, ...]:
    if not isinstance(given, list) or not 0 < len(given) <= VALUES_MOST:
        raise _wrong(f"“one_of” has 1 to {VALUES_MOST} values")
    return tuple(sorted({_value(one) for one in given}))


def _value(given: Any) -> str:
    return _text(given, "a value")


def _number(given: Any) -> int | float:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise _wrong("a number is compared with a number")
    if not math.isfinite(given) or abs(given) > NUMBER_MOST:
        raise _wrong("this number is too large")
    return given


def _day(given: Any) -> str:
    try:
        return date.fromisoformat(given).isoformat()
    except (TypeError, ValueError):
        raise _wrong("a date is written 2026-11-30") from None


def _days(given: Any) -> int:
    return _whole(given, 0, DAYS_MOST, "a number of days")


def _truth(given: Any) -> bool:
    if not isinstance(given, bool):
        raise _wrong("“empty” is true or false")
    return given


COMPARISONS: Mapping[str, Callable[[Any], Any]] = {
    "is": _value, "is_not": _value, "one_of": _texts,
    "at_least": _number, "at_most": _number,
    "before": _day, "after": _day, "in_last": _days, "in_next": _days, "longer_ago": _days,
    "empty": _truth,
}  # fmt: skip
"""Of texts, of numbers, of dates (days are counted from today, UTC), and whether anything stands there at all."""

READERS: Mapping[str, Callable[[Given, int], Rule]] = {
    "all": _all, "any": _some, "not": _not,
    "category": _newest, "fell": _fell, "attribute": _attribute, "known_for": _known,
    "list": _listed, "touchpoint": _met, "theme": _raised, "language": _speaks,
    "segment": _member, "kind": _heard,
}  # fmt: skip


def _only(given: Given, *names: str) -> None:
    for name in given:
        if name not in names:
            raise _wrong(f"“{str(name)[:40]}” does not belong beside “{names[0]}”")


def _one_of(given: Any, names: Sequence[str], where: str) -> tuple[str, Any]:
    if not isinstance(given, dict) or len(given) != 1 or not set(given) <= set(names):
        raise _wrong(f"{where} has one of these: {', '.join(names)}")
    (found,) = given.items()
    return found


def _among(given: Given, name: str, known: Sequence[str]) -> str:
    if given[name] not in known:
        raise _wrong(f"“{name}” is one of {', '.join(known)}")
    return str(given[name])


def _key(given: Given, name: str) -> str:
    if not isinstance(given[name], str) or not KEY.fullmatch(given[name]):
        raise _wrong(f"“{name}” is a key, for example support-case")
    return str(given[name])


def _text(given: Any, what: str) -> str:
    if not isinstance(given, str) or not 0 < len(given) <= TEXT_MOST or not storable(given):
        raise _wrong(f"{what} is a text of 1 to {TEXT_MOST} characters")
    return given


def _optional_text(given: Given, name: str) -> str:
    return _text(given[name], f"“{name}”") if name in given else ""


def _optional_days(given: Given) -> int | None:
    return _days(given["within"]) if "within" in given else None


def _whole(given: Any, least: int, most: int, what: str) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= most:
        raise _wrong(f"{what} is a whole number from {least} to {most}")
    return given


def _wrong(words: str) -> Problem:
    said = f"This rule cannot be read: {words}."
    return Problem("field_invalid", said, fields={"rule": said})
