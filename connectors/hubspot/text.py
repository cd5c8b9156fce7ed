"""Our plain text as HubSpot's rich text: escaped, with line breaks, within the limit."""

import re
import unicodedata
from html import unescape

from markupsafe import escape

BODY_LIMIT = 65_536
SUBJECT_LIMIT = 250
BREAK = "<br>"
ELLIPSIS = "…"
# HubSpot evaluates {{ personalisation }}, {% statements %} and {# comments #}: a word joiner, which
# nobody sees, keeps the two signs apart.
EVALUATED = re.compile(r"\{(?=[{%#])|(?<=[}%#])\}")
NOT_SHOWN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
TAG = re.compile(r"<[^>]*>")
NEW_LINE = re.compile(r"(?i)<\s*(?:br|/p|/div|/li)\b[^>]*>")
JOINER, WORD_JOINER = "\u200d", "\u2060"


def units(text: str) -> int:
    """The length of *text* as HubSpot counts it: in UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)


def inert(text: str) -> str:
    """*text* without control characters, and with nothing in it that HubSpot would evaluate."""
    clean = NOT_SHOWN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return EVALUATED.sub(lambda sign: _apart(sign[0]), clean)


def rich(text: str, limit: int = BODY_LIMIT) -> str:
    """*text* escaped, each line break as ``<br>``, cut to *limit* between two whole characters."""
    clean = inert(text)
    pieces = [BREAK if char == "\n" else str(escape(char)) for char in clean]
    end = _fitting(clean, pieces, limit)
    return "".join(pieces) if end == len(clean) else "".join(pieces[:end]) + ELLIPSIS


def plain(text: str, limit: int) -> str:
    """*text* for a field that is no rich text, cut to *limit* between two whole characters."""
    clean = NOT_SHOWN.sub("", text)
    end = _fitting(clean, list(clean), limit)
    return clean if end == len(clean) else clean[:end] + ELLIPSIS


def one_line(text: str, limit: int = SUBJECT_LIMIT) -> str:
    return plain(" ".join(inert(text).split()), limit)


def shown(body: str) -> str:
    """What a reader sees of the rich text *body*, line by line."""
    return unescape(TAG.sub("", NEW_LINE.sub("\n", body))).replace("\xa0", " ")


def shorten(body: str, limit: int = BODY_LIMIT) -> str:
    """The rich text *body* cut to *limit*, never inside a tag or an escape."""
    if units(body) <= limit:
        return body
    cut = body[:limit]
    while units(cut) > limit:
        cut = cut[: -(units(cut) - limit)]
    if cut.rfind("<") > cut.rfind(">"):
        cut = cut[: cut.rfind("<")]
    return re.sub(r"&[#\w]{0,10}$", "", cut)


def _fitting(clean: str, pieces: list[str], limit: int) -> int:
    """How many characters may stay so that their pieces keep *limit*: all, or room for an ellipsis."""
    lengths = [units(piece) for piece in pieces]
    if sum(lengths) <= limit:
        return len(pieces)
    end, used = 0, 1
    while end < len(pieces) and used + lengths[end] <= limit:
        used += lengths[end]
        end += 1
    while end and _inside(clean, end):
        end -= 1
    return end


def _inside(text: str, at: int) -> bool:
    """Whether the place *at* lies within what a reader takes for one character."""
    after = text[at]
    return (
        unicodedata.combining(after) > 0
        or unicodedata.category(after) in ("Mn", "Me", "Mc")
        or JOINER in (after, text[at - 1])
        or "\U0001f3fb" <= after <= "\U0001f3ff"
    )


def _apart(sign: str) -> str:
    return sign + WORD_JOINER if sign == "{" else WORD_JOINER + sign
