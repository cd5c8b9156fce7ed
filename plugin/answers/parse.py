"""Reads what a customer's page posts, strictly: JSON from programs, a form from the widget (no preflight)."""

from collections.abc import Callable, Mapping
from typing import Any

from plugin.answers.rules import Submission
from plugin.errors import Problem
from plugin.strict import FORM, JSON, MAX_BODY, field_invalid, form, json_object, only, storable

MAX_COMMENT = 4000
MAX_ASIDE = 2048  # evidence and website: kept, never a reason to refuse
MAX_TOKEN = 2048
FIELDS = ("token", "score", "comment", "may_contact", "evidence", "website")

Reader = Callable[[Any], Any]


def parse(media_type: str, body: bytes) -> Submission:
    """Raises ``Problem``: ``media_type``, ``body_too_large``, ``body_malformed``, ``field_invalid``."""
    if len(body) > MAX_BODY:
        raise Problem("body_too_large", f"At most {MAX_BODY} bytes.")
    if media_type == JSON:
        return _submission(only(json_object(body), FIELDS), _score_json, _flag_json)
    if media_type == FORM:
        return _submission(only(form(body), FIELDS), _score_form, _flag_form)
    raise Problem("media_type", f"Send {JSON} or {FORM}.")


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


def _aside(given: Any) -> str:
    if not isinstance(given, str):
        return ""
    return given[:MAX_ASIDE].replace("\0", "").encode("utf-8", "ignore").decode("utf-8")[:MAX_ASIDE]
