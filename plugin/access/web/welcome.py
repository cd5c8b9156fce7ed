"""Behind a one-time link: a newcomer sets up a name and a password or a passkey."""

from flask import make_response, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from plugin.access import administrators, entry, passkeys
from plugin.access.entry import Newcomer
from plugin.access.guard import open_to_all
from plugin.access.ways_in import WayIn
from plugin.access.web import blueprint, field_errors, this_device
from plugin.access.web.sign_in import entered
from plugin.errors import Problem
from plugin.services import services


@blueprint.get("/admin/welcome/<secret>")
@open_to_all
def welcome(secret: str) -> ResponseReturnValue:
    """Looking does not use the link up: mail programs look at links before people do."""
    return _page(secret, entry.look_at(services(), secret), {})


@blueprint.post("/admin/welcome/<secret>")
@open_to_all
def set_up(secret: str) -> ResponseReturnValue:
    link = entry.look_at(services(), secret)
    try:
        if request.form.get("way") == "passkey":
            return _ask_for_passkey(secret, link)
        newcomer = Newcomer(request.form.get("name", ""), request.form.get("password", ""))
        return entered(entry.welcome(services(), secret, newcomer, this_device()), "/admin/")
    except Problem as problem:
        return _page(secret, link, field_errors(problem))


@blueprint.post("/admin/welcome/<secret>/passkey")
@open_to_all
def set_up_with_passkey(secret: str) -> ResponseReturnValue:
    link, ceremony = entry.look_at(services(), secret), session.pop("ceremony", "")
    try:
        made = passkeys.made(services(), ceremony, _purpose(link), request.form.get("answer", ""))
        newcomer = Newcomer(request.form.get("name", ""), passkey=made, id=ceremony)
        return entered(entry.welcome(services(), secret, newcomer, this_device()), "/admin/")
    except Problem as problem:
        return _page(secret, link, field_errors(problem))


@blueprint.post("/admin/welcome/<secret>/rescue")
@open_to_all
def rescue(secret: str) -> ResponseReturnValue:
    link = entry.look_at(services(), secret)
    chosen, password = request.form.get("administrator", ""), request.form.get("new_password", "")
    try:
        return entered(
            entry.rescue(services(), secret, chosen, password, this_device()), "/admin/account"
        )
    except Problem as problem:
        errors = field_errors(problem)
        if "password" in errors:
            errors = {"new_password": errors["password"]}
        return _page(secret, link, errors)


def _ask_for_passkey(secret: str, link: WayIn) -> ResponseReturnValue:
    name = entry.check_name(services(), request.form.get("name", ""))
    ceremony = passkeys.begin_making(services(), _purpose(link), name)
    session["ceremony"] = ceremony.id
    return render_template(
        "access/passkey.html",
        title="Make a passkey",
        ceremony=ceremony,
        verb="create",
        action=url_for("access.set_up_with_passkey", secret=secret),
        kept={"name": name},
        back=url_for("access.welcome", secret=secret),
    )


def _purpose(link: WayIn) -> str:
    return f"welcome {link.id}"


def _page(secret: str, link: WayIn, errors: dict[str, str]) -> ResponseReturnValue:
    with services().database.read() as connection:
        known = administrators.listed(connection) if link.kind == "rescue" else []
    html = render_template(
        "access/welcome.html",
        secret=secret,
        link=link,
        known=known,
        values=request.form,
        errors=errors,
        passkeys_possible=passkeys.possible(services()),
    )
    return make_response(html, 422 if errors else 200)
