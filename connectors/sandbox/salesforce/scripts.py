"""Whether a script's brackets and quotes close: as much of its syntax as can be told without an engine."""

import re

PIECE = re.compile(
    r"""//[^\n]* | /\*.*?\*/ | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' | `(?:[^`\\]|\\.)*`
    | (?P<open>[({[]) | (?P<close>[)}\]]) | (?P<stray>["'`])""",
    re.VERBOSE | re.DOTALL,
)
PAIRS = {"(": ")", "{": "}", "[": "]"}


def unbalanced(text: str) -> str:
    """What does not close, in words; empty where everything does."""
    awaited: list[str] = []
    for piece in PIECE.finditer(text):
        line = text.count("\n", 0, piece.start()) + 1
        if piece["stray"]:
            return f"Unterminated string ({line})"
        if piece["open"]:
            awaited.append(PAIRS[piece["open"]])
        if piece["close"] and (not awaited or awaited.pop() != piece["close"]):
            return f"Unexpected token {piece['close']} ({line})"
    return f"Unexpected end of file, {awaited[-1]} is missing" if awaited else ""
