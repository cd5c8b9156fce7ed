"""Touchpoints: the list, the form, the code to embed, the preview."""

from collections.abc import Mapping

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from plugin import seen
from plugin.access.guard import who
from plugin.access.web import field_errors
from plugin.errors import Problem
from plugin.mail.lanes import why_off
from plugin.services import services
from plugin.touchpoints import actions, reading
from plugin.touchpoints.forms import draft_of, values_of
from plugin.touchpoints.preview import FRAMING, address
from plugin.touchpoints.reading import Touchpoint
from plugin.touchpoints.routes import blueprint
from plugin.touchpoints.rules import CATEGORIES, STAGES, WAYS, Draft, longest
from plugin.touchpoints.snippet import ask_command, embed_code
from widget.locales import Wording, available, resolve, wording

__all__ = ["blueprint"]

NEW = values_of(Draft("", "", "relational", "use"))


@blueprint.get("/admin/touchpoints")
def list_touchpoints() -> ResponseReturnValue:
    with services().database.read() as connection:
        return render_template(
            "touchpoints/list.html", touchpoints=reading.listed(connection), stages=STAGES
        )


@blueprint.get("/admin/touchpoints/new")
def new() -> ResponseReturnValue:
    return _form(NEW, {})


@blueprint.post("/admin/touchpoints/new")
def add() -> ResponseReturnValue:
    draft = draft_of(request.form)
    try:
        actions.add(services(), who(), draft)
    except Problem as problem:
        return _form(request.form, field_errors(problem))
    flash("The touchpoint is added. Put its code where you want to ask.", "good")
    return redirect(url_for("touchpoints.show", key=draft.key), 303)


@blueprint.get("/admin/touchpoints/<key>")
def show(key: str) -> ResponseReturnValue:
    found, locale = _get(key), resolve(request.args.get("locale", "en"))
    html = render_template(
        "touchpoints/show.html",
        touchpoint=found,
        stages=STAGES,
        ways=[WAYS[channel] for channel in found.channels],
        locale=locale,
        languages=_languages(),
        mail_off=why_off(services().settings),
        frame=address(found, locale),
        code=embed_code(services().settings.base_url, found, locale),
        command=ask_command(services().settings.base_url, found, locale),
    )
    response = make_response(html)
    response.headers["Content-Security-Policy"] = FRAMING
    return response


@blueprint.get("/admin/touchpoints/<key>/edit")
def edit(key: str) -> ResponseReturnValue:
    found = _get(key)
    return _form(values_of(found.draft), {}, found)


@blueprint.post("/admin/touchpoints/<key>/edit")
def save(key: str) -> ResponseReturnValue:
    found = _get(key)
    try:
        actions.edit(
            services(), who(), draft_of(request.form, key=key), request.form.get("seen", "")
        )
    except Problem as problem:
        return _form(request.form, field_errors(problem), found)
    flash("Saved.", "good")
    return redirect(url_for("touchpoints.show", key=key), 303)


@blueprint.post("/admin/touchpoints/<key>/archive")
def archive(key: str) -> Response:
    actions.archive(services(), who(), key)
    flash("Archived. Nobody is asked here any more; what was answered stays.", "good")
    return redirect(url_for("touchpoints.show", key=key), 303)


@blueprint.post("/admin/touchpoints/<key>/restore")
def restore(key: str) -> Response:
    actions.restore(services(), who(), key)
    flash("The touchpoint is in use again.", "good")
    return redirect(url_for("touchpoints.show", key=key), 303)


def _get(key: str) -> Touchpoint:
    with services().database.read() as connection:
        return reading.get(connection, key)


def _form(
    values: Mapping[str, str], errors: dict[str, str], found: Touchpoint | None = None
) -> ResponseReturnValue:
    with services().database.read() as connection:
        asked = found is not None and services().was_asked(connection, found.key)
    html = render_template(
        "touchpoints/form.html",
        touchpoint=found,
        asked=asked,
        kind_stays=actions.KIND_STAYS,
        stages=list(STAGES.items()),
        languages=_languages(),
        categories=CATEGORIES,
        longest=longest,
        values=values,
        errors=errors,
        seen=seen.carried(request.form, errors, found.draft) if found else "",
    )
    return make_response(html, 422 if errors else 200)


def _languages() -> list[Wording]:
    return sorted((wording(tag) for tag in available()), key=lambda words: words.name.casefold())
