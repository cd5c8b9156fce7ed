"""The preview: the customer's real page, in a frame of ours, behind which nothing is recorded.

The page posts where its address says, below the preview's own address, and without a cookie; so a
signed word in place of the token says who may see an answer, and it names the touchpoint only.
"""

from flask import Response, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeTimedSerializer
from markupsafe import Markup

from plugin.access.guard import harmless, open_to_all
from plugin.access.rules import SESSION
from plugin.errors import Problem
from plugin.pages import asset
from plugin.sealing import derived
from plugin.services import services
from plugin.touchpoints import reading
from plugin.touchpoints.reading import Touchpoint
from plugin.touchpoints.routes import blueprint
from plugin.touchpoints.rules import MEASURES
from plugin.web import PAGE_POLICY, wants_page
from widget import page
from widget.locales import category, resolve
from widget.measures import ends
from widget.thanks import Promise, thanks

FRAMING = f"{PAGE_POLICY}; frame-src 'self'"
FRAMED = page.CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
NOTE = "Preview: nothing is recorded"


def address(touchpoint: Touchpoint, locale: str) -> str:
    """Where the preview of a touchpoint in one language is."""
    return url_for("touchpoints.preview", key=touchpoint.key, locale=locale)


@blueprint.get("/admin/touchpoints/<key>/preview/<locale>/")
def preview(key: str, locale: str) -> Response:
    found = _get(key)
    html = page.question(
        locale=resolve(locale),
        token=_words().dumps(key),
        company=found.company,
        touchpoint=found.subject(resolve(locale)),
        root=address(found, locale).rstrip("/"),
        kind=found.kind,
    )
    return _framed(html)


@blueprint.get("/admin/touchpoints/<key>/preview/<locale>/v1/<name>")
@open_to_all
def preview_file(key: str, locale: str, name: str) -> ResponseReturnValue:
    """The page looks for its files below its own address."""
    del key, locale
    return redirect(url_for("widget_files.versioned", version=page.VERSION, name=name))


@blueprint.post("/admin/touchpoints/<key>/preview/<locale>/api/v1/asks/events")
@open_to_all
@harmless
def preview_event(key: str, locale: str) -> ResponseReturnValue:
    del key, locale
    return Response(status=204)


@blueprint.post("/admin/touchpoints/<key>/preview/<locale>/api/v1/answers")
@open_to_all
@harmless
def preview_answer(key: str, locale: str) -> ResponseReturnValue:
    """What a customer would get back."""
    found = _opened(key, request.form.get("token", ""))
    score, contact = request.form.get("score", ""), request.form.get("may_contact")
    lowest, highest = ends(found.kind)
    if score not in {str(n) for n in range(lowest, highest + 1)}:
        raise Problem("field_invalid", fields={"score": "Choose a score."})
    grouped = found.kind not in MEASURES
    texts = _replied(found, resolve(locale), int(score), may_contact=contact != "false")
    if not wants_page():
        return jsonify(texts if grouped else {"answer_id": "preview", "revision": 1}), 201
    group = category(int(score)) if grouped else "passive"
    own = found.text(resolve(locale), "thanks", group) if grouped else ""
    return _framed(
        page.thanks(
            locale=resolve(locale),
            category=group,
            may_contact=contact != "false",
            promise=_promise(found),
            company=found.company,
            text=own or None,
            root=address(found, locale).rstrip("/"),
        )
    )


def _replied(
    found: Touchpoint, locale: str, score: int, *, may_contact: bool
) -> dict[str, str | int]:
    group = category(score)
    texts = {
        "follow_up_question": found.text(locale, "follow_up_question", group),
        "thanks": found.text(locale, "thanks", group),
        "next": thanks(locale, group, may_contact, _promise(found)).next,
    }
    given = {name: text for name, text in texts.items() if text}
    return {"answer_id": "preview", "category": group, "revision": 1, **given}


def _promise(found: Touchpoint) -> Promise:
    if found.follow_up_working_days:
        return Promise(amount=found.follow_up_hours // 24, unit="working_days")
    return Promise(amount=found.follow_up_hours)


def _get(key: str) -> Touchpoint:
    with services().database.read() as connection:
        return reading.get(connection, key)


def _opened(key: str, word: str) -> Touchpoint:
    try:
        named = _words().loads(word, max_age=int(SESSION.total_seconds()))
    except BadData:
        named = None
    if named != key:
        raise Problem("link_expired", "This preview is too old. Load the page again.")
    return _get(key)


def _words() -> URLSafeTimedSerializer:
    keys = services().settings.signing_keys
    oldest_first = [derived(key, "preview") for key in reversed(keys)]
    return URLSafeTimedSerializer(oldest_first, salt="touchpoint preview")


def _framed(html: str) -> Response:
    note = Markup('<p class="preview-note">{}</p>').format(NOTE)
    style = Markup('<link rel="stylesheet" href="{}">').format(asset("preview.css"))
    html = html.replace("</head>", f"{style}</head>", 1).replace("<body>", f"<body>{note}", 1)
    response = Response(html, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = FRAMED
    response.headers["Cache-Control"] = "no-store"
    return response
