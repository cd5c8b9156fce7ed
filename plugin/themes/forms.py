"""The theme form: from what was typed to names and phrases by language, and back."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plugin.access.rules import plain
from plugin.themes.languages import languages, ready_themes
from plugin.themes.phrases import parse

KEY = re.compile(r"[a-z][a-z0-9_-]{0,62}")
RESERVED = ("new", "suggestions")  # addresses of pages
NAME_MOST = 80
PHRASE_MOST = 100  # characters of one phrase
PHRASES_MOST = 200  # of one language


@dataclass(frozen=True, slots=True)
class Draft:
    """A theme as typed: names and phrases by language."""

    key: str
    names: Mapping[str, str]
    words: Mapping[str, Sequence[str]]


def draft_of(form: Mapping[str, str], key: str = "") -> Draft:
    names = {code: plain(form.get(f"name_{code}", "")) for code in languages()}
    words = {code: _lines(form.get(f"words_{code}", "")) for code in languages()}
    return Draft(
        key or form.get("key", "").strip(),
        {code: name for code, name in names.items() if name},
        {code: phrases for code, phrases in words.items() if phrases},
    )


def values_of(draft: Draft) -> dict[str, str]:
    names = {f"name_{code}": name for code, name in draft.names.items()}
    words = {f"words_{code}": "\n".join(said) for code, said in draft.words.items()}
    return {"key": draft.key, **names, **words}


def errors(draft: Draft, *, ready: bool = False) -> dict[str, str]:
    """What is wrong, by field; a ready theme has its key, its names and words without the company's."""
    found = _phrase_errors(draft.words)
    for code, name in draft.names.items():
        if len(name) > NAME_MOST:
            found[f"name_{code}"] = f"Use at most {NAME_MOST} characters."
    if ready:
        return found
    if not KEY.fullmatch(draft.key) or draft.key in (*ready_themes(), *RESERVED):
        found["key"] = (
            "Begin with a small letter; use a to z, digits, - and _. Ready themes' keys and “new” are taken."
        )
    if not draft.names:
        found["name_en"] = "Give it a name in one language at least."
    if not draft.words and not found:
        found["words_en"] = "Give at least one word or phrase in one language."
    return found


def _phrase_errors(words: Mapping[str, Sequence[str]]) -> dict[str, str]:
    found = {}
    for code, phrases in words.items():
        if len(phrases) > PHRASES_MOST:
            found[f"words_{code}"] = f"Use at most {PHRASES_MOST} phrases."
        for phrase in phrases:
            if wrong := _wrong(code, phrase):
                found[f"words_{code}"] = f"“{phrase[:40]}”: {wrong}"
    return found


def _wrong(code: str, phrase: str) -> str:
    if len(phrase) > PHRASE_MOST:
        return f"use at most {PHRASE_MOST} characters."
    try:
        parse("", phrase, languages()[code].stemming, frozenset())
    except ValueError as error:
        return str(error)
    return ""


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(filter(None, map(plain, text.splitlines()))))
