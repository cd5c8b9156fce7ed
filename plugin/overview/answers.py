"""The answers, newest first, and one answer with everything that was said in it."""

from collections.abc import Mapping
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from plugin.access.guard import who
from plugin.access.rules import plain
from plugin.access.web import field_errors
from plugin.answers.standing import Order
from plugin.changes import reading as changes
from plugin.crm import store as installations
from plugin.crm.overruling import overrule
from plugin.crm.records import record_url
from plugin.deliveries import queries, words
from plugin.deliveries.queries import Filter
from plugin.errors import Problem
from plugin.evidence.reading import reasons, story
from plugin.overview import search
from plugin.overview.routes import blueprint
from plugin.overview.search import Wanted
from plugin.pages import cut
from plugin.periods import period_from
from plugin.services import services
from plugin.strict import storable
from plugin.themes import reading as themes
from plugin.touchpoints import reading
from plugin.touchpoints.rules import WAYS

SIZE = 30
CATEGORIES = ("detractor", "passive", "promoter")
STANDINGS = {
    "counted": ("counts", "good"),
    "provisional": ("does not count: no human hand was seen", "warn"),
    "set_aside": ("set aside by an administrator", "warn"),
}


@blueprint.get("/admin/answers")
def list_answers() -> ResponseReturnValue:
    after = request.args.get("after", "")
    wanted, errors = wanted_from(request.args)
    with services().database.read() as connection:
        found = [] if errors else search.page(connection, wanted, before=after, limit=SIZE + 1)
        touchpoints = reading.listed(connection)
        accounts = services().accounts(connection)
        known = {row.id: row for row in installations.every(connection)}
        any_at_all = bool(found) or search.any_answers(connection)
        why = {} if wanted.counts else reasons(connection, [row.id for row in found])
    shown, older = cut(found, SIZE, lambda row: str(row.id))
    return render_template(
        "overview/answers.html",
        answers=shown,
        older=older,
        first=not after,
        filtered=wanted.narrows or bool(errors),
        any_at_all=any_at_all,
        touchpoints=touchpoints,
        accounts=accounts,
        categories=CATEGORIES,
        errors=errors,
        counts=wanted.counts,
        why=why,
        record=lambda row: record(known, row),
        now=services().clock.now(),
    )


@blueprint.get("/admin/answers/<answer_id>")
def show_answer(answer_id: str) -> ResponseReturnValue:
    return _page(answer_id, {}, {})


@blueprint.post("/admin/answers/<answer_id>/standing")
def decide_standing(answer_id: str) -> ResponseReturnValue:
    counts, why = request.form.get("counts") == "yes", plain(request.form.get("why", ""))
    try:
        with services().database.write() as connection:
            overrule(connection, answer_id, Order(counts, who(), why), services().clock)
    except Problem as problem:
        return _page(answer_id, request.form, field_errors(problem))
    services().wake.set()
    flash("Saved. The answer counts." if counts else "Saved. The answer does not count.", "good")
    return redirect(url_for("overview.show_answer", answer_id=answer_id), 303)


def _page(answer_id: str, typed: Mapping[str, str], errors: dict[str, str]) -> Response:
    with services().database.read() as connection:
        found = search.one(connection, answer_id)
        if found is None:
            raise Problem("not_found", "There is no such answer.")
        said = search.revisions(connection, answer_id)
        told = story(connection, answer_id, found.ask)
        about = themes.of_answer(connection, answer_id)
        was_read = themes.was_read(connection, answer_id)
        led_to = changes.said_of_answer(connection, answer_id)
        tied = {one.id for one, _ in led_to}
        others = [one for one in changes.every(connection) if one.id not in tied]
        known = {row.id: row for row in installations.every(connection)}
        owed = queries.page(connection, Filter(subject=found.person), limit=200)
    html = render_template(
        "overview/answer.html",
        answer=found,
        story=told,
        about=about,
        was_read=was_read,
        changes=led_to,
        other_changes=others,
        by=WAYS,
        standing=STANDINGS[found.standing],
        values=typed,
        errors=errors,
        revisions=said,
        installation=known.get(found.installation),
        record=record(known, found),
        deliveries=[row for row in owed if (row.payload or {}).get("answer") == answer_id],
        kind=words.kind,
        states=words.STATES,
        now=services().clock.now(),
    )
    return make_response(html, 422 if errors else 200)


def wanted_from(given: Mapping[str, str]) -> tuple[Wanted, dict[str, str]]:
    """The filter in an address, and what in it cannot be read."""
    errors: dict[str, str] = {}
    text = plain(given.get("q", ""))
    category = given.get("category", "")
    wanted = Wanted(
        touchpoint=given.get("touchpoint", ""),
        category=category if category in CATEGORIES else "",
        installation=given.get("installation", ""),
        period=period_from(given, errors),
        words=text if storable(text) else "",
        counts=given.get("counts") != "no",
    )
    return wanted, errors


def record(known: Mapping[str, Any], row: Any) -> str:
    """The contact in the CRM, where it is still there."""
    installation = known.get(row.installation)
    if installation is None or row.gone_at or row.erased_at:
        return ""
    return record_url(installation, row.contact)
