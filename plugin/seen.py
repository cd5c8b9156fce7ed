"""Two who change the same thing at once: whoever saves last is told first, and undoes nobody's work unawares."""

import hashlib
from collections.abc import Mapping

from plugin.errors import Problem

MEANWHILE = (
    "Somebody else saved this after you had opened it. Look at what stands now in another window; if you save "
    "again, yours replaces it."
)


def stamp(thing: object) -> str:
    """What a form begins with, in one word; another one once anything of *thing* is another."""
    return hashlib.sha256(repr(thing).encode()).hexdigest()[:16]


def check(seen: str, thing: object, words: str = MEANWHILE) -> None:
    """Raises ``Problem("field_invalid")`` under ``changed`` where *thing* is no longer what was *seen*."""
    if seen != stamp(thing):
        raise Problem("field_invalid", words, fields={"changed": words})


def carried(typed: Mapping[str, str], errors: Mapping[str, str], thing: object) -> str:
    """The stamp of a form that is shown: what it began with as long as that is not over."""
    return typed["seen"] if "seen" in typed and "changed" not in errors else stamp(thing)
