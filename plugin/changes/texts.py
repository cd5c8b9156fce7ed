"""What a company writes to customers about a change: the placeholders there are, and what is wrong with a text."""

import re

PLACEHOLDERS = ("first_name", "company", "touchpoint", "words")
SUBJECT_MOST = 120  # characters
BODY_MOST = 4000

_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")
_KNOWN = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)


def problems(text: str) -> list[str]:
    """What is wrong with the braces in *text*, one plain sentence each, each once; nothing where every pair of them is
    a placeholder."""
    found = {}
    for match in _BRACES.finditer(text):
        name = match[1]
        if name is None:
            found[f"There is a “{match[0]}” by itself. Braces are for placeholders: {_KNOWN}."] = 1
        elif name not in PLACEHOLDERS:
            found[f"There is no placeholder “{match[0][:40]}”. These there are: {_KNOWN}."] = 1
    return list(found)
