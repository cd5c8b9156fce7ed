"""The survey as a page of ours: the question, the thank-you, or why there is neither."""

from typing import Any, Literal

import sqlalchemy as sa
import structlog
from flask import Response, current_app, g, request
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import SQLAlchemyError

from plugin.answers.doors import door
from plugin.answers.openings import opened
from plugin.answers.rules import COUNTED, EDIT_WINDOW, on_scale
from plugin.answers.store import answer, counted
from plugin.answers.words import own, promise
from plugin.asking.store import ask
from plugin.db import id_in
from plugin.errors import Problem
from plugin.evidence.stamps import Rendering
from plugin.people.store import person
from plugin.services import Services, services
from plugin.strict import form
from plugin.touchpoints.store import touchpoint
from plugin.web import customer_page, root
from widget import page
from widget.locales import available, is_fallback, resolve
from widget.page import Decoy
from widget.question import Filled
from widget.tokens import LinkExpired, LinkInvalid, SurveyToken, Tokens

log = structlog.get_logger()


def survey(token: SurveyToken, text: str, services: Services) -> Response:
    """The page behind a link; nothing but how it was opened is recorded by looking at it. Raises ``Problem``."""
    g.locale = token.locale
    found = _find(services, token.id, id_in(request.args.get("given", "")))
    if found is None or found.erased_at is not None:
        raise Problem("link_invalid")
    chosen = _score(request.args.get("score", ""))
    made = None if token.channel == "widget" else opened(services, token, chosen)
    return customer_page(_body(services, token, text, found, Filled(chosen), made))


def problem_page(problem: Problem) -> Response:
    """What a customer reads when something is wrong, in her language; what she typed is kept."""
    wrong = _wrong(problem)
    if wrong is not None and "body" in g:
        again = _question_again(wrong, services())
        if again:
            return customer_page(again)
    locale = resolve(g.get("locale") or wanted())
    otherwise: Literal["failed", "unavailable"] = (
        "failed" if request.method == "POST" else "unavailable"
    )
    return customer_page(
        page.refused(locale=locale, code=problem.code, otherwise=otherwise, root=root())
    )


def _wrong(problem: Problem) -> page.Problem | None:
    """What the form can be sent again for."""
    if problem.code == "field_invalid":
        return "comment_too_long" if "comment" in problem.fields else "score_missing"
    return "failed" if problem.code in ("rate_limited", "storage_unavailable", "internal") else None


def _question_again(wrong: page.Problem, shared: Services) -> str:
    """The form once more as it was sent; empty where its link does not open."""
    try:
        given = form(g.body)
        tokens: Tokens = current_app.extensions["gensvar.tokens"]
        token = tokens.open(given.get("token", ""))
        found = _find(shared, token.id)
    except (Problem, LinkInvalid, LinkExpired, SQLAlchemyError):
        return ""
    if found is None or found.erased_at is not None:
        return ""
    stamp = given.get("evidence", "").partition(";")[0]
    wish = {"true": True, "false": False}.get(given.get("may_contact", ""))
    filled = Filled(_score(given.get("score", "")), given.get("comment", ""), wish)
    return _question(shared, token, given["token"], found, filled, stamp=stamp, wrong=wrong)


def locale_of(token: SurveyToken) -> str:
    """The language to speak; a missing one is logged, the customer is asked all the same."""
    tag = token.locale or wanted()
    if is_fallback(tag):
        log.warning("language_missing", request_id=g.request_id, wanted=tag, used=resolve(tag))
    return resolve(tag)


def wanted() -> str:
    """The browser's language, where nothing better is known."""
    return request.accept_languages.best_match(available(), "en") or "en"


