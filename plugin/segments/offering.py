"""What the form of a rule offers to choose from, and what a condition is called there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from plugin.segments.conditions import FIELD, LIST
from plugin.segments.doubts import KINDS
from plugin.segments.forms import Part
from plugin.segments.known import Segment
from plugin.segments.naming import Names

Choices: TypeAlias = Sequence[tuple[str, str]]

ANSWERS = (
    ("newest", "Newest answer: promoter, passive or detractor"),
    ("fell", "Newest answer is lower than the one before"),
    ("heard", "Has answered a kind of question"),
    ("raised", "Theme raised"),
)
PEOPLE = (("known", "How long known here"), ("speaks", "Language"))
OTHERS = (("met", "Asked or answered at a touchpoint"), ("member", "In another segment"))
COMPARISONS = {
    "text": (("is", "is"), ("is_not", "is not, or is empty"), ("one_of", "is one of")),
    "number": (("at_least", "is at least"), ("at_most", "is at most")),
    "date": (
        ("before", "is before the date"), ("after", "is after the date"),
        ("in_last", "is within the last days"), ("in_next", "is within the next days"),
        ("longer_ago", "is longer ago than days"),
    ),
}  # fmt: skip
FILLED = (("filled", "is filled in"), ("empty", "is empty"))


@dataclass(frozen=True, slots=True)
class Offer:
    """*one* is the segment that is changed, which cannot be part of itself."""

    names: Names
    one: Segment | None = None

    @property
    def conditions(self) -> Sequence[tuple[str, Choices]]:
        """Groups of what a condition may be about; those that are empty are not shown."""
        fields = [(f"{FIELD}{one.name}", one.label) for one in self.names.fields.values()]
        lists = [
            (f"{LIST}{one.installation}/{one.name}", one.label) for one in self.names.lists.values()
        ]
        return [
            ("Answers", ANSWERS),
            ("People", PEOPLE),
            ("Fields of the CRM", fields),
            ("Lists of the CRM", lists),
            ("Touchpoints and segments", OTHERS[: 2 if self.segments else 1]),
        ]

    @property
    def touchpoints(self) -> Choices:
        return [("", "Choose"), *self.names.touchpoints.items()]

    @property
    def themes(self) -> Choices:
        return list(self.names.themes.items())

    @property
    def segments(self) -> Choices:
        mine = self.one.key if self.one else ""
        return [
            (key, f"{name} (put away)" if key in self.names.put_away else name)
            for key, name in self.names.segments.items()
            if key != mine
        ]

    def title(self, part: Part) -> str:
        """What a condition is called."""
        if part.what.startswith(FIELD):
            name = part.what.removeprefix(FIELD)
            field = self.names.fields.get(name)
            return field.label if field else f"{name} (not kept in step)"
        if part.what.startswith(LIST):
            installation, _, name = part.what.removeprefix(LIST).rpartition("/")
            return f"List “{self.names.list_label(installation, name)}”"
        return dict((*ANSWERS, *PEOPLE, *OTHERS))[part.what]

    def kind(self, part: Part) -> str:
        """Of a field: text, number or date; empty for any other condition. One that is not kept in step any more is
        what its comparison is made for."""
        if not part.what.startswith(FIELD):
            return ""
        field = self.names.fields.get(part.what.removeprefix(FIELD))
        if field is not None:
            return field.kind
        return KINDS.get(part.values.get("how", ""), ("text",))[0]

    def comparisons(self, part: Part) -> Choices:
        return (*COMPARISONS[self.kind(part)], *FILLED)
