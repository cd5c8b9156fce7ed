"""The part of SOQL that integrations use, parsed properly; anything else is MALFORMED_QUERY.

``SELECT a, b.c FROM X WHERE ... ORDER BY ... LIMIT n``
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from connectors.sandbox.salesforce.problems import Refusal, bad

TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>'(?:[^'\\]|\\.)*')
    | (?P<moment>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))
    | (?P<day>\d{4}-\d\d-\d\d)
    | (?P<number>-?\d+(?:\.\d+)?)
    | (?P<word>[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*)
    | (?P<sign><=|>=|!=|<>|[=<>(),])
    )""",
    re.VERBOSE,
)
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
OPERATORS = {"=", "!=", "<>", "<", ">", "<=", ">="}


@dataclass(frozen=True, slots=True)
class Comparison:
    path: str
    operator: str
    value: Any


@dataclass(frozen=True, slots=True)
class Combination:
    """``and`` or ``or`` of two conditions, or ``not`` of one."""

    word: str
    parts: tuple["Condition", ...]


Condition = Comparison | Combination


@dataclass(frozen=True, slots=True)
class Query:
    fields: tuple[str, ...]
    object: str
    where: Condition | None
    order: tuple[tuple[str, bool], ...]
    limit: int | None


def parse(text: str) -> Query:
    """The query in *text*; raises ``Refusal``."""
    return _Parser(text).query()


def malformed(near: str) -> Refusal:
    return bad("MALFORMED_QUERY", f"unexpected token: '{near}'")


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.at = 0

    def query(self) -> Query:
        self.word("SELECT")
        fields = self.names()
        self.word("FROM")
        name = self.name()
        where = self.either() if self.skip("WHERE") else None
        order = self.order() if self.skip("ORDER") else ()
        limit = self.number() if self.skip("LIMIT") else None
        if self.at < len(self.tokens):
            raise malformed(self.tokens[self.at][1])
        return Query(fields, name, where, order, limit)

    def names(self) -> tuple[str, ...]:
        found = [self.name()]
        while self.skip(","):
            found.append(self.name())
        if len({name.lower() for name in found}) < len(found):
            raise bad("MALFORMED_QUERY", "duplicate field selected")
        return tuple(found)

    def order(self) -> tuple[tuple[str, bool], ...]:
        self.word("BY")
        found: list[tuple[str, bool]] = []
        while True:
            name = self.name()
            downwards = self.skip("DESC")
            if not downwards:
                self.skip("ASC")
            found.append((name, downwards))
            if not self.skip(","):
                return tuple(found)

    def either(self) -> Condition:
        left = self.both()
        joined = False
        while self.skip("OR"):
            if isinstance(left, Combination) and left.word == "and" and not joined:
                raise malformed("OR")  # mixing needs parentheses, as in the real language
            left, joined = Combination("or", (left, self.single())), True
        return left

    def both(self) -> Condition:
        left = self.single()
        while self.skip("AND"):
            left = Combination("and", (left, self.single()))
        return left

    def single(self) -> Condition:
        if self.skip("NOT"):
            return Combination("not", (self.single(),))
        if self.skip("("):
            inside = self.either()
            self.word(")")
            # Only marked as a whole here, so that "(a AND b) OR c" is not taken for a mixture.
            return Combination("group", (inside,))
        return self.comparison()

    def comparison(self) -> Comparison:
        path = self.name()
        if self.skip("IN"):
            return Comparison(path, "in", self.values())
        if self.skip("NOT"):
            self.word("IN")
            return Comparison(path, "not in", self.values())
        if self.skip("LIKE"):
            return Comparison(path, "like", self.value())
        kind, text, _ = self.next()
        if kind != "sign" or text not in OPERATORS:
            raise malformed(text)
        return Comparison(path, "!=" if text == "<>" else text, self.value())

    def values(self) -> tuple[Any, ...]:
        self.word("(")
        found = [self.value()]
        while self.skip(","):
            found.append(self.value())
        self.word(")")
        return tuple(found)

    def value(self) -> Any:
        kind, text, value = self.next()
        if kind == "word" and text.lower() in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[text.lower()]
        if kind in ("word", "sign"):
            raise malformed(text)
        return value

    def number(self) -> int:
        kind, text, value = self.next()
        if kind != "number" or "." in text:
            raise malformed(text)
        return int(value)

    def name(self) -> str:
        kind, text, _ = self.next()
        if kind != "word":
            raise malformed(text)
        return text

    def next(self) -> tuple[str, str, Any]:
        if self.at >= len(self.tokens):
            raise bad("MALFORMED_QUERY", "unexpected end of query")
        self.at += 1
        return self.tokens[self.at - 1]

    def word(self, wanted: str) -> None:
        if not self.skip(wanted):
            raise malformed(self.next()[1])

    def skip(self, wanted: str) -> bool:
        kind, text, _ = self.tokens[self.at] if self.at < len(self.tokens) else ("", "", None)
        if kind in ("word", "sign") and text.upper() == wanted:
            self.at += 1
            return True
        return False


def _tokens(text: str) -> list[tuple[str, str, Any]]:
    found, at, text = [], 0, text.strip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise malformed(text[at : at + 10])
        kind = str(match.lastgroup)
        found.append((kind, match[kind], _value(kind, match[kind])))
        at = match.end()
    return found


def _value(kind: str, text: str) -> Any:
    if kind == "string":
        return _unescaped(text[1:-1])
    if kind == "number":
        return float(text)
    if kind == "moment":
        return datetime.fromisoformat(text).astimezone(UTC)
    return date.fromisoformat(text) if kind == "day" else None


def _unescaped(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        letter = match[1]
        if letter in "\\'\"%_":
            return letter if letter not in "%_" else "\\" + letter
        if letter not in ESCAPES:
            raise bad("MALFORMED_QUERY", f"invalid escape: \\{letter}")
        return ESCAPES[letter]

    return re.sub(r"\\(.)", one, text, flags=re.DOTALL)
