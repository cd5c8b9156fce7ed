"""Segments: the list, one with its people and why somebody is in it, archived, hidden, and by the values of a field."""

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from plugin.access.guard import who
from plugin.access.rules import plain
from plugin.access.web import field_errors
from plugin.errors import Problem
from plugin.segments import actions, editor, listing, members_file, people, setting
from plugin.segments.evaluating import everybody
from plugin.segments.naming import names
from plugin.segments.routes import blueprint
from plugin.segments.why import why
from plugin.services import services
from plugin.strict import storable

__all__ = ["blueprint", "editor", "members_file", "setting"]
SAMPLES, VALUES_MOST = 20, 100


@blueprint.get("/admin/segments")
def list_segments() -> ResponseReturnValue:
    with services().database.read() as connection:
        rows = listing.every(connection, services().clock)
        many = everybody(connection)
    return render_template("segments/list.html", rows=rows, people=many)


@blueprint.get("/admin/segments/<key>")
def show(key: str) -> ResponseReturnValue:
    return _page(key, {})


@blueprint.post("/admin/segments/<key>/archive")
def archive(key: str) -> ResponseReturnValue:
    try:
        actions.archive(services(), who(), key)
    except Problem as problem:
        return _page(key, field_errors(problem))
    return _done("The segment is archived. It is offered nowhere any more.")


@blueprint.post("/admin/segments/<key>/bring-back")
def bring_back(key: str) -> ResponseReturnValue:
    try:
        actions.bring_back(services(), who(), key)
    except Problem as problem:
        return _page(key, field_errors(problem))
    return _done("The segment is back.")


@blueprint.post("/admin/segments/<key>/hide")
def hide(key: str) -> Response:
    actions.show(services(), who(), key, on=False)
    return _done("The segment is hidden. What goes by it goes on doing so.")


@blueprint.post("/admin/segments/<key>/unhide")
def unhide(key: str) -> Response:
    actions.show(services(), who(), key, on=True)
    return _done("The segment is shown again.")


@blueprint.get("/admin/segments/values")
def values() -> ResponseReturnValue:
    field = request.args.get("field", "")
    with services().database.read() as connection:
        said = names(connection)
        texts = [one for one in said.fields.values() if one.kind == "text"]
        chosen = said.fields.get(field)
        rows = people.values(connection, field, VALUES_MOST) if chosen in texts else []
    return render_template("segments/values.html", fields=texts, chosen=chosen, rows=rows)


def _page(key: str, errors: dict[str, str]) -> ResponseReturnValue:
    shared = services()
    now, words = shared.clock.now(), plain(request.args.get("who", ""))
    with shared.database.read() as connection:
        said, one = names(connection), actions.get(connection, key)
        shown = listing.shown(connection, one, now, said)
        sample = [] if shown.wrong else people.of(connection, one.rule, now, limit=SAMPLES)
        found = people.named(connection, words) if words and storable(words) else []
        asked = people.by_id(connection, request.args.get("person", ""))
        asked = asked or (found[0] if len(found) == 1 else None)
        told = why(connection, one.rule, asked.id, now, said) if asked and not shown.wrong else None
        records = {
            row.id: _record(connection, row) for row in (*sample, *found, *filter(None, [asked]))
        }
    html = render_template(
        "segments/show.html", shown=shown, one=one, sample=sample, records=records, words=words,
        found=found, asked=asked, told=told, errors=errors,
    )  # fmt: skip
    return make_response(html, 422 if errors else 200)


def _record(connection: Any, row: Any) -> str:
    """Where she is in the CRM; nothing for whoever is gone or erased."""
    if row.gone_at or row.erased_at:
        return ""
    return services().record_of(connection, row.installation, row.contact)


def _done(words: str) -> Response:
    flash(words, "good")
    return redirect(url_for("segments.list_segments"), 303)
