"""A change's message: whom it is for and why not, how it goes out, and every button of it."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from plugin.access.guard import who
from plugin.access.web import field_errors
from plugin.asking import frequency
from plugin.db import new_id
from plugin.errors import Problem
from plugin.mail import lanes
from plugin.messages import actions, drafts, people, testing, words  # noqa: F401 - people has routes
from plugin.messages.actions import Outcome
from plugin.messages.drafts import Draft
from plugin.messages.forms import HOURS, plan_of, values_of
from plugin.messages.questions import language
from plugin.messages.routes import blueprint
from plugin.messages.rules import CHANNELS
from plugin.messages.standing import Standing, standing
from plugin.segments import known
from plugin.services import services

VERBS: Mapping[str, Any] = {
    "withdraw": actions.withdraw,
    "pause": actions.pause,
    "resume": actions.resume,
    "stop": actions.stop,
}


@blueprint.get("/admin/changes/<change_id>/message")
def show(change_id: str) -> ResponseReturnValue:
    return _page(change_id)


@blueprint.post("/admin/changes/<change_id>/message")
def save(change_id: str) -> ResponseReturnValue:
    plan, wrong = plan_of(request.form, _zone())
    try:
        if wrong:
            raise Problem("field_invalid", " ".join(wrong.values()), fields=wrong)
        outcome = actions.save(services(), who(), change_id, plan, request.form.get("stamp", ""))
    except Problem as problem:
        return _page(change_id, field_errors(problem), request.form)
    return _back(change_id, outcome)


@blueprint.post("/admin/changes/<change_id>/message/send")
def send(change_id: str) -> ResponseReturnValue:
    stamp, accepted = request.form.get("stamp", ""), request.form.getlist("accept")
    try:
        outcome = actions.send(services(), who(), change_id, stamp, accepted)
    except Problem as problem:
        return _page(change_id, field_errors(problem))
    return _back(change_id, outcome)


@blueprint.post("/admin/changes/<change_id>/message/approve")
def approve(change_id: str) -> ResponseReturnValue:
    stamp = request.form.get("stamp", "")
    return _back(change_id, actions.approve(services(), who(), change_id, stamp))


@blueprint.post("/admin/changes/<change_id>/message/<any(withdraw, pause, resume, stop):verb>")
def move(change_id: str, verb: str) -> ResponseReturnValue:
    return _back(change_id, VERBS[verb](services(), who(), change_id))


@blueprint.post("/admin/changes/<change_id>/message/test")
def test(change_id: str) -> ResponseReturnValue:
    locale, click = request.form.get("locale", ""), request.form.get("click", "")
    try:
        to = testing.send(services(), who(), change_id, locale, click)
    except Problem as problem:
        return _page(change_id, field_errors(problem))
    return _back(change_id, Outcome(True, f"A test is on its way to {to}."))


@blueprint.get("/admin/messages")
def show_rules() -> ResponseReturnValue:
    with services().database.read() as connection:
        chosen = drafts.settings(connection)
        running = drafts.newest(connection, 50)
    return render_template("messages/rules.html", chosen=chosen, running=running, words=words)


@blueprint.post("/admin/messages")
def save_rules() -> ResponseReturnValue:
    form = request.form
    actions.set_rules(
        services(),
        who(),
        second_person=form.get("second_person") == "yes",
        by_itself=form.get("by_itself") == "yes",
    )
    flash("Saved.", "good")
    return redirect(url_for("messages.show_rules"), 303)


def _page(change_id: str, errors: Mapping[str, str] = {}, typed: Any = None) -> ResponseReturnValue:
    here, zone = services(), _zone()
    with here.database.read() as connection:
        draft = drafts.load(connection, change_id)
        found: Standing = standing(connection, here, draft)
        segments = [(one.key, one.name) for one in known.every(connection)]
    html = render_template(
        "messages/show.html",
        draft=draft,
        change=draft.change,
        plan=draft.plan if typed is None else plan_of(typed, zone)[0],
        values=values_of(draft.plan, zone) if typed is None else typed,
        found=found,
        errors=errors,
        words=words,
        state=words.state(draft, here.clock.now()),
        segments=_segments(segments, draft),
        languages=[(tag, language(tag)) for tag in draft.languages],
        language=language,
        channels=CHANNELS,
        hours=HOURS,
        zone=zone.key,
        click=new_id(),
        me=who(),
        mail_off=lanes.why_off(here.settings),
    )
    return make_response(html, 422 if errors else 200)


def _segments(known_ones: Sequence[tuple[str, str]], draft: Draft) -> list[tuple[str, str]]:
    """Those offered, and those chosen that are offered no more."""
    keys = {key for key, _ in known_ones}
    chosen = (*draft.plan.plus, *draft.plan.only, *draft.plan.minus)
    return [*known_ones, *((key, key) for key in dict.fromkeys(chosen) if key not in keys)]


def _zone() -> ZoneInfo:
    with services().database.read() as connection:
        return ZoneInfo(frequency.load(connection).time_zone)


def _back(change_id: str, outcome: Outcome) -> Response:
    flash(outcome.words, "good" if outcome.done else "warn")
    return redirect(url_for("messages.show", change_id=change_id), 303)
