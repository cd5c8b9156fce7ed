"""Who else may come in: administrators and invitations."""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from plugin.access import actions, administrators, ways_in
from plugin.access.guard import who
from plugin.access.web import blueprint, field_errors
from plugin.errors import Problem
from plugin.services import services


@blueprint.get("/admin/administrators")
def list_administrators() -> ResponseReturnValue:
    return _page({})


@blueprint.post("/admin/administrators/invitations")
def invite() -> ResponseReturnValue:
    try:
        secret = actions.invite(services(), who(), request.form.get("note", ""))
    except Problem as problem:
        return _page(field_errors(problem))
    return _page({}, link=actions.welcome_address(services(), secret))


@blueprint.post("/admin/administrators/invitations/<invitation>/withdraw")
def withdraw_invitation(invitation: str) -> ResponseReturnValue:
    actions.withdraw(services(), who(), invitation)
    flash("The invitation is withdrawn; its link opens nothing any more.", "good")
    return _again()


@blueprint.post("/admin/administrators/<administrator>/remove")
def remove_administrator(administrator: str) -> ResponseReturnValue:
    try:
        actions.remove(services(), who(), administrator)
        flash("The administrator is removed and signed out everywhere.", "good")
    except Problem as problem:
        if problem.code != "forbidden":
            raise
        flash(problem.detail, "bad")
    return _again()


def _page(errors: dict[str, str], link: str = "") -> ResponseReturnValue:
    here = services()
    with here.database.read() as connection:
        html = render_template(
            "access/administrators.html",
            administrators=administrators.listed(connection),
            invitations=ways_in.invitations(connection, here.clock),
            link=link,
            values={} if link else request.form,
            errors=errors,
        )
    return make_response(html, 422 if errors else 200)


def _again() -> ResponseReturnValue:
    return redirect(url_for("access.list_administrators"), 303)
