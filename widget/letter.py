"""The question as a mail: one letter in one language, as HTML and as text. Nothing here sends anything."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from widget.inserted import isolated
from widget.locales import Wording, wording
from widget.measures import Asked, asked, ends, spoken
from widget.question import plain_name, templates

Occasion = Literal["invitation", "reminder"]
_NUMBER = re.compile(r"\d+")
DECOY = 11
"""A score that no scale has: the link that no human sees and no human follows."""


@dataclass(frozen=True, slots=True)
class Letter:
    """``subject`` is one line of text."""

    locale: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Links:
    """``survey`` opens the question, with ``?score=N`` the score chosen; ``unsubscribe`` stops all questions."""

    survey: str
    unsubscribe: str


def letter(
    *,
    locale: str,
    links: Links,
    occasion: Occasion = "invitation",
    company: str | None = None,
    touchpoint: str | None = None,
    greeting: str | None = None,
    kind: str = "",
) -> Letter:
    """The wording of the question is fixed; company, touchpoint and *greeting* are the approved slots. *kind* is what
    is measured where it is not NPS.

    The HTML part loads nothing from anywhere, keeps its contrast in light and dark, and holds one link that neither
    eyes nor screen readers find. The text part holds the links of the scale and none else of the survey.
    """
    words, name = wording(locale), plain_name(company)
    shown = asked(words, kind, company, touchpoint)
    said: dict[str, Any] = {
        "words": words,
        "links": links,
        "unsubscribe": links.unsubscribe,
        "stop": words.mail["unsubscribe"],
        "scores": shown.numbers,
        "lowest": shown.lowest,
        "highest": shown.highest,
        "decoy": DECOY,
        "sender": name,
        "greeting": _line(greeting) or words.mail["greeting"],
        "opening": _to_the_scale(words.mail[occasion], kind),
        "title": _subject(words, occasion, name),
        "question": shown.question,
        "about": shown.about,
    }
    lines = spoken(words, kind, company, touchpoint)
    return Letter(
        locale=words.locale,
        subject=said["title"],
        text=_text(words, links, said, shown, lines),
        html=templates.get_template("mail.html").render(said),
    )


def _subject(words: Wording, occasion: Occasion, name: str) -> str:
    title = words.mail["reminder_title"] if occasion == "reminder" else words.title
    return f"{title} – {isolated(name, words.direction)}" if name else title


def _to_the_scale(text: str, kind: str) -> str:
    """Our words name the ends of the NPS scale, and no other number."""
    lowest, highest = ends(kind)
    return _NUMBER.sub(lambda found: str(lowest if found[0] == "0" else highest), text)


def _text(
    words: Wording, links: Links, said: Mapping[str, Any], shown: Asked, question: Sequence[str]
) -> str:
    first, last = shown.numbers[0], shown.numbers[-1]
    at_ends = {first: f" ({shown.lowest})", last: f" ({shown.highest})"}
    scale = [f"{n}{at_ends.get(n, '')}: {links.survey}?score={n}" for n in shown.numbers]
    parts = (
        said["greeting"],
        said["opening"],
        "\n".join(question),
        "\n".join(scale),
        words.mail["reply"],
        f"{said['stop']}: {links.unsubscribe}",
    )
    return "\n\n".join(parts) + "\n"


def _line(text: str | None) -> str:
    return " ".join((text or "").split())
