"""An administrator's own account: name, password, sessions."""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from plugin.access import actions, administrators, passkeys, sessions
from plugin.access.guard import current, take_away, who
from plugin.access.web import blueprint, field_errors
from plugin.errors import Problem
from plugin.services import services
from plugin.web import client_address


@blueprint.get("/admin/account")
def account() -> ResponseReturnValue:
    return page({})


@blueprint.post("/admin/account/name")
def take_name() -> ResponseReturnValue:
    try:
        actions.rename(services(), who(), request.form.get("name", ""))
    except Problem as problem:
        return page(field_errors(problem))
    flash("Your name is changed.", "good")
    return _again()


@blueprint.post("/admin/account/email")
def take_email() -> ResponseReturnValue:
    try:
        actions.set_email(services(), who(), request.form.get("email", ""))
    except Problem as problem:
        return page(field_errors(problem))
    flash("Saved.", "good")
    return _again()


@blueprint.post("/admin/account/password")
def set_password() -> ResponseReturnValue:
    try:
        actions.change_password(
            services(),
            current(),
            request.form.get("current", ""),
            request.form.get("password", ""),
            client_address(),
        )
    except Problem as problem:
        return page(field_errors(problem))
    flash("Your password is set. Your other sessions have ended.", "good")
    return _again()


@blueprint.post("/admin/account/sessions/<session_id>/end")
def end_session(session_id: str) -> ResponseReturnValue:
    mine = current()
    actions.end_session(services(), mine.who, session_id)
    if session_id == mine.id:
        return take_away(redirect(url_for("access.sign_in"), 303))
    flash("The session has ended.", "good")
    return _again()


@blueprint.post("/admin/account/sessions/end-others")
def end_other_sessions() -> ResponseReturnValue:
    ended = actions.end_other_sessions(services(), current())
    flash(f"Other sessions ended: {ended}.", "good")
    return _again()


def page(errors: dict[str, str]) -> ResponseReturnValue:
    mine, here = current(), services()
    with here.database.read() as connection:
        found = administrators.get(connection, mine.administrator)
        html = render_template(
            "access/account.html",
            administrator=found,
            mine=mine,
            sessions=sessions.of(connection, here.clock, mine.administrator),
            passkeys=passkeys.of(connection, mine.administrator),
            passkeys_possible=passkeys.possible(here),
            values={"name": mine.name, "email": found.email} | request.form.to_dict(),
            errors=errors,
        )
    return make_response(html, 422 if errors else 200)


def _again() -> ResponseReturnValue:
    return redirect(url_for("access.account"), 303)
