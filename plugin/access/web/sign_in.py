"""Signing in and out."""

from flask import make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from plugin.access import administrators, entry, passkeys
from plugin.access.guard import current, find, hand_out, open_to_all, take_away
from plugin.access.rules import safe_return
from plugin.access.web import blueprint, field_errors, keeping, this_device
from plugin.errors import Problem
from plugin.services import services
from plugin.web import client_address


@blueprint.get("/admin/sign-in")
@open_to_all
def sign_in() -> ResponseReturnValue:
    if find() is not None:
        return redirect(_back(request.args), 303)
    return _page({"next": request.args.get("next", "")})


@blueprint.post("/admin/sign-in/kept")
@open_to_all
def sign_in_to_send() -> ResponseReturnValue:
    """The same page, with a form that came too late in it; or that form at once, signed in meanwhile elsewhere."""
    kept = keeping.opened(request.form.get("kept", ""))
    if kept is not None and find() is not None:
        return _send_again(kept)
    return _page(request.form)


@blueprint.post("/admin/sign-in")
@open_to_all
def sign_in_with_password() -> ResponseReturnValue:
    name, password = request.form.get("name", ""), request.form.get("password", "")
    try:
        secret = entry.sign_in(services(), name, password, client_address(), this_device())
    except Problem as problem:
        return _page(request.form, field_errors(problem))
    return _entered(secret)


@blueprint.post("/admin/sign-in/token")
@open_to_all
def sign_in_with_token() -> ResponseReturnValue:
    token = request.form.get("token", "")
    try:
        secret = entry.open_with_token(services(), token, client_address())
    except Problem as problem:
        return _page(request.form, field_errors(problem))
    return redirect(url_for("access.welcome", secret=secret), 303)


@blueprint.post("/admin/sign-in/passkey")
@open_to_all
def ask_for_passkey() -> ResponseReturnValue:
    entry.count_visit(services(), client_address())
    ceremony = passkeys.begin_signing_in(services())
    session["ceremony"] = ceremony.id
    return render_template(
        "access/passkey.html",
        title="Sign in with a passkey",
        ceremony=ceremony,
        verb="get",
        action=url_for("access.sign_in_with_passkey"),
        kept={name: request.form[name] for name in ("next", "kept") if name in request.form},
        back=url_for("access.sign_in", next=request.form.get("next") or None),
    )


@blueprint.post("/admin/sign-in/passkey/answer")
@open_to_all
def sign_in_with_passkey() -> ResponseReturnValue:
    try:
        secret = entry.sign_in_with_passkey(
            services(),
            session.pop("ceremony", ""),
            request.form.get("answer", ""),
            client_address(),
            this_device(),
        )
    except Problem as problem:
        return _page(request.form, field_errors(problem))
    return _entered(secret)


@blueprint.post("/admin/sign-out")
def sign_out() -> ResponseReturnValue:
    entry.sign_out(services(), current())
    return take_away(redirect(url_for("access.sign_in"), 303))


def _entered(secret: str) -> Response:
    """Goes back to where she came from; or first asks whether to send what she had typed when her session ended."""
    kept = keeping.opened(request.form.get("kept", ""))
    if kept is None:
        return entered(secret, _back(request.form))
    response = hand_out(make_response(), secret)
    response.set_data(_send_again(kept))  # only now: with the new session's token
    return response


def _send_again(kept: keeping.Kept) -> str:
    return render_template("access/send_again.html", kept=kept, back=_back(request.form))


def entered(secret: str, address: str) -> Response:
    """Sends a browser that has just signed in on its way, with a session of its own."""
    return hand_out(redirect(address, 303), secret)


def _back(given: "dict[str, str]") -> str:
    return safe_return(given.get("next", ""))


def _page(values: "dict[str, str]", errors: dict[str, str] | None = None) -> ResponseReturnValue:
    with services().database.read() as connection:
        first = not administrators.there_are(connection)
    html = render_template(
        "access/sign_in.html",
        first=first,
        values=values,
        errors=errors or {},
        passkeys_possible=passkeys.possible(services()),
    )
    return make_response(html, 422 if errors else 200)
