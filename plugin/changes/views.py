"""What an administrator does with changes: the form, the ways from state to state, and what is tied to one. The pages
that show them look across the rooms and stand in the overview."""

import re
from collections.abc import Mapping

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.engine import Connection
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from plugin import seen
from plugin.access import administrators
from plugin.access.guard import who
from plugin.access.web import field_errors
from plugin.changes import actions, forms, texts
from plugin.changes.forms import Draft, draft_from, draft_of, values_of
from plugin.changes.rules import Change
from plugin.errors import Problem
from plugin.services import services
from plugin.themes import known
from plugin.touchpoints import reading as touchpoints
from widget.locales import available, wording

blueprint = Blueprint("changes", "plugin")
LIST = "/admin/changes"
_TIED = "The answer is among those that asked for it."
_TAKEN = "The answer is not among those that asked for it."
MOST = {
    "title": forms.TITLE_MOST,
    "internal": forms.INTERNAL_MOST,
    "subject": texts.SUBJECT_MOST,
    "body": texts.BODY_MOST,
}


@blueprint.get("/admin/changes/new")
def new() -> ResponseReturnValue:
    given: MultiDict[str, str] = MultiDict(request.args)
    given.setdefault("owner", who().id)
    return _form(draft_of(given)[0], given, {})


@blueprint.post("/admin/changes/new")
def add() -> ResponseReturnValue:
    draft, unread = draft_of(request.form)
    try:
        _stop_at(unread)
        change_id = actions.add(services(), who(), draft)
    except Problem as problem:
        return _form(draft, request.form, unread | field_errors(problem))
    flash("The change is in the register.", "good")
    return _to(change_id)


@blueprint.get("/admin/changes/<change_id>/edit")
def edit(change_id: str) -> ResponseReturnValue:
    one = _get(change_id)
    draft = draft_from(one)
    return _form(draft, values_of(draft), {}, one)


@blueprint.post("/admin/changes/<change_id>/edit")
def save(change_id: str) -> ResponseReturnValue:
    draft, unread = draft_of(request.form)
    try:
        _stop_at(unread)
        actions.edit(services(), who(), change_id, draft, request.form.get("seen", ""))
    except Problem as problem:
        wrong = unread | field_errors(problem)
        return _form(draft, request.form, wrong, _get(change_id))
    flash("Saved.", "good")
    return _to(change_id)


@blueprint.post("/admin/changes/<change_id>/move")
def move(change_id: str) -> ResponseReturnValue:
    try:
        way = actions.move(services(), who(), change_id, request.form.get("to", ""))
    except Problem as problem:
        flash(" ".join(field_errors(problem).values()), "warn")
    else:
        if way:
            flash(way.said, "good")
    return _to(change_id)


@blueprint.post("/admin/changes/<change_id>/answers")
def tie(change_id: str) -> ResponseReturnValue:
    """The answer by its id, or by the address of its page."""
    named = request.form.get("answer", "").strip().rstrip("/")
    _tie(change_id, re.split(r"[/?#]", named.partition("/admin/answers/")[2] or named)[0])
    return redirect(f"{LIST}/{change_id}#asked", 303)


@blueprint.post("/admin/answers/<answer_id>/change")
def tie_from_answer(answer_id: str) -> ResponseReturnValue:
    _tie(request.form.get("change", ""), answer_id)
    return redirect(f"/admin/answers/{answer_id}#changes", 303)


@blueprint.post("/admin/changes/<change_id>/themes")
def tie_theme(change_id: str) -> ResponseReturnValue:
    actions.tie_theme(services(), who(), change_id, request.form.get("theme", ""))
    flash("The theme is tied to the change.", "good")
    return _to(change_id)


def _tie(change_id: str, answer_id: str) -> None:
    has = request.form.get("has") != "no"
    try:
        news = actions.tie(services(), who(), change_id, answer_id, has=has)
    except Problem as problem:
        if problem.code != "not_found":
            raise
        flash(problem.detail, "warn")
        return
    if news:
        flash(_TIED if has else _TAKEN, "good")


def _to(change_id: str) -> Response:
    return redirect(f"{LIST}/{change_id}", 303)


def _get(change_id: str) -> Change:
    with services().database.read() as connection:
        return actions.get(connection, change_id)


def _stop_at(unread: dict[str, str]) -> None:
    if unread:
        raise Problem("field_invalid", fields=unread)


def _form(
    draft: Draft, values: Mapping[str, str], errors: Mapping[str, str], one: Change | None = None
) -> ResponseReturnValue:
    with services().database.read() as connection:
        html = render_template(
            "changes/form.html",
            one=one,
            draft=draft,
            values=values,
            errors=errors,
            stands=values_of(draft_from(one)) if one and "changed" in errors else {},
            theme_choices=_themes(connection, draft),
            touchpoint_choices=_touchpoints(connection, draft),
            administrators=administrators.listed(connection),
            languages=sorted(map(wording, available()), key=lambda words: words.name.casefold()),
            placeholders=texts.PLACEHOLDERS,
            most=MOST,
            seen=seen.carried(request.form, errors, one.revision) if one else "",
        )
    return make_response(html, 422 if errors else 200)


def _themes(connection: Connection, draft: Draft) -> list[tuple[str, str]]:
    """Those that are on, and those it has already."""
    every = known.every(connection)
    return [(one.key, one.name) for one in every if one.is_on or one.key in draft.themes]


def _touchpoints(connection: Connection, draft: Draft) -> list[tuple[str, str]]:
    """Those in use, and those it has already."""
    every = touchpoints.listed(connection)
    return [
        (one.key, one.name) for one in every if not one.archived_at or one.key in draft.touchpoints
    ]
