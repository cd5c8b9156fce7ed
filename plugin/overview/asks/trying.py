"""Where an administrator tries a touchpoint with a test contact."""

from collections.abc import Mapping

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from plugin.access.guard import who
from plugin.access.rules import plain
from plugin.access.web import field_errors
from plugin.asking import frequency
from plugin.asking.actions import Wish
from plugin.asking.trying import try_out
from plugin.errors import Problem
from plugin.overview.routes import blueprint
from plugin.people.rules import parse_contact
from plugin.services import services
from plugin.strict import storable
from plugin.touchpoints import reading
from widget.locales import available, wording

TROUBLE = ("not_found", "contact_ambiguous", "crm_unavailable", "needs_reconnect")


@blueprint.get("/admin/asks/try")
def try_form() -> ResponseReturnValue:
    return _form(request.args, {})


@blueprint.post("/admin/asks/try")
def try_it() -> ResponseReturnValue:
    given = {name: value for name, value in request.form.items() if storable(value)}
    try:
        ask_id = try_out(services(), who(), _wish(given))
    except Problem as problem:
        if problem.code in TROUBLE:
            return _form(given, {"contact": problem.detail or problem.title})
        return _form(given, field_errors(problem))
    flash("The test contact may answer now. Nothing of it is in a figure.", "good")
    return redirect(url_for("overview.show_ask", ask_id=ask_id), 303)


def _wish(given: Mapping[str, str]) -> Wish:
    text = plain(given.get("contact", ""))
    if not 0 < len(text) <= (320 if "@" in text else 64):
        wrong = "Enter an e-mail address or a record id."
        raise Problem("field_invalid", wrong, fields={"contact": wrong})
    contact = parse_contact({"email": text} if "@" in text else text)
    locale = given.get("locale", "")
    return Wish(
        installation=given.get("installation", ""),
        contact=contact,
        touchpoint=given.get("touchpoint", ""),
        channel="link",
        locale=locale if locale in available() else "",
    )


def _form(values: Mapping[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    with services().database.read() as connection:
        rules = frequency.load(connection)
        html = render_template(
            "overview/asks/try.html",
            touchpoints=[one for one in reading.listed(connection) if not one.archived_at],
            accounts=services().accounts(connection),
            languages=sorted((wording(tag).name, tag) for tag in available()),
            somebody=bool(rules.staff_domains or rules.test_contacts),
            values=values,
            errors=errors,
        )
    return make_response(html, 422 if errors else 200)
