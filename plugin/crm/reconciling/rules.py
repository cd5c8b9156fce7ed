"""What counts as a difference, and what is kept of a comparison: pure, no I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from plugin.crm.rules import Plain, Value

SAMPLE = 1000  # contacts a night; the next night goes on behind them
EXAMPLES = 50
CLOCKS = timedelta(seconds=1)  # a CRM may keep whole seconds
CUT = "…"

WORDS: dict[str, Plain] = {
    "contact_differs": Plain(
        "Contacts whose fields of ours were changed or emptied.", "They are written again."
    ),
    "contact_away": Plain(
        "Contacts that are no longer there under their id.",
        "It is found out whether they were merged or deleted.",
    ),
    "contact_back": Plain(
        "Contacts that were restored unheard.", "What was owed about them is written now."
    ),
    "task_moved_on": Plain(
        "Follow-ups whose task was closed, reassigned or deleted unheard.",
        "They follow their tasks.",
    ),
    "answer_missing": Plain(
        "Answer records that somebody deleted in the CRM.",
        "They are not made anew. If that was a mistake, restore them from the CRM's bin.",
    ),
    "answer_twice": Plain(
        "Answers with more than one record in the CRM.", "Delete the copies there."
    ),
    "telling_missing": Plain(
        "Entries about what customers were told that somebody deleted from the timeline.",
        "They are not made anew. If that was a mistake, restore them from the CRM's bin.",
    ),
    "telling_twice": Plain(
        "Customers who were told once, with more than one entry about it on the timeline.",
        "Delete the copies there.",
    ),
    "task_twice": Plain(
        "Follow-ups with more than one task in the CRM.", "Delete the copies there."
    ),
}
MENDED = ("contact_differs", "contact_away", "contact_back", "task_moved_on")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: *code* of ``WORDS``, on which contact, and the answer's id where it is about one."""

    code: str
    contact: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a comparison has come: behind the person *after*, *contacts* of them done."""

    whole: bool
    started_at: str
    after: str = ""
    contacts: int = 0
    answers: int = 0
    tasks: int = 0
    tellings: int = 0
    found: Mapping[str, int] = field(default_factory=dict)
    examples: Sequence[Mapping[str, str]] = ()

    @property
    def enough(self) -> bool:
        return not self.whole and self.contacts >= SAMPLE

    def document(self) -> dict[str, Any]:
        return asdict(self)


def load(kept: Mapping[str, Any]) -> Progress:
    return Progress(**kept)


@dataclass(frozen=True, slots=True)
class Compared:
    """What one step looked at and found; *last* is the person it ended with, empty behind the last one."""

    last: str
    contacts: int
    answers: int
    tasks: int
    tellings: int
    differences: Sequence[Difference]


def onward(progress: Progress, compared: Compared) -> Progress:
    found = dict(progress.found)
    for one in compared.differences:
        found[one.code] = found.get(one.code, 0) + 1
    room = EXAMPLES - len(progress.examples)
    return replace(
        progress,
        after=compared.last,
        contacts=progress.contacts + compared.contacts,
        answers=progress.answers + compared.answers,
        tasks=progress.tasks + compared.tasks,
        tellings=progress.tellings + compared.tellings,
        found=found,
        examples=[*progress.examples, *map(asdict, compared.differences[: max(0, room)])],
    )


Values: TypeAlias = Mapping[str, Value]


def differs(ours: Values, theirs: Values) -> bool:
    """Whether the CRM shows anything else than what we would write, in the fields that it keeps."""
    return any(key in theirs and not _same(value, theirs[key]) for key, value in ours.items())


def _same(ours: Value, theirs: Value) -> bool:
    ours, theirs = _held(ours), _held(theirs)
    if isinstance(ours, datetime) and isinstance(theirs, datetime):
        return abs(ours - theirs) <= CLOCKS
    if isinstance(ours, str) and isinstance(theirs, str):
        return _same_text(_shown(ours), _shown(theirs))
    return ours == theirs


def _held(value: Value) -> Value:
    return None if value == "" else value


def _same_text(ours: str, theirs: str) -> bool:
    """A CRM's field may be shorter than what a customer wrote."""
    return ours == theirs or (theirs.endswith(CUT) and ours.startswith(theirs.removesuffix(CUT)))


def _shown(text: str) -> str:
    """Without what CRMs do to blanks, line ends and signs that nobody sees."""
    return " ".join("".join(sign for sign in text if sign.isprintable() or sign.isspace()).split())


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a report."""

    code: str
    how_many: int
    plain: Plain
    mended: bool


def report(kept: Mapping[str, Any]) -> list[Told]:
    """What a comparison found, what a person must look at first."""
    found = kept.get("found", {})
    order = sorted(WORDS, key=lambda code: code in MENDED)
    return [Told(code, found[code], WORDS[code], code in MENDED) for code in order if code in found]


def summary(kept: Mapping[str, Any]) -> str:
    how = "Everything" if kept["whole"] else "A part"
    return (
        f"{how} was compared (contacts: {kept['contacts']}, answer records: {kept['answers']}, "
        f"open tasks: {kept['tasks']}, timeline entries: {kept.get('tellings', 0)})."
    )
