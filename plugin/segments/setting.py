"""The page that says what the ready segments go by."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from plugin.access.guard import who
from plugin.segments import actions, ready
from plugin.segments.naming import names
from plugin.segments.ready import Settings
from plugin.segments.routes import blueprint
from plugin.segments.rules import DAYS_MOST, POINTS_MOST
from plugin.services import services

FIELDS = ("since_field", "renewal_field")
NUMBERS = {
    "new_days": DAYS_MOST,
    "long_days": DAYS_MOST,
    "renewal_days": DAYS_MOST,
    "fall": POINTS_MOST,
}


@blueprint.get("/admin/segments/settings")
def settings() -> ResponseReturnValue:
    with services().database.read() as connection:
        chosen = ready.settings(connection)
    return _form({name: str(value) for name, value in asdict(chosen).items()}, {})


@blueprint.post("/admin/segments/settings")
def save_settings() -> ResponseReturnValue:
    typed = request.form.to_dict()
    errors = _errors(typed)
    if errors:
        return _form(typed, errors)
    actions.set_up(services(), who(), _settings(typed))
    flash("Saved.", "good")
    return redirect(url_for("segments.list_segments"), 303)


def _settings(typed: Mapping[str, str]) -> Settings:
    values: dict[str, Any] = {name: typed.get(name, "") for name in FIELDS}
    values |= {name: int(typed[name]) for name in NUMBERS}
    return Settings(**values)


def _errors(typed: Mapping[str, str]) -> dict[str, str]:
    offered = {"", *(name for name, _ in _dates(typed))}
    wrong = {
        name: "Choose one of the fields that are kept in step."
        for name in FIELDS
        if typed.get(name, "") not in offered
    }
    for name, most in NUMBERS.items():
        text = typed.get(name, "").strip()
        good = text.isascii() and text.isdigit() and len(text) < 7 and 1 <= int(text) <= most
        wrong |= {} if good else {name: f"Enter a number from 1 to {most}."}
    return wrong


def _dates(values: Mapping[str, str]) -> list[tuple[str, str]]:
    """Date fields that are kept in step, and whatever is chosen already."""
    with services().database.read() as connection:
        known = names(connection).fields
        chosen = asdict(ready.settings(connection))
    offered = {one.name: one.label for one in known.values() if one.kind == "date"}
    for name in filter(None, (chosen[one] for one in FIELDS)):
        offered.setdefault(name, f"{name} (not kept in step any more)")
    return list(offered.items())


def _form(values: Mapping[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    html = render_template(
        "segments/settings.html", values=values, errors=errors, dates=_dates(values)
    )
    return make_response(html, 422 if errors else 200)
