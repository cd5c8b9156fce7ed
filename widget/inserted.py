"""What a customer wrote or is called, inside a text of ours: plain for ever, and in its own writing direction."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from markupsafe import Markup, escape

# Marks that turn the direction of what follows: one left open would reach beyond the words it came with.
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_CONTROLS = re.compile(r"[^\S\n]*[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]+[^\S\n]*")
_HANGING = ("Mn", "Me", "Mc", "Cf", "Sk")  # belongs to the letter before it


@dataclass(frozen=True, slots=True)
class Inserted:
    """One value, never looked into: no braces, no markup, no direction of it means anything."""

    text: str


Line: TypeAlias = Sequence[str | Inserted]


def plain(line: Line, direction: str) -> str:
    """The line as text. What is written the other way is fenced with invisible marks (Unicode's isolates)."""
    return "".join(
        isolated(part.text, direction) if isinstance(part, Inserted) else part for part in line
    )


def marked(lines: Iterable[Line]) -> Markup:
    """The lines as HTML, one under the other."""
    return Markup("<br>\n").join(Markup("").join(_marked(part) for part in line) for line in lines)


def _marked(part: str | Inserted) -> Markup:
    return Markup("<bdi>{}</bdi>").format(part.text) if isinstance(part, Inserted) else escape(part)


def isolated(text: str, direction: str) -> str:
    """*text* for a plain text written in *direction*; as it is where nothing in it turns the line."""
    mixed = direction == "rtl" or any(
        unicodedata.bidirectional(letter) in ("R", "AL", "AN") for letter in text
    )
    return f"\u2068{text}\u2069" if text and mixed else text


def clean(text: str) -> str:
    """Without what cannot be seen; its lines stay."""
    return _CONTROLS.sub(" ", _TURNS.sub("", text.replace("\r\n", "\n"))).strip()


def cut(text: str, most: int) -> str:
    """At most *most* characters, cut between words where there are any, with an ellipsis that says so."""
    if len(text) <= most:
        return text
    end = most - 1
    while end and (unicodedata.category(text[end]) in _HANGING or text[end - 1] == "\u200d"):
        end -= 1
    kept = text[:end]
    words = kept if text[end].isspace() else kept.rpartition(" ")[0]
    return (words if len(words) > most // 2 else kept).rstrip(" \n,;:–-") + "…"
