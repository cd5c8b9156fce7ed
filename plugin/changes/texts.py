"""What a company writes to customers about a change: the placeholders there are, and what is wrong with a text."""

import re
from collections.abc import Iterator, Mapping

PLACEHOLDERS = ("first_name", "company", "touchpoint", "words")
SUBJECT_MOST = 120  # characters
BODY_MOST = 2000

_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")
_KNOWN = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)


def problems(text: str) -> list[str]:
    """What is wrong with the braces in *text*, one plain sentence each, each once; nothing where every pair of them is
    a placeholder."""
    return list(dict.fromkeys(filter(None, map(_problem, _BRACES.finditer(text)))))


def _problem(found: re.Match[str]) -> str:
    if found[1] is None:
        return f"There is a “{found[0]}” by itself. Braces are for placeholders: {_KNOWN}."
    if found[1] not in PLACEHOLDERS:
        return f"There is no placeholder “{found[0][:40]}”. These there are: {_KNOWN}."
    return ""


def errors(texts: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """What is wrong with the texts, by field: "sv.subject", "sv.body". A language has both, or neither."""
    found: dict[str, str] = {}
    for tag, own in texts.items():
        wrong = {"subject": _subject(own["subject"]), "body": _body(own["body"])}
        found |= {f"{tag}.{part}": " ".join(said) for part, said in wrong.items() if said}
    return found


def _subject(text: str) -> list[str]:
    return [*_subject_alone(text), *problems(text)]


def _subject_alone(text: str) -> Iterator[str]:
    if not text:
        yield "Write a subject too, or empty the text below."
    if len(text) > SUBJECT_MOST:
        yield f"Use at most {SUBJECT_MOST} characters."
    if "\n" in text:
        yield "A subject is one line."
    if "{words}" in text:
        yield "Customers' own words do not belong into a subject: use {words} in the text."


def _body(text: str) -> list[str]:
    long = [f"Use at most {BODY_MOST} characters."] if len(text) > BODY_MOST else []
    return long + problems(text) if text else ["Write a text too, or empty the subject above."]