def _body(
    services: Services,
    token: SurveyToken,
    text: str,
    found: Row[Any],
    filled: Filled,
    made: Rendering | None,
) -> str:
    if found.score is not None:
        another = _another(found, filled.score)
        if another is None and not request.args.get("edit"):
            return _thanks(services, token, found)
        if not _may_edit(services, found):
            return _closed(services, token)
        filled = Filled(
            found.score if another is None else another, found.comment, found.may_contact
        )
    stamp = door().stamps.seal(made) if made else ""
    decoy = Decoy(f"{root()}/s/{text}", made.id) if made else None
    return _question(services, token, text, found, filled, stamp=stamp, decoy=decoy)


def _another(found: Row[Any], chosen: int | None) -> int | None:
    """The score of a mail's link that is not the one she has given: she wants to change it, and is not thanked for it
    before she has."""
    return chosen if chosen != found.score and on_scale(found.kind, chosen) else None


def _thanks(services: Services, token: SurveyToken, found: Row[Any]) -> str:
    if not _may_edit(services, found):
        return _closed(services, token)
    locale = locale_of(token)
    return page.thanks(
        locale=locale,
        category=found.category or "passive",  # thanked plainly where nobody is grouped
        may_contact=found.may_contact,
        promise=promise(found),
        company=found.company,
        text=own(found.wording, locale, "thanks", found.category) or None,
        root=root(),
        change=f"?{_given(found)}edit=1",
    )


def _given(found: Row[Any]) -> str:
    """An answer that does not count is shown to whoever gave it, and to nobody else behind the link."""
    return "" if found.standing == COUNTED else f"given={found.answer}&"


def _closed(services: Services, token: SurveyToken) -> str:
    return page.refused(locale=locale_of(token), code="already_answered", root=root())


def _question(
    services: Services,
    token: SurveyToken,
    text: str,
    found: Row[Any],
    filled: Filled,
    *,
    stamp: str = "",
    decoy: Decoy | None = None,
    wrong: page.Problem | None = None,
) -> str:
    locale = locale_of(token)
    return page.question(
        locale=locale,
        token=text,
        company=found.company,
        touchpoint=(found.wording.get(locale) or {}).get("subject"),
        filled=filled,
        problem=wrong,
        root=root(),
        stamp=stamp,
        decoy=decoy,
        kind=found.kind,
    )


def _score(text: str) -> int | None:
    """What a link or a form preselects; it stores nothing."""
    return int(text) if text in {str(n) for n in range(11)} else None


def _may_edit(services: Services, found: Row[Any]) -> bool:
    """An answer that does not count closes nothing."""
    window = services.clock.scaled(EDIT_WINDOW)
    recent = services.clock.now() - found.answered_at < window
    return bool(found.standing != COUNTED or recent)


def _find(services: Services, ask_id: str, given: str = "") -> Row[Any] | None:
    """The ask of a token, or the one it became when two people turned out to be one. *given* is an answer of it
    that whoever looks has just given, and that does not count."""
    with services.database.read() as connection:
        found = _of_ask(connection, ask_id, given)
        if found is not None and found.became:
            return _of_ask(connection, found.became, given)
        return found


def _of_ask(connection: Connection, ask_id: str, given: str) -> Row[Any] | None:
    shown = sa.and_(answer.c.ask == ask.c.id, counted | (answer.c.id == given))
    query: sa.Select[Any] = (
        sa.select(
            ask.c.became,
            touchpoint.c.kind,
            touchpoint.c.company,
            touchpoint.c.wording,
            touchpoint.c.follow_up_hours,
            touchpoint.c.follow_up_working_days,
            person.c.erased_at,
            answer.c.id.label("answer"),
            answer.c.standing,
            answer.c.score,
            answer.c.category,
            answer.c.comment,
            answer.c.may_contact,
            answer.c.answered_at,
        )
        .select_from(
            ask.join(touchpoint, touchpoint.c.key == ask.c.touchpoint)
            .join(person, person.c.id == ask.c.person)
            .outerjoin(answer, shown)
        )
        .where(ask.c.id == ask_id)
        .order_by(sa.case((counted, 0), else_=1))
        .limit(1)
    )
    return connection.execute(query).one_or_none()
