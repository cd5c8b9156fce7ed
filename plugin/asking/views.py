"""Where a host's own server asks whether a customer may be asked."""

import json
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, current_app, request

from plugin.access.keys import ApiKey, authenticate
from plugin.asking.actions import Wish, decide
from plugin.asking.invitation import document
from plugin.errors import Problem
from plugin.people.rules import parse_contact
from plugin.requested import media_type
from plugin.services import services
from plugin.strict import MAX_BODY, field_invalid, json_object, only, storable
from plugin.touchpoints.rules import CHANNELS
from plugin.web import Limit, json_response
from widget.tokens import Tokens

blueprint = Blueprint("asking", __name__)

FIELDS = ("contact", "touchpoint", "channel", "locale", "context")
LAST_YEAR = 9000  # after which calendars leave no room for delays and windows


@blueprint.post("/api/v1/asks")
def post_ask() -> Response:
    key = api_key()
    limit: Limit = current_app.extensions["gensvar.asks"]
    limit.take(key.id)
    tokens: Tokens = current_app.extensions["gensvar.tokens"]
    wish = _wish(key.installation)
    decision = decide(services(), wish)
    return json_response(document(services(), tokens, wish, decision))


def api_key() -> ApiKey:
    """The key this request carries; raises ``Problem("unauthenticated")``."""
    return authenticate(services(), request.headers.get("Authorization", ""))


def _wish(installation: str) -> Wish:
    if media_type() != "application/json":
        raise Problem("media_type", "Send application/json.")
    request.max_content_length = MAX_BODY
    given = only(json_object(request.get_data(cache=False)), FIELDS)
    wrong: dict[str, str] = {}
    if not _text(given.get("touchpoint")):
        wrong["touchpoint"] = "must be the key of a touchpoint"
    if given.get("channel", "widget") not in CHANNELS:
        wrong["channel"] = "must be one of " + ", ".join(CHANNELS)
    if not _text(given.get("locale", "en"), 35):
        wrong["locale"] = "must be a language tag like sv or pt-BR"
    context = given.get("context")
    if context is not None and not _context(context):
        wrong["context"] = "must be an object of at most 2 KiB"
    elif context and "occurred_at" in context and _moment(context["occurred_at"]) is None:
        wrong["context"] = "occurred_at must be a time like 2026-11-20T09:30:00Z"
    if wrong:
        raise field_invalid(wrong)
    return Wish(
        installation=installation,
        contact=parse_contact(given.get("contact")),
        touchpoint=given["touchpoint"],
        channel=given.get("channel", "widget"),
        locale=given.get("locale", ""),
        context=context,
        occurred_at=_moment((context or {}).get("occurred_at")),
    )


def _text(given: Any, most: int = 64) -> bool:
    return (
        isinstance(given, str)
        and 0 < len(given) <= most
        and given.isprintable()
        and storable(given)
    )


def _moment(given: Any) -> datetime | None:
    """A time with its offset from UTC; ``None`` for anything else."""
    try:
        at = datetime.fromisoformat(given)
        return at.astimezone(UTC) if at.tzinfo and at.year <= LAST_YEAR else None
    except (TypeError, ValueError, OverflowError):
        return None


def _context(given: Any) -> bool:
    if not isinstance(given, dict):
        return False
    text = json.dumps(given, ensure_ascii=False)
    return len(text) <= 2048 and storable(text) and "\\u0000" not in json.dumps(given)
