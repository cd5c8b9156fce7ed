"""Rules in words that people read."""

from collections.abc import Sequence
from datetime import date

from plugin.numbers import several
from plugin.segments.naming import Names
from plugin.segments.rules import (
    All,
    Attribute,
    Fell,
    Heard,
    Known,
    Leaf,
    Listed,
    Member,
    Met,
    Newest,
    Not,
    Raised,
    Rule,
    Some,
    Speaks,
)

CATEGORIES = {"promoter": "a promoter's", "passive": "a passive's", "detractor": "a detractor's"}
KINDS = {
    "relational": "relational",
    "transactional": "transactional",
    "csat": "satisfaction",
    "ces": "effort",
}


def sentence(rule: Rule, names: Names) -> str:
    """ "People whose newest transactional answer is a promoter's, and who are not on the list “VIP”." """
    return f"People {phrase(rule, names)}."


def phrase(rule: Rule, names: Names, *, inside: bool = False) -> str:
    """As it follows "people": *inside* another one it stands in brackets."""
    match rule:
        case All(rules) | Some(rules):
            word = ", and " if isinstance(rule, All) else ", or "
            joined = word.join(phrase(one, names, inside=True) for one in rules)
            return f"({joined})" if inside else joined
        case Not(All() | Some() as group):
            return f"who are none of those {phrase(group, names, inside=True)}"
        case Not(leaf):
            return _denied(leaf, names)
        case _:
            return said(rule, names)


def _denied(leaf: Rule, names: Names) -> str:
    held = phrase(leaf, names)
    for word in ("who have been", "who have", "who are"):
        if held.startswith(f"{word} "):
            verb = word.removesuffix(" been")
            return held.replace(verb, f"{verb} not", 1)
    return f"who are none of those {held}"


def said(leaf: Leaf, names: Names) -> str:
    """One condition: "who raised “Slow reply”"."""
    match leaf:
        case Newest(category, kind):
            return f"whose newest {KINDS[kind]} answer is {CATEGORIES[category]}"
        case Fell(points, kind):
            fell = f"whose newest {KINDS[kind]} answer is at least {several(points, 'point')}"
            return f"{fell} below the one before"
        case Heard(kind):
            return f"who have answered a question of the kind {KINDS[kind]}"
        case Attribute():
            return f"whose {label(leaf.field, names)} {compared(leaf)}"
        case Known(how, days):
            most = "at most" if how == "at_most" else "at least"
            return f"who have been known here for {most} {several(days, 'day')}"
        case Listed(name, installation):
            return f"who are on the list “{names.list_label(installation, name)}”"
        case Met(touchpoint, what, within):
            verb = "have answered" if what == "answered" else "have been asked"
            return (
                f"who {verb} at “{names.touchpoints.get(touchpoint, touchpoint)}”{_lately(within)}"
            )
        case Raised(theme, within):
            return f"who have raised “{names.themes.get(theme, theme)}”{_lately(within)}"
        case Speaks(language):
            return f"whose language is {language}"
        case Member(segment):
            return f"who are in the segment “{names.segments.get(segment, segment)}”"


def label(field: str, names: Names) -> str:
    return names.fields[field].label if field in names.fields else field


def compared(leaf: Attribute) -> str:
    """ "is at least 5", "is within the last 90 days"."""
    match leaf.how, leaf.value:
        case "empty", value:
            return "is empty" if value else "is filled in"
        case "one_of", tuple(texts):
            return f"is {either(texts)}"
        case "is_not", value:
            return f"is not “{value}”, or is empty"
        case ("before" | "after") as how, str(text):
            return f"is {how} {day(date.fromisoformat(text))}"
        case ("in_last" | "in_next") as how, int(days):
            return f"is within the {how.removeprefix('in_')} {several(days, 'day')}"
        case "longer_ago", int(days):
            return f"is more than {several(days, 'day')} ago"
        case ("at_least" | "at_most") as how, value:
            return f"is {how.replace('_', ' ')} {value}"
        case _, value:
            return f"is “{value}”"


def either(texts: Sequence[str]) -> str:
    *others, last = (f"“{text}”" for text in texts)
    return f"{', '.join(others)} or {last}" if others else last


def day(at: date) -> str:
    """ "21 Nov 2026"."""
    return f"{at.day} {at:%b %Y}"


def _lately(within: int | None) -> str:
    return "" if within is None else f" within the last {several(within, 'day')}"
