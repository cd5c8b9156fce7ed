"""Where customers' answers come in, and the survey as a page."""

from typing import Any

from flask import Blueprint, Response, current_app, g, request
from sqlalchemy.engine import Connection

from plugin.answers import actions, pages
from plugin.answers.doors import build_door, door
from plugin.answers.parse import parse
from plugin.answers.receipts import Receipt
from plugin.answers.rules import COUNTED, Refusal, Submission, category_of
from plugin.answers.words import replied
from plugin.asking import actions as asking
from plugin.errors import Problem
from plugin.evidence import arrivals
from plugin.evidence.rules import Act
from plugin.requested import media_type
from plugin.services import services
from plugin.strict import FORM, MAX_BODY, field_invalid, form
from plugin.web import client_address, json_response, root, wants_page
from widget.tokens import LinkExpired, LinkInvalid, SurveyToken

__all__ = ["blueprint", "build_door"]

blueprint = Blueprint("answers", __name__)
NOTICE_OVER = "This message is not shown any more."


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
    notice = _opened_notice(given["token"])
    token = notice or open_token(given["token"])
    door().per_token.take(token.id)
    with services().database.write() as connection:
        if notice is not None:
            _noticed(connection, notice, given["event"])
        else:
            happened(connection, token.id, services().clock)
    return Response(status=204)


def _opened_notice(text: str) -> SurveyToken | None:
    """``None`` where it is no notice's token, which a survey may still open."""
    notices = services().notice
    try:
        return notices.opened(text) if notices is not None else None
    except LinkExpired:
        raise Problem("link_expired", NOTICE_OVER) from None


def _noticed(connection: Connection, token: SurveyToken, event: str) -> None:
    """Where she was told meanwhile in another way the page is to show nothing."""
    notices, now = services().notice, services().clock.now()
    if notices is None or not notices.happened(connection, token, event, now):
        raise Problem("link_expired", NOTICE_OVER)


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
    """GET and HEAD never record, but for how they came about; the page's own script says when it was shown."""
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


def _recorded(token: SurveyToken, submission: Submission) -> Receipt:
    result = door().recorder.submit(_post(token, submission))
    if isinstance(result, Receipt):
        return result  # nobody is woken: what it owes is due only once the customer has stopped
    raise _refused(result)


def _post(token: SurveyToken, submission: Submission) -> actions.Post:
    """A host's own page has no scanners: there only decoys are looked at."""
    website = submission.website != ""
    if token.channel == "widget":
        return actions.Post(token.id, submission, Act(website=website))
    act = arrivals.act(
        door().stamps, token.id, submission.evidence, dict(request.headers), website=website
    )
    return actions.Post(token.id, submission, act, apart=True)


def _refused(refusal: Refusal) -> Problem:
    if refusal.code == "score_missing":
        return field_invalid({"score": "must be chosen first"})
    if refusal.code == "score_not_on_scale":
        return field_invalid({"score": "is not on the scale of this question"})
    if refusal.code == "already_answered":
        return Problem(
            "already_answered", "You have answered, and the time to change it is over. Thank you."
        )
    return Problem(refusal.code)


def _reply(token: SurveyToken, submission: Submission, made: Receipt) -> Response:
    if wants_page() and media_type() == FORM:
        return Response(status=303, headers={"Location": _thanks(submission.token, made)})
    document: dict[str, Any] = {"answer_id": made.answer, "revision": made.revision}
    if group := category_of(made.kind, made.score):
        document |= {"category": group} | replied(made, pages.locale_of(token))
    return json_response(document, 201 if made.first else 200)


def _thanks(text: str, made: Receipt) -> str:
    """An answer that does not count is thanked for to whoever gave it, and to nobody else behind the link."""
    mine = "" if made.standing == COUNTED else f"?given={made.answer}"
    return f"{root()}/s/{text}{mine}"
