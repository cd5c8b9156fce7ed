"""Themes: the list, one theme with its newest answers and what was learned, the form, and an answer's correction."""

from collections.abc import Mapping

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from plugin import seen
from plugin.access.guard import who
from plugin.access.web import field_errors
from plugin.errors import Problem
from plugin.pages import cut
from plugin.services import services
from plugin.themes import actions, known, lessons, reading, suggestions
from plugin.themes.forms import Draft, draft_of, values_of
from plugin.themes.known import Known
from plugin.themes.languages import languages

blueprint = Blueprint("themes", "plugin")
SIZE = 30
BY = {"rule": "by words", "learned": "learned", "person": "by a person"}


@blueprint.get("/admin/themes")
def list_themes() -> ResponseReturnValue:
    with services().database.read() as connection:
        rows = known.every(connection)
        newest = {one.key: reading.answers(connection, one.key) for one in rows}
        counts, totals = reading.counts(connection), reading.totals(connection)
    rows.sort(key=lambda one: (not one.is_on, -counts.get(one.key, 0)))
    return render_template(
        "themes/list.html", themes=rows, newest=newest, counts=counts, totals=totals
    )


@blueprint.get("/admin/themes/new")
def new() -> ResponseReturnValue:
    return _form(draft_of(request.args.to_dict()), {})


@blueprint.post("/admin/themes/new")
def add() -> ResponseReturnValue:
    draft = draft_of(request.form)
    try:
        actions.add(services(), who(), draft)
    except Problem as problem:
        return _form(draft, field_errors(problem), typed=request.form)
    flash("The theme is added. All comments are read again, the newest first.", "good")
    return redirect(url_for("themes.show", key=draft.key), 303)


@blueprint.get("/admin/themes/suggestions")
def suggested() -> ResponseReturnValue:
    with services().database.read() as connection:
        found = suggestions.suggest(connection)
    return render_template("themes/suggestions.html", suggestions=found, languages=languages())


@blueprint.get("/admin/themes/<key>")
def show(key: str) -> ResponseReturnValue:
    after = request.args.get("after", "")
    with services().database.read() as connection:
        one = actions.get(connection, key)
        found = reading.answers(connection, key, before=after, limit=SIZE + 1)
        many = reading.counts(connection).get(key, 0)
        taught = lessons.taught(connection, known.switched_on(connection))
    shown, older = cut(found, SIZE, lambda row: str(row.id))
    return render_template(
        "themes/show.html", one=one, answers=shown, older=older, first=not after, many=many, by=BY,
        languages=languages(), lessons=[lesson for lesson in taught if lesson.theme == key],
    )  # fmt: skip


@blueprint.get("/admin/themes/<key>/edit")
def edit(key: str) -> ResponseReturnValue:
    one = _get(key)
    return _form(Draft(key, one.theme.names, one.own or {}), {}, one)


@blueprint.post("/admin/themes/<key>/edit")
def save(key: str) -> ResponseReturnValue:
    one, draft = _get(key), draft_of(request.form, key)
    try:
        actions.edit(services(), who(), draft, request.form.get("seen", ""))
    except Problem as problem:
        return _form(draft, field_errors(problem), one, typed=request.form)
    flash("Saved. All comments are read again, the newest first.", "good")
    return redirect(url_for("themes.show", key=key), 303)


@blueprint.post("/admin/themes/<key>/on")
def switch_on(key: str) -> Response:
    return _switched(key, on=True)


@blueprint.post("/admin/themes/<key>/off")
def switch_off(key: str) -> Response:
    return _switched(key, on=False)


@blueprint.post("/admin/answers/<answer_id>/themes")
def correct(answer_id: str) -> Response:
    before, after = request.form.getlist("before"), request.form.getlist("theme")
    actions.correct(services(), who(), answer_id, before, after)
    flash("Saved. What you said of this answer stays, whatever is read in it.", "good")
    return redirect(f"/admin/answers/{answer_id}", 303)


def _switched(key: str, *, on: bool) -> Response:
    actions.switch(services(), who(), key, on=on)
    flash("The theme is on." if on else "The theme is off.", "good")
    return redirect(url_for("themes.show", key=key), 303)


def _get(key: str) -> Known:
    with services().database.read() as connection:
        return actions.get(connection, key)


def _form(
    draft: Draft,
    errors: Mapping[str, str],
    one: Known | None = None,
    typed: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    html = render_template(
        "themes/form.html", one=one, values=typed or values_of(draft), errors=errors,
        languages=languages(), seen=seen.carried(request.form, errors, one) if one else "",
    )  # fmt: skip
    return make_response(html, 422 if errors else 200)
