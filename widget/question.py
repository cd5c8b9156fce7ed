"""Renders the one template of the question, for the page and for the script."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from widget.locales import Category, Wording

LONGEST_NAME = 80
_UNSEEN = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")

templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form already holds: a score to start from, an earlier comment and choice."""

    score: int | None = None
    comment: str = ""
    may_contact: bool | None = None


def plain_name(text: str | None) -> str:
    """A company's or touchpoint's name as one line of text; empty where the neutral question is
    asked instead: nothing given, or more than 80 characters."""
    line = _UNSEEN.sub(" ", text or "").strip()
    return "" if len(line) > LONGEST_NAME else line


def named(text: str, name: str) -> Markup:
    """The text with its ``{...}`` filled by a name that keeps its own writing direction."""
    before, _, rest = text.partition("{")
    _, _, after = rest.partition("}")
    return escape(before) + Markup("<bdi>{}</bdi>").format(name) + escape(after)


def legend(words: Wording, company: str | None, touchpoint: str | None) -> dict[str, str]:
    """The question's texts: with the company's name or neutral, and what it is about."""
    name, about = plain_name(company), plain_name(touchpoint)
    return {
        "question": named(words.question, name) if name else words.question_neutral,
        "about": named(words.about, about) if about else "",
    }


def script_words(words: Wording) -> dict[str, object]:
    """The texts the script says by itself, by the names and statuses it knows them by."""
    return {
        "why": _by_category(words.why),
        "thanks": _by_category(words.thanks),
        "next": [words.next["detractor"], words.next["no_contact"]],
        "sending": words.sending,
        "retry": words.retry,
        "saved": words.saved,
        "failed": words.failed,
        "403": words.no_longer_valid,
        "409": words.already_answered,
        "410": words.no_longer_valid,
    }


def for_script(words: Wording) -> str:
    """The question's markup as the script starts from it: neutral, empty, with a close button."""
    return templates.get_template("question.html").render(
        words=words,
        embedded=True,
        token="",
        evidence="",
        score=None,
        comment="",
        may_contact=None,
        why=words.why_neutral,
        problem="",
        numbers=range(11),
        lowest=words.lowest,
        highest=words.highest,
        **legend(words, None, None),
    )


def as_attribute(words: Wording, *, grouped: bool = True) -> str:
    """The script's texts for a data attribute of the page; not *grouped*: the same for every score."""
    texts = script_words(words)
    if not grouped:
        same = {"why": words.why_neutral, "thanks": words.thanks["passive"]}
        texts |= {name: [text] * 3 for name, text in same.items()} | {"next": ["", ""]}
    return json.dumps(texts, ensure_ascii=False, separators=(",", ":"))


def _by_category(texts: Mapping[Category, str]) -> list[str]:
    return [texts["detractor"], texts["passive"], texts["promoter"]]
