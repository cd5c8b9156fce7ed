"""Text as Salesforce keeps it."""

import re
import unicodedata

JOINER, WORD_JOINER = "\u200d", "\u2060"
# {!Merge.Fields} and {{{handlebars}}} are filled in wherever such a text is used in a template: a word joiner, which
# nobody sees, keeps the signs apart.
EVALUATED = re.compile(r"\{(?=[{!])|(?<=\})\}")


def cut(text: str, limit: int) -> str:
    """*text* in at most *limit* UTF-16 units (as Salesforce counts), cut on a whole character.

    Control characters that no field takes are left out. What was cut ends in an ellipsis.
    """
    text = "".join(c for c in text if c in "\n\r\t" or unicodedata.category(c) != "Cc")
    if size(text) <= limit:
        return text
    taken, room = 0, limit - 1
    while room - size(text[taken]) >= 0:
        room -= size(text[taken])
        taken += 1
    while taken and _continues(text, taken):
        taken -= 1
    return text[:taken].rstrip() + "…"


def inert(text: str) -> str:
    """*text* with nothing in it that Salesforce would evaluate."""
    return EVALUATED.sub(lambda sign: f"{WORD_JOINER}{sign[0]}{WORD_JOINER}", text)


def size(text: str) -> int:
    """How many UTF-16 units *text* has."""
    return len(text) + sum(ord(c) > 0xFFFF for c in text)


def _continues(text: str, at: int) -> bool:
    """Whether a cut before *at* would tear a character from what belongs to it."""
    here, before = text[at], text[at - 1]
    joined = JOINER in (here, before) or unicodedata.combining(here) != 0
    modifier = unicodedata.category(here) in ("Mn", "Me", "Mc", "Sk") and ord(here) > 0x2FF
    flags = _flag(here) and _flag(before) and _flags_before(text, at) % 2 == 1
    return joined or modifier or flags


def _flag(character: str) -> bool:
    return 0x1F1E6 <= ord(character) <= 0x1F1FF


def _flags_before(text: str, at: int) -> int:
    count = 0
    while count < at and _flag(text[at - count - 1]):
        count += 1
    return count
