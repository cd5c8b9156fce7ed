"""What the doctor says of one thing."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "look", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """``bad`` stops something from working, ``look`` may be meant; *do* is what a person can do about it."""

    about: str
    level: Level
    words: str
    do: str = ""


def ok(about: str, words: str) -> Finding:
    return Finding(about, "ok", words)


def look(about: str, words: str, do: str = "") -> Finding:
    return Finding(about, "look", words, do)


def bad(about: str, words: str, do: str) -> Finding:
    return Finding(about, "bad", words, do)
