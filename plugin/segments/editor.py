"""The form of a segment: each button sends it, and gets it back changed; only saving keeps anything."""

from collections.abc import Mapping

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from plugin import seen
from plugin.access.guard import who
from plugin.access.rules import plain
from plugin.access.web import field_errors
from plugin.errors import Problem
from plugin.segments import actions, forms, listing
from plugin.segments.conditions import FIELD
from plugin.segments.forms import EMPTY, Part
from plugin.segments.known import Segment
from plugin.segments.naming import names
from plugin.segments.offering import Offer
from plugin.segments.parsing import DEPTH_MOST, parse
from plugin.segments.routes import blueprint
from plugin.services import services


@blueprint.get("/admin/segments/new")
def new() -> ResponseReturnValue:
    """Empty, or with one value of one field, from the page of a field's values."""
    field, value = request.args.get("field", ""), request.args.get("value", "")
    given = Part(f"{FIELD}{field}", values={"how": "is", "value": value})
    return _form("", Part("all", parts=(given,)) if field and value else EMPTY)


@blueprint.post("/admin/segments/new")
def add() -> ResponseReturnValue:
    return _pressed()


@blueprint.get("/admin/segments/<key>/edit")
def edit(key: str) -> ResponseReturnValue:
    one = _own(key)
    try:
        part = forms.part_of(parse(one.rule))
    except Problem as problem:
        return _form(one.name, EMPTY, one, errors={"rule": problem.detail})
    return _form(one.name, part, one)


@blueprint.post("/admin/segments/<key>/edit")
def save(key: str) -> ResponseReturnValue:
    return _pressed(_own(key))


def _pressed(one: Segment | None = None) -> ResponseReturnValue:
    name, part = plain(request.form.get("name", "")), forms.read(request.form)
    order = request.form.get("do", "count")
    if order == "save":
        return _saved(name, part, one)
    if order == "count":
        return _counted(name, part, one)
    part, place = forms.changed(part, order, request.form)
    return _form(name, part, one, place=place)


def _saved(name: str, part: Part, one: Segment | None) -> ResponseReturnValue:
    errors: dict[str, str] = {}
    rule = forms.data(part, errors)
    if errors:
        return _form(name, part, one, errors=errors)
    try:
        if one is None:
            key = actions.add(services(), who(), name, rule)
        else:
            actions.change(services(), who(), one.key, name, rule, request.form.get("seen", ""))
            key = one.key
    except Problem as problem:
        return _form(name, part, one, errors=field_errors(problem))
    flash("Saved.", "good")
    return redirect(url_for("segments.show", key=key), 303)


def _counted(name: str, part: Part, one: Segment | None) -> ResponseReturnValue:
    """How many it would be, before anything is kept."""
    errors: dict[str, str] = {}
    rule = forms.data(part, errors)
    if errors:
        return _form(name, part, one, errors=errors)
    draft = Segment(one.key if one else "", name, rule)
    with services().database.read() as connection:
        found = listing.shown(connection, draft, services().clock.now(), names(connection))
    if found.wrong:
        return _form(name, part, one, errors={"rule": found.wrong})
    return _form(name, part, one, counted=found)


def _form(
    name: str,
    part: Part,
    one: Segment | None = None,
    *,
    errors: Mapping[str, str] | None = None,
    place: str = "",
    counted: listing.Shown | None = None,
) -> ResponseReturnValue:
    with services().database.read() as connection:
        said = names(connection)
    html = render_template(
        "segments/form.html", one=one, name=name, part=part, errors=errors or {}, place=place,
        counted=counted, depth_most=DEPTH_MOST, offer=Offer(said, one),
        seen=seen.carried(request.form, errors or {}, one) if one else "",
    )  # fmt: skip
    return make_response(html, 422 if errors else 200)


def _own(key: str) -> Segment:
    """One that can be changed. Raises ``Problem("not_found")``."""
    with services().database.read() as connection:
        one = actions.get(connection, key)
    if one.ready:
        raise Problem(
            "not_found", "A ready segment stays as it is; make one of your own beside it."
        )
    return one
