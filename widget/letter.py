"""The question as a mail: one letter in one language, as HTML and as text. Nothing here sends anything."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from widget.locales import Wording, wording
from widget.question import legend, plain_name, templates

Occasion = Literal["invitation", "reminder"]
SCORES = range(11)
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
) -> Letter:
    """The wording of the question is fixed; company, touchpoint and *greeting* are the approved slots.

    The HTML part loads nothing from anywhere, keeps its contrast in light and dark, and holds one link that neither
    eyes nor screen readers find. The text part holds the eleven links and none else of the survey.
    """
    words, name = wording(locale), plain_name(company)
    said: dict[str, Any] = {
        "words": words,
        "links": links,
        "scores": SCORES,
        "decoy": DECOY,
        "sender": name,
        "greeting": _line(greeting) or words.mail["greeting"],
        "opening": words.mail[occasion],
        "title": _subject(words, occasion, name),
        **legend(words, company, touchpoint),
    }
    return Letter(
        locale=words.locale,
        subject=said["title"],
        text=_text(words, links, said, plain_name(touchpoint)),
        html=templates.get_template("mail.html").render(said),
    )


def _subject(words: Wording, occasion: Occasion, name: str) -> str:
    title = words.mail["reminder_title"] if occasion == "reminder" else words.title
    return f"{title} – {name}" if name else title


def _text(words: Wording, links: Links, said: Mapping[str, Any], touchpoint: str) -> str:
    name = said["sender"]
    question = words.question.replace("{company}", name) if name else words.question_neutral
    about = words.about.replace("{touchpoint}", touchpoint) if touchpoint else ""
    ends = {0: f" ({words.lowest})", 10: f" ({words.highest})"}
    scale = [f"{n}{ends.get(n, '')}: {links.survey}?score={n}" for n in SCORES]
    parts = (
        said["greeting"],
        said["opening"],
        "\n".join(filter(None, [about, question])),
        "\n".join(scale),
        words.mail["reply"],
        f"{words.mail['unsubscribe']}: {links.unsubscribe}",
    )
    return "\n\n".join(parts) + "\n"


def _line(text: str | None) -> str:
    return " ".join((text or "").split())
