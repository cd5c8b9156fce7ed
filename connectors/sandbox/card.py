"""The card as a rep sees it, in whichever CRM: filled by each sandbox, worded by the manifest, drawn by
``card.html``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeAlias

from connectors.manifest import Words, manifest

LANGUAGE = "en"
Fields: TypeAlias = Mapping[str, str | int | datetime | None]
"""Our fields of a contact by neutral key, typed: scores are numbers, times aware."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; *before* is the score of the answer before it of the same kind."""

    score: int
    category: str
    touchpoint: str = ""
    kind: str = ""
    at: datetime | None = None
    comment: str = ""
    before: int | None = None
    may_contact: bool | None = None

    @property
    def direction(self) -> str:
        """The key of its text: ``first``, ``up``, ``down`` or ``same``."""
        if self.before is None:
            return "first"
        return "same" if self.score == self.before else "up" if self.score > self.before else "down"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What we owe a customer; *id* is how "mark handled" names it (empty where it cannot be named)."""

    state: str
    owner: str = ""
    due: datetime | None = None
    id: str = ""
    title: str = ""

    @property
    def overdue(self) -> bool:
        return self.state == "open" and self.due is not None and self.due < datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Touchpoint:
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Said:
    """What came of the last action, in words; *link* is the survey to send. *bad* when nothing was done."""

    words: str
    link: str = ""
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """All that stands on the card. *newest*, *follow_up*, *last_asked*, *next_ask* and *refusal* (a reason's code) come
    from the contact's own fields; *earlier* answers, *handle* (open follow-ups that can be marked handled) and
    *touchpoints* from wherever the CRM gets them. *reachable*: whether earlier answers could be fetched.
    *address* is the record's: the forms post to ``<address>/ask`` (``touchpoint``) and ``<address>/handled``
    (``follow_up``, ``cause``, ``outcome``). *typed*: the rep types a touchpoint's key. *form* is the one that is
    open: ``ask``, ``handled`` or none."""

    address: str
    set_up: bool = True
    newest: Answer | None = None
    follow_up: FollowUp | None = None
    last_asked: datetime | None = None
    next_ask: datetime | None = None
    refusal: str = ""
    earlier: Sequence[Answer] = ()
    reachable: bool = True
    more: bool = False
    handle: Sequence[FollowUp] = ()
    touchpoints: Sequence[Touchpoint] = ()
    typed: bool = False
    said: Said | None = None
    form: str = ""

    @property
    def next_ask_words(self) -> str:
        """When the contact may be asked, and why not now."""
        if self.refusal:
            return words("not_now", reason=reason(self.refusal))
        if self.next_ask and self.next_ask > datetime.now(UTC):
            return words("next_ask_from", when=shown_time(self.next_ask))
        return words("next_ask_now")


def from_fields(address: str, fields: Fields, *, set_up: bool = True, **more: Any) -> Card:
    """The card as far as the contact's own fields tell it; *more* are the rest of ``Card``'s values."""
    known = Card(
        address=address,
        set_up=set_up,
        newest=_newest(fields),
        follow_up=_follow_up(fields),
        last_asked=_time(fields.get("last_asked_at")),
        next_ask=_time(fields.get("next_ask_at")),
        refusal=str(fields.get("ask_refusal") or ""),
    )
    return replace(known, **more)


def _newest(fields: Fields) -> Answer | None:
    score = fields.get("score")
    if not isinstance(score, int):
        return None
    before = fields.get("previous_score")
    return Answer(
        score=score,
        category=str(fields.get("category") or ""),
        touchpoint=str(fields.get("touchpoint") or ""),
        kind=str(fields.get("kind") or ""),
        at=_time(fields.get("answered_at")),
        comment=str(fields.get("comment") or ""),
        before=before if isinstance(before, int) else None,
    )


def _follow_up(fields: Fields) -> FollowUp | None:
    state = str(fields.get("follow_up") or "")
    owner, due = str(fields.get("follow_up_owner") or ""), _time(fields.get("follow_up_due"))
    return FollowUp(state, owner, due) if state else None


def _time(value: Any) -> datetime | None:
    return value if isinstance(value, datetime) else None


def words(key: str, **values: Any) -> str:
    """A text of the manifest's card."""
    return manifest().card.texts[key][LANGUAGE].format(**values)


def reason(code: str) -> str:
    """Why somebody is not asked, as a rep reads it; a code of no text is shown as it is."""
    return manifest().card.reasons.get(code, {}).get(LANGUAGE, code)


def chosen(which: Words) -> list[tuple[str, str]]:
    """Values and words of a choice, in the manifest's order."""
    return [(value, texts[LANGUAGE]) for value, texts in which.items()]


def causes() -> list[tuple[str, str]]:
    return chosen(manifest().card.causes)


def outcomes() -> list[tuple[str, str]]:
    return chosen(manifest().card.outcomes)


def shown_time(at: datetime | None) -> str:
    """As ``21 Nov 2026, 22:05 UTC``; empty for none."""
    return f"{at.astimezone(UTC):%-d %b %Y, %H:%M} UTC" if at else ""
