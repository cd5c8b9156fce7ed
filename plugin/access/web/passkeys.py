"""The passkeys of a signed-in administrator."""

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from plugin.access import actions, passkeys
from plugin.access.guard import who
from plugin.access.rules import Who, plain
from plugin.access.web import blueprint, field_errors, this_device
from plugin.access.web.account import page
from plugin.errors import Problem
from plugin.services import services


@blueprint.post("/admin/account/passkeys")
def begin_passkey() -> ResponseReturnValue:
    me = who()
    with services().database.read() as connection:
        known = passkeys.of(connection, me.id)
    ceremony = passkeys.begin_making(services(), _purpose(me), me.name, user=me.id, known=known)
    session["ceremony"] = ceremony.id
    return render_template(
        "access/passkey.html",
        title="Add a passkey",
        ceremony=ceremony,
        verb="create",
        action=url_for("access.add_passkey"),
        kept={"label": plain(request.form.get("label", "")) or this_device()},
        back=url_for("access.account"),
    )


@blueprint.post("/admin/account/passkeys/answer")
def add_passkey() -> ResponseReturnValue:
    me = who()
    try:
        made = passkeys.made(
            services(), session.pop("ceremony", ""), _purpose(me), request.form.get("answer", "")
        )
        actions.add_passkey(services(), me, made, request.form.get("label", ""))
    except Problem as problem:
        return page(field_errors(problem))
    flash("The passkey is added. You can sign in with it from now on.", "good")
    return redirect(url_for("access.account"), 303)


@blueprint.post("/admin/account/passkeys/<passkey_id>/remove")
def remove_passkey(passkey_id: str) -> ResponseReturnValue:
    try:
        actions.remove_passkey(services(), who(), passkey_id)
        flash("The passkey is removed.", "good")
    except Problem as problem:
        if problem.code != "forbidden":
            raise
        flash(problem.detail, "bad")
    return redirect(url_for("access.account"), 303)


def _purpose(me: Who) -> str:
    return f"account {me.id}"
