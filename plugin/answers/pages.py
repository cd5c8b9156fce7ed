"""The survey as a page of ours: the question, the thank-you, or why there is neither."""

from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
import structlog
from flask import Response, g, request
from sqlalchemy.engine import Row

from plugin.answers.rules import EDIT_WINDOW
from plugin.answers.store import answer
from plugin.answers.words import own, promise
from plugin.asking.store import ask
from plugin.errors import Problem
from plugin.people.store import person
from plugin.services import Services
from plugin.touchpoints.store import touchpoint
from widget import page
from widget.locales import available, is_fallback, resolve
from widget.question import Filled
from widget.tokens import LinkExpired, LinkInvalid, SurveyToken, Tokens

log = structlog.get_logger()


def survey(text: str, tokens: Tokens, services: Services) -> Response:
    """The page behind a link; nothing is recorded by looking at it."""
    try:
        token = tokens.open(text)
    except LinkExpired as expired:
        return refused(services, "link_expired", locale_of(expired.token))
    except LinkInvalid:
        return refused(services, "link_invalid", wanted())
    found = _find(services, token.id)
    if found is None or found.erased_at is not None:
        return refused(services, "link_invalid", locale_of(token))
    return _html(services, _body(services, token, text, found))


def refused(services: Services, code: str, locale: str, status: int | None = None) -> Response:
    """Why there is no question, in the customer's language."""
    html = page.refused(locale=locale, code=code, root=root(services))
    return _html(services, html, status or Problem(code).status)


def root(services: Services) -> str:
    """The path we live under, as the customer's browser sees it."""
    return urlsplit(services.settings.base_url).path


def locale_of(token: SurveyToken) -> str:
    """The language to speak; a missing one is logged, the customer is asked all the same."""
    tag = token.locale or wanted()
    if is_fallback(tag):
        log.warning("language_missing", request_id=g.request_id, wanted=tag, used=resolve(tag))
    return resolve(tag)


def wanted() -> str:
    """The browser's language, where nothing better is known."""
    return request.accept_languages.best_match(available(), "en") or "en"


def _body(services: Services, token: SurveyToken, text: str, found: Row[Any]) -> str:
    locale, root_path = locale_of(token), root(services)
    if found.score is None or (request.args.get("edit") and _may_edit(services, found)):
        return page.question(
            locale=locale,
            token=text,
            company=found.company,
            touchpoint=(found.wording.get(locale) or {}).get("subject"),
            filled=_filled(found),
            root=root_path,
        )
    if not _may_edit(services, found):
        return page.refused(locale=locale, code="already_answered", root=root_path)
    return page.thanks(
        locale=locale,
        category=found.category,
        may_contact=found.may_contact,
        promise=promise(found),
        company=found.company,
        text=own(found.wording, locale, "thanks", found.category) or None,
        root=root_path,
    )


def _may_edit(services: Services, found: Row[Any]) -> bool:
    window = services.clock.scaled(EDIT_WINDOW)
    return bool(services.clock.now() - found.answered_at < window)


def _filled(found: Row[Any]) -> Filled:
    """What was answered so far, or what the link preselects; neither stores anything."""
    if found.score is not None:
        return Filled(found.score, found.comment, found.may_contact)
    score = request.args.get("score", "")
    return Filled(int(score) if score in {str(n) for n in range(11)} else None)


def _find(services: Services, ask_id: str) -> Row[Any] | None:
    query: sa.Select[Any] = (
        sa.select(
            touchpoint.c.company,
            touchpoint.c.wording,
            touchpoint.c.follow_up_hours,
            touchpoint.c.follow_up_working_days,
            person.c.erased_at,
            answer.c.score,
            answer.c.category,
            answer.c.comment,
            answer.c.may_contact,
            answer.c.answered_at,
        )
        .select_from(
            ask.join(touchpoint, touchpoint.c.key == ask.c.touchpoint)
            .join(person, person.c.id == ask.c.person)
            .outerjoin(answer, answer.c.ask == ask.c.id)
        )
        .where(ask.c.id == ask_id)
    )
    with services.database.read() as connection:
        found: Row[Any] | None = connection.execute(query).one_or_none()
    return found


def _html(services: Services, html: str, status: int = 200) -> Response:
    response = Response(html, status, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = page.CONTENT_SECURITY_POLICY
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
