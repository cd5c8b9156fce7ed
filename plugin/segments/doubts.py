"""What a segment goes by that is not known here, or not yet: its count would be wrong without a word."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.engine import Connection

from plugin.segments.naming import FollowedList, Names, names
from plugin.segments.references import resolved
from plugin.segments.rules import Attribute, Leaf, Listed, Met, Raised, Rule, leaves

KINDS = {
    "is": ("text",), "is_not": ("text",), "one_of": ("text",),
    "at_least": ("number",), "at_most": ("number",),
    "before": ("date",), "after": ("date",),
    "in_last": ("date",), "in_next": ("date",), "longer_ago": ("date",),
}  # fmt: skip
"""The kinds of field that a comparison is made for; ``empty`` fits all."""


def doubts(
    connection: Connection, rule: Mapping[str, Any] | Rule, said: Names | None = None
) -> list[str]:
    """In words, each once. Raises as ``evaluating.condition`` does."""
    known = said or names(connection)
    found = (doubt for leaf in leaves(resolved(connection, rule)) for doubt in _of(leaf, known))
    return list(dict.fromkeys(found))


def _of(leaf: Leaf, known: Names) -> Iterator[str]:
    match leaf:
        case Attribute():
            yield from _of_field(leaf, known)
        case Listed(name, installation):
            yield from _of_list(known.followed(installation, name), name)
        case Met(touchpoint) if touchpoint not in known.touchpoints:
            yield f"There is no touchpoint “{touchpoint}”: nobody was asked there."
        case Raised(theme) if theme not in known.themes:
            yield f"There is no theme “{theme}”: nobody raised it."


def _of_field(leaf: Attribute, known: Names) -> Iterator[str]:
    field = known.fields.get(leaf.field)
    if field is None:
        yield (
            f"The CRM field “{leaf.field}” is not kept in step, so it counts as empty for everybody."
        )
        return
    if field.kind not in KINDS.get(leaf.how, (field.kind,)):
        yield f"“{field.label}” is a {field.kind}; this comparison finds nobody by it."
    yield from _not_read(f"The CRM field “{field.label}”", field.was_read, field.trouble)


def _of_list(followed: FollowedList | None, name: str) -> Iterator[str]:
    if followed is None:
        yield f"The list “{name}” is not kept in step, so nobody counts as on it."
        return
    yield from _not_read(f"The list “{followed.label}”", followed.was_read, followed.trouble)


def _not_read(what: str, was_read: bool, trouble: str) -> Iterator[str]:
    if trouble:
        yield f"{what} could not be read lately: {trouble}"
    elif not was_read:
        yield f"{what} has not been read through yet; the number is not final."
