"""The administrators' pages on how often people are asked."""

from collections.abc import Mapping

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from plugin import seen
from plugin.access.guard import who
from plugin.access.rules import plain
from plugin.access.web import field_errors
from plugin.asking import frequency, limits, preview, reading
from plugin.asking.forms import HOURS, limits_of, values_of
from plugin.asking.preview import Preview
from plugin.asking.words import because
from plugin.errors import Problem
from plugin.services import services

blueprint = Blueprint("frequency", "plugin")


@blueprint.get("/admin/frequency")
def show() -> ResponseReturnValue:
    with services().database.read() as connection:
        known = frequency.load(connection)
        counted = preview.preview(connection, services().clock, known)
    return _form(values_of(known), {}, counted)


@blueprint.post("/admin/frequency")
def save() -> ResponseReturnValue:
    """Saves; or, with the other button, only counts whom the typed rules would let us ask."""
    wanted = limits_of(request.form)
    if request.form.get("do") == "preview":
        return _previewed(wanted)
    try:
        why, began_with = plain(request.form.get("why", "")), request.form.get("seen", "")
        changed = frequency.save(services(), who(), wanted, why, began_with)
    except Problem as problem:
        return _form(request.form, field_errors(problem))
    flash("Saved." if changed else "Nothing was changed.", "good")
    return redirect(url_for("frequency.show"), 303)


def _previewed(wanted: limits.Limits) -> ResponseReturnValue:
    wrong = limits.errors(wanted)
    if wrong:
        return _form(request.form, wrong)
    with services().database.read() as connection:
        counted = preview.preview(connection, services().clock, wanted)
    return _form(request.form, {}, counted, unsaved=True)


def _form(
    values: Mapping[str, str],
    errors: Mapping[str, str],
    counted: Preview | None = None,
    *,
    unsaved: bool = False,
) -> ResponseReturnValue:
    with services().database.read() as connection:
        waiting, stands = reading.waiting(connection), frequency.load(connection)
    html = render_template(
        "asking/frequency.html",
        values=values, errors=errors, counted=counted, unsaved=unsaved, waiting=waiting,
        hours=HOURS, because=because, seen=seen.carried(request.form, errors, stands),
    )  # fmt: skip
    return make_response(html, 422 if errors else 200)
