"""What the customer reads after answering: thanks, and for a detractor what happens next."""

from dataclasses import dataclass
from typing import Literal

from widget.inserted import isolated
from widget.locales import Category, wording


@dataclass(frozen=True, slots=True)
class Promise:
    """What a detractor may be told: who reads the answer, and within how long they get back.

    What is not known stays out of the text. ``amount`` counts ``unit``.
    """

    person: str | None = None
    amount: int | None = None
    unit: Literal["hours", "working_days"] = "hours"


@dataclass(frozen=True, slots=True)
class Thanks:
    """Two plain texts: the thank-you itself and what happens next (may be empty)."""

    thanks: str
    next: str


def follow_up_question(locale: str, category: Category) -> str:
    """The built-in question for the comment, worded by category."""
    return wording(locale).why[category]


def thanks(
    locale: str,
    category: Category,
    may_contact: bool | None = None,
    promise: Promise | None = None,
) -> Thanks:
    """The built-in thank-you. A detractor learns what happens next: a person reads it and gets
    back within the time promised, or, where no contact is wanted, that there will be none."""
    words = wording(locale)
    if category != "detractor":
        return Thanks(words.thanks[category], "")
    if may_contact is False:
        return Thanks(words.thanks[category], words.next["no_contact"])
    return Thanks(words.thanks[category], _promised(locale, promise or Promise()))


def _promised(locale: str, promise: Promise) -> str:
    texts = wording(locale).next
    within = _within(locale, promise)
    person = promise.person and isolated(promise.person, wording(locale).direction)
    if person and within:
        return _filled(texts["named_within"], person=person, within=within)
    if person:
        return _filled(texts["named"], person=person)
    return _filled(texts["within"], within=within) if within else texts["detractor"]


def _within(locale: str, promise: Promise) -> str:
    if promise.amount is None or promise.amount < 1:
        return ""
    forms = wording(locale).within[promise.unit]
    form = forms.get(_plural(promise.amount), forms["other"])
    return _filled(form, n=str(promise.amount))


def _plural(amount: int) -> str:
    """CLDR's plural category, as far as our texts need one: each language's file holds the forms
    it distinguishes, all others read ``other``."""
    if amount in (1, 2):
        return "one" if amount == 1 else "two"
    return "few" if 3 <= amount % 100 <= 10 else "other"


def _filled(text: str, **names: str) -> str:
    """Fills in one pass, so that a brace in a person's name is left as it is."""
    parts = text.split("{")
    filled = [parts[0]]
    for part in parts[1:]:
        name, _, rest = part.partition("}")
        filled.append(names[name] + rest)
    return "".join(filled)
