"""API keys: added (shown once), revoked, listed with their last use."""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from plugin.access import keys
from plugin.access.guard import who
from plugin.access.web import blueprint, field_errors
from plugin.errors import Problem
from plugin.services import services


@blueprint.get("/admin/api-keys")
def list_api_keys() -> ResponseReturnValue:
    return _page({})


@blueprint.post("/admin/api-keys")
def add_api_key() -> ResponseReturnValue:
    given = request.form
    try:
        _, text = keys.add(services(), who(), given.get("name", ""), given.get("installation", ""))
    except Problem as problem:
        return _page(field_errors(problem))
    return _page({}, text=text)


@blueprint.post("/admin/api-keys/<key>/revoke")
def revoke_api_key(key: str) -> ResponseReturnValue:
    revoked = keys.revoke(services(), who(), key)
    flash(f"The key {revoked.name} is revoked and opens nothing any more.", "good")
    return redirect(url_for("access.list_api_keys"), 303)


def _page(errors: dict[str, str], text: str = "") -> ResponseReturnValue:
    with services().database.read() as connection:
        html = render_template(
            "access/api_keys.html",
            keys=keys.listed(connection),
            accounts=services().accounts(connection),
            text=text,
            values={} if text else request.form,
            errors=errors,
        )
    return make_response(html, 422 if errors else 200)
