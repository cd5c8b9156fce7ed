"""Where a customer stops our questions (RFC 8058). Looking at the page changes nothing; only the post does."""

from flask import Blueprint, Response, current_app, g, request
from werkzeug.exceptions import RequestEntityTooLarge

from plugin.errors import Problem
from plugin.mail import unsubscribing
from plugin.services import services
from plugin.strict import MAX_BODY
from plugin.web import Limit, client_address, customer_page, root
from widget import page
from widget.locales import available, resolve
from widget.tokens import LinkExpired, LinkInvalid, SurveyToken

blueprint = Blueprint("unsubscribing", __name__)


def build_limit() -> Limit:
    """Of invalid links alone: an honest one is never refused for its address."""
    return Limit(60)


@blueprint.get("/u/<token>")
def ask_first(token: str) -> Response:
    """Says what will happen, with one button."""
    g.only_page = True
    _opened(token)
    return customer_page(page.unsubscribe(locale=resolve(g.locale), root=root()))


@blueprint.post("/u/<token>", provide_automatic_options=False)
def stop(token: str) -> Response:
    """The button, or a mail program's one click. Whatever the body says, the link says it all."""
    g.only_page = True
    _spare_the_body()
    opened = _opened(token)
    with services().database.write() as connection:
        unsubscribing.unsubscribe(connection, opened.id, services().clock.now())
    services().wake.set()
    words = page.refused(locale=resolve(g.locale), code="unsubscribed", root=root())
    return customer_page(words)


def problem_page(problem: Problem) -> Response:
    """In the language of the link, or of the browser: a link that does not open says none."""
    wanted = g.get("locale") or request.accept_languages.best_match(available(), "en") or "en"
    return customer_page(
        page.refused(
            locale=resolve(wanted), code=problem.code, otherwise="unavailable", root=root()
        )
    )


def _spare_the_body() -> None:
    request.max_content_length = MAX_BODY
    try:
        request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise Problem("body_too_large") from None


def _opened(text: str) -> SurveyToken:
    try:
        opened = unsubscribing.opener(services()).open(text)
    except (LinkInvalid, LinkExpired):
        limit: Limit = current_app.extensions["gensvar.unsubscribes"]
        limit.take(client_address())
        raise Problem("link_invalid") from None
    g.locale = opened.locale
    return opened
