"""The form of a change: from what was typed to a draft, what is wrong with it, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from plugin.access.rules import plain
from plugin.changes import texts
from plugin.changes.rules import Change
from plugin.periods import day_from
from widget.locales import available

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

TITLE_MOST = 120
INTERNAL_MOST = 4000
TEXT_PARTS = ("subject", "body")


@dataclass(frozen=True, slots=True)
class Draft:
    """A change as typed. ``None`` as *effective_on* is a day that is not known yet; *owner* is an administrator's id,
    or empty."""

    title: str
    internal_text: str = ""
    effective_on: date | None = None
    owner: str = ""
    themes: Sequence[str] = ()
    touchpoints: Sequence[str] = ()
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def draft_of(form: "MultiDict[str, str]") -> tuple[Draft, dict[str, str]]:
    """What was typed, and what in it cannot be read."""
    unread: dict[str, str] = {}
    day = day_from(form, "effective_on", unread)
    written = {
        tag: {part: lines(form.get(f"{tag}.{part}", "")) for part in TEXT_PARTS}
        for tag in available()
    }
    draft = Draft(
        title=plain(form.get("title", "")),
        internal_text=lines(form.get("internal_text", "")),
        effective_on=day,
        owner=form.get("owner", ""),
        themes=tuple(dict.fromkeys(form.getlist("theme"))),
        touchpoints=tuple(dict.fromkeys(form.getlist("touchpoint"))),
        texts={tag: parts for tag, parts in written.items() if any(parts.values())},
    )
    return draft, unread


def draft_from(one: Change) -> Draft:
    """What an administrator starts from when she edits."""
    return Draft(
        one.title, one.internal_text, one.effective_on, one.owner or "", tuple(one.themes),
        tuple(one.touchpoints), one.texts,
    )  # fmt: skip


def values_of(draft: Draft) -> dict[str, str]:
    """The fields of the form that hold a text."""
    return {
        "title": draft.title,
        "internal_text": draft.internal_text,
        "effective_on": draft.effective_on.isoformat() if draft.effective_on else "",
        "owner": draft.owner,
        **{f"{tag}.{part}": text for tag, own in draft.texts.items() for part, text in own.items()},
    }


def errors(draft: Draft) -> dict[str, str]:
    """What is wrong, field by field."""
    found = {}
    if not draft.title:
        found["title"] = "Say in a few words what changes, for example “Replies within four hours”."
    elif len(draft.title) > TITLE_MOST:
        found["title"] = f"Use at most {TITLE_MOST} characters."
    if len(draft.internal_text) > INTERNAL_MOST:
        found["internal_text"] = f"Use at most {INTERNAL_MOST} characters."
    return found | texts.errors(draft.texts)


def differing(old: Draft, new: Draft) -> list[str]:
    """What the two say otherwise, by the names of the form's fields."""
    before, after = values_of(old), values_of(new)
    texts_of = [
        name for name in sorted({*before, *after}) if before.get(name, "") != after.get(name, "")
    ]
    sets = [
        name
        for name in ("themes", "touchpoints")
        if set(getattr(old, name)) != set(getattr(new, name))
    ]
    return [*texts_of, *sets]


def lines(text: str) -> str:
    """Text of several lines without control characters; of several empty lines one remains."""
    kept: list[str] = []
    for line in map(plain, text.splitlines()):
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()
