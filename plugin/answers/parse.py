"""Reads what a customer's page posts, strictly: JSON from programs, a form from the widget (no preflight)."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from plugin.answers.rules import Submission
from plugin.errors import Problem

MAX_BODY = 16 * 1024
MAX_COMMENT = 4000
MAX_ASIDE = 2048  # evidence and website: kept, never a reason to refuse
MAX_TOKEN = 2048
FIELDS = ("token", "score", "comment", "may_contact", "evidence", "website")

JSON, FORM = "application/json", "application/x-www-form-urlencoded"

Reader = Callable[[Any], Any]


def parse(media_type: str, body: bytes) -> Submission:
    """Raises ``Problem``: ``media_type``, ``body_too_large``, ``body_malformed``, ``field_invalid``."""
    if len(body) > MAX_BODY:
        raise Problem("body_too_large", f"At most {MAX_BODY} bytes.")
    if media_type == JSON:
        return _submission(_only(_json_object(body), FIELDS), _score_json, _flag_json)
    if media_type == FORM:
        return _submission(_only(form(body), FIELDS), _score_form, _flag_form)
    raise Problem("media_type", f"Send {JSON} or {FORM}.")


def form(body: bytes) -> dict[str, str]:
    """A urlencoded form, each key once. Raises ``Problem("body_malformed")``."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, strict_parsing=bool(body), errors="strict",
            max_num_fields=len(FIELDS),
        )  # fmt: skip
    except ValueError:
        raise _malformed("The form could not be read.") from None
    return _once(pairs)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        # parse_constant: NaN and Infinity are not JSON (RFC 8259, section 6)
        found = json.loads(
            body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse_constant
        )
    except (ValueError, RecursionError):
        raise _malformed("The body is not valid JSON in UTF-8.") from None
    if not isinstance(found, dict):
        raise _malformed("The body must be a JSON object.")
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _malformed("A field stands there twice.")
    return found


def _only(given: dict[str, Any], known: Sequence[str]) -> dict[str, Any]:
    if unknown := set(given) - set(known):
        shown = min(unknown)[:40].encode("ascii", "replace").decode()
        raise _malformed(f"Unknown field {shown!r}. Known: {', '.join(known)}.")
    return given


def _submission(given: Mapping[str, Any], score: Reader, flag: Reader) -> Submission:
    wrong: dict[str, str] = {}

    def read(name: str, reader: Reader) -> Any:
        if name not in given:
            return None
        try:
            return reader(given[name])
        except ValueError as error:
            wrong[name] = str(error)
            return None

    submission = Submission(
        token=read("token", _token) or "",
        score=read("score", score),
        comment=read("comment", _comment),
        may_contact=read("may_contact", flag),
        evidence=_aside(given.get("evidence")),
        website=_aside(given.get("website")),
    )
    if "token" not in given:
        wrong["token"] = "is required"  # noqa: S105 - a message
    if wrong:
        raise field_invalid(wrong)
    return submission


def field_invalid(wrong: Mapping[str, str]) -> Problem:
    return Problem(
        "field_invalid", "; ".join(f"{k} {v}" for k, v in wrong.items()) + ".", fields=wrong
    )


def _token(given: Any) -> str:
    if not isinstance(given, str) or not given:
        raise ValueError("must be the text of a survey token")
    return given


def _score_json(given: Any) -> int:
    if type(given) is not int or not 0 <= given <= 10:
        raise ValueError("must be a whole number from 0 to 10")
    return given


def _score_form(given: str) -> int:
    if given not in _SCORES:
        raise ValueError("must be one of 0 to 10")
    return int(given)


_SCORES = frozenset(str(score) for score in range(11))


def _flag_json(given: Any) -> bool:
    if not isinstance(given, bool):
        raise ValueError("must be true or false")
    return given


def _flag_form(given: str) -> bool:
    if given not in ("true", "false"):
        raise ValueError("must be true or false")
    return given == "true"


def _comment(given: Any) -> str:
    if not isinstance(given, str):
        raise ValueError("must be text")
    text = given.replace("\r\n", "\n").replace(
        "\r", "\n"
    )  # a form sends CRLF for what the customer saw as one
    if len(text) > MAX_COMMENT:
        raise ValueError(f"must be at most {MAX_COMMENT} characters")
    if not storable(text):
        raise ValueError("must not hold NUL or half characters")
    return text


def storable(text: str) -> bool:
    """Whether a database and UTF-8 can hold it: no NUL, no lone surrogate."""
    try:
        return b"\0" not in text.encode("utf-8")
    except UnicodeEncodeError:
        return False


def _aside(given: Any) -> str:
    if not isinstance(given, str):
        return ""
    return given[:MAX_ASIDE].replace("\0", "").encode("utf-8", "ignore").decode("utf-8")[:MAX_ASIDE]


def _malformed(detail: str) -> Problem:
    return Problem("body_malformed", detail)
