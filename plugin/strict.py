"""Reading request bodies strictly: each key once, nothing unknown, nothing a database cannot hold."""

import json
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any
from urllib.parse import parse_qsl

from plugin.errors import Problem

MAX_BODY = 16 * 1024
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


def form(body: bytes, most: int = 10) -> dict[str, str]:
    """A urlencoded form, each key once. Raises ``Problem("body_malformed")``."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(body),
            errors="strict",
            max_num_fields=most,
        )
    except ValueError:
        raise malformed("The form could not be read.") from None
    return once(pairs)


def json_object(body: bytes) -> dict[str, Any]:
    """A JSON object in UTF-8, each key once. Raises ``Problem("body_malformed")``."""
    try:
        # parse_constant: NaN and Infinity are not JSON (RFC 8259, section 6)
        found = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=once,
            parse_constant=_refuse,
            parse_float=_finite,
        )
    except (ValueError, RecursionError):
        raise malformed("The body is not valid JSON in UTF-8.") from None
    if not isinstance(found, dict):
        raise malformed("The body must be a JSON object.")
    return found


def only(given: dict[str, Any], known: Sequence[str]) -> dict[str, Any]:
    """*given* if it has no field but the *known* ones; raises ``Problem("body_malformed")``."""
    if unknown := set(given) - set(known):
        shown = min(unknown)[:40].encode("ascii", "replace").decode()
        raise malformed(f"Unknown field {shown!r}. Known: {', '.join(known)}.")
    return given


def storable(text: str) -> bool:
    """Whether a database and UTF-8 can hold it: no NUL, no lone surrogate."""
    try:
        return b"\0" not in text.encode("utf-8")
    except UnicodeEncodeError:
        return False


def field_invalid(wrong: Mapping[str, str]) -> Problem:
    """A refusal that names each wrong field."""
    return Problem(
        "field_invalid", "; ".join(f"{k} {v}" for k, v in wrong.items()) + ".", fields=wrong
    )


def malformed(detail: str) -> Problem:
    return Problem("body_malformed", detail)


def _refuse(name: str) -> None:
    raise ValueError(name)


def _finite(text: str) -> float:
    """1e400 would be Infinity, which could not be written down again."""
    if not isfinite(number := float(text)):
        raise ValueError(text)
    return number


def once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Raises ``Problem("body_malformed")`` for a key that stands there twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise malformed("A field stands there twice.")
    return found
