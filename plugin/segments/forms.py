"""The form of a rule: a tree of groups and conditions that plain buttons change, one at a time.

Each part has a place, as ``r``, ``r.0``, ``r.0.2``; what was typed in it is named by it: ``value.r.0``. No script runs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from plugin.segments.conditions import Typed, data_of, known, typed_of
from plugin.segments.parsing import CONDITIONS_MOST, DEPTH_MOST
from plugin.segments.rules import All, Leaf, Not, Rule, Some

ROOT = "r"
GROUPS = ("all", "any")
VALUES = (
    "category", "kind", "points", "how", "days", "value", "touchpoint", "theme", "language", "segment",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A group, or a condition (with no *parts*). *what* of a group is ``all`` or ``any``."""

    what: str
    denied: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    parts: tuple["Part", ...] = ()

    @property
    def group(self) -> bool:
        return self.what in GROUPS


EMPTY = Part("all")


def read(form: Mapping[str, str]) -> Part:
    """The tree as it was sent, what no form of ours sends left out."""
    return _read(form, ROOT, 0) or EMPTY


def _read(form: Mapping[str, str], place: str, depth: int) -> Part | None:
    what, denied = form.get(f"what.{place}", ""), form.get(f"not.{place}") == "not"
    if what in GROUPS and depth < DEPTH_MOST:
        below = (_read(form, inner, depth + 1) for inner in _inside(form, place))
        return Part(what, denied, parts=tuple(part for part in below if part))
    if not known(what) or place == ROOT:
        return None
    return Part(what, denied, {name: form.get(f"{name}.{place}", "") for name in VALUES})


def _inside(form: Mapping[str, str], place: str) -> list[str]:
    numbers = (
        name.removeprefix(f"what.{place}.") for name in form if name.startswith(f"what.{place}.")
    )
    found = sorted({int(n) for n in numbers if n.isascii() and n.isdigit() and len(n) < 4})
    return [f"{place}.{number}" for number in found]


def changed(part: Part, order: str, form: Mapping[str, str]) -> tuple[Part, str]:
    """After a press of a button (``add r.0``, ``group r``, ``remove r.0.1``), and the place of what is new."""
    verb, _, place = order.partition(" ")
    if verb == "remove":
        return _without(part, place), ""
    new = EMPTY if verb == "group" else Part(form.get(f"new.{place}", ""))
    found = at(part, place)
    if found is None or not found.group or not (new.group or known(new.what)):
        return part, ""
    if new.group and place.count(".") >= DEPTH_MOST - 1:
        return part, ""
    grown = replace(found, parts=(*found.parts, new))
    return _with(part, place, grown), f"{place}.{len(found.parts)}"


def at(part: Part, place: str) -> Part | None:
    """The part at a place, counted as it is shown."""
    root, *numbers = place.split(".")
    for number in numbers:
        if not number.isdecimal() or int(number) >= len(part.parts):
            return None
        part = part.parts[int(number)]
    return part if root == ROOT else None


def _with(part: Part, place: str, new: Part | None) -> Part:
    head, _, rest = place.removeprefix(ROOT).removeprefix(".").partition(".")
    if not head:
        return new or EMPTY
    parts = list(part.parts)
    below = (
        _with(parts[int(head)], f"{ROOT}.{rest}" if rest else ROOT, new) if rest or new else None
    )
    parts[int(head) : int(head) + 1] = [below] if below is not None else []
    return replace(part, parts=tuple(parts))


def _without(part: Part, place: str) -> Part:
    return part if at(part, place) is None else _with(part, place, None)


def data(part: Part, errors: dict[str, str]) -> dict[str, Any]:
    """The rule as data; what is wrong goes into *errors*, by the names of the fields of the form."""
    if sum(1 for one in _conditions(part)) > CONDITIONS_MOST:
        errors["rule"] = f"A segment has at most {CONDITIONS_MOST} conditions."
    return _data(part, ROOT, errors)


def _data(part: Part, place: str, errors: dict[str, str]) -> dict[str, Any]:
    said = _group(part, place, errors) if part.group else _condition(part, place, errors)
    return {"not": said} if part.denied else said


def _group(part: Part, place: str, errors: dict[str, str]) -> dict[str, Any]:
    if not part.parts:
        words = (
            "Add a condition." if place == ROOT else "Add a condition to this group, or remove it."
        )
        errors["rule" if place == ROOT else f"new.{place}"] = words
    below = enumerate(part.parts)
    return {part.what: [_data(one, f"{place}.{number}", errors) for number, one in below]}


def _condition(part: Part, place: str, errors: dict[str, str]) -> dict[str, Any]:
    wrong: dict[str, str] = {}
    said = data_of(Typed(part.what, part.values), wrong)
    errors |= {f"{name}.{place}": words for name, words in wrong.items()}
    return said


def _conditions(part: Part) -> Iterator[Part]:
    if not part.group:
        yield part
    for one in part.parts:
        yield from _conditions(one)


def part_of(rule: Rule) -> Part:
    """A rule as the form shows it: a group, whatever it is."""
    shown = _part(rule)
    return shown if shown.group else Part("all", parts=(shown,))


def _part(rule: Rule, *, denied: bool = False) -> Part:
    match rule:
        case Not(inner):
            return _part(inner, denied=True)
        case All(rules):
            return Part("all", denied, parts=tuple(map(_part, rules)))
        case Some(rules):
            return Part("any", denied, parts=tuple(map(_part, rules)))
        case _:
            return _leaf(rule, denied)


def _leaf(leaf: Leaf, denied: bool) -> Part:
    typed = typed_of(leaf)
    return Part(typed.what, denied, typed.values)
