"""Where customers' answers come in, and the survey as a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, current_app, g, request

from plugin.answers import actions, pages
from plugin.answers.parse import parse
from plugin.answers.rules import EDIT_WINDOW, Refusal, Submission
from plugin.answers.words import replied
from plugin.asking import actions as asking
from plugin.asking.frequency import day_of
from plugin.errors import Problem
from plugin.groupcommit import GroupCommit
from plugin.services import Services, services
from plugin.strict import FORM, MAX_BODY, field_invalid, form, media_type
from plugin.web import Limit, client_address, json_response, wants_page
from widget.tokens import LinkExpired, LinkInvalid, SurveyToken, Tokens

blueprint = Blueprint("answers", __name__)


@dataclass(frozen=True)
class Door:
    """What the routes below share in one process."""

    tokens: Tokens
    recorder: "GroupCommit[actions.Post, actions.Result]"
    per_token: Limit
    per_address: Limit  # invalid tokens only: an honest one is never refused for its address


def build_door(
    shared: Services, tokens: Tokens, consequences: Sequence[actions.Consequence]
) -> Door:
    window: timedelta = shared.clock.scaled(EDIT_WINDOW)
    day = day_of(shared.clock)

    def record(connection: Any, posts: Any) -> list[actions.Result]:
        return actions.record(
            connection,
            posts,
            now=shared.clock.now(),
            window=window,
            consequences=consequences,
            day=day,
        )

    return Door(tokens, GroupCommit(shared.database, record), Limit(30), Limit(60))


def door() -> Door:
    found: Door = current_app.extensions["gensvar.answers"]
    return found


@blueprint.post("/api/v1/answers", provide_automatic_options=False)
def post_answer() -> Response:
    check_origin()
    submission = parse(media_type(), _body())
    token = open_token(submission.token)
    door().per_token.take(token.id)
    return _reply(token, submission, _recorded(token, submission))


@blueprint.post("/api/v1/asks/events", provide_automatic_options=False)
def post_event() -> Response:
    check_origin()
    if media_type() != FORM:
        raise Problem("media_type", f"Send {FORM}.")
    given = form(_body())
    if set(given) != {"token", "event"}:
        raise Problem("body_malformed", "Send token and event, nothing else.")
    happened = {"shown": asking.shown, "declined": asking.declined}.get(given["event"])
    if happened is None:
        raise field_invalid({"event": "must be shown or declined"})
    token = open_token(given["token"])
    door().per_token.take(token.id)
    with services().database.write() as connection:
        happened(connection, token.id, services().clock)
    return Response(status=204)


@blueprint.route("/api/v1/answers", methods=["OPTIONS"], provide_automatic_options=False)
@blueprint.route("/api/v1/asks/events", methods=["OPTIONS"], provide_automatic_options=False)
def preflight() -> Response:
    """A host page that sends JSON asks first; the widget never needs to."""
    check_origin()
    response = Response(status=204)
    response.headers["Access-Control-Allow-Methods"] = "POST"
    response.headers["Access-Control-Allow-Headers"] = "Content-Type"
    response.headers["Access-Control-Max-Age"] = "86400"
    return response


@blueprint.get("/s/<token>")
def survey(token: str) -> Response:
    """GET and HEAD never record; the page's own script says when it was shown."""
    g.only_page = True
    return pages.survey(open_token(token), token, services())


def check_origin() -> None:
    """An origin that is present must be ours or an allowed one; without one the token is the credential."""
    origin = request.headers.get("Origin")
    if origin is not None and origin not in _origins():
        raise Problem("origin_refused", "Add the page's origin to GENSVAR_ALLOWED_ORIGINS.")


def _origins() -> frozenset[str]:
    found: frozenset[str] = current_app.extensions["gensvar.origins"]
    return found


@blueprint.after_request
def _with_origin(response: Response) -> Response:
    """Refusals too: the host page's widget must be able to read why."""
    if request.path.startswith("/api/"):
        response.headers.add("Vary", "Origin")
        response.headers.setdefault("Cache-Control", "no-store")
        origin = request.headers.get("Origin")
        if origin is not None and origin in _origins():
            response.headers["Access-Control-Allow-Origin"] = origin
    return response


def open_token(text: str) -> SurveyToken:
    """Raises ``Problem``: ``link_expired``, ``link_invalid``, ``rate_limited`` for too many invalid ones."""
    try:
        return door().tokens.open(text)
    except LinkExpired as expired:
        g.locale = expired.token.locale
        raise Problem(
            "link_expired", "This survey has closed. Thank you for wanting to answer."
        ) from None
    except LinkInvalid:
        door().per_address.take(client_address())
        raise Problem("link_invalid") from None


def _body() -> bytes:
    request.max_content_length = MAX_BODY
    g.body = request.get_data(cache=False)
    return bytes(g.body)


def _recorded(token: SurveyToken, submission: Submission) -> actions.Recorded:
    result = door().recorder.submit(actions.Post(token.id, submission))
    if isinstance(result, actions.Recorded):
        return result  # nobody is woken: what it owes is due only once the customer has stopped
    raise _refused(result)


def _refused(refusal: Refusal) -> Problem:
    if refusal.code == "score_missing":
        return field_invalid({"score": "must be chosen first"})
    if refusal.code == "already_answered":
        return Problem(
            "already_answered", "You have answered, and the time to change it is over. Thank you."
        )
    return Problem(refusal.code)


def _reply(token: SurveyToken, submission: Submission, recorded: actions.Recorded) -> Response:
    if wants_page() and media_type() == FORM:
        address = f"{pages.root(services())}/s/{submission.token}"
        return Response(status=303, headers={"Location": address})
    first = recorded.before is None
    document = {
        "answer_id": recorded.answer,
        "category": recorded.said.category,
        "revision": recorded.said.revision,
    } | replied(
        recorded.ask, pages.locale_of(token), recorded.said.score, recorded.said.may_contact
    )
    return json_response(document, 201 if first else 200)
