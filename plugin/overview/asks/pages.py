"""Who has answered, who has not, and who was not asked."""

from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.engine import Connection

from plugin import qr
from plugin.asking import actions as asking
from plugin.asking.again import Again, again
from plugin.asking.invitation import link
from plugin.asking.states import STATES
from plugin.asking.words import REASONS, because
from plugin.crm import store as installations
from plugin.errors import Problem
from plugin.overview.answers import record
from plugin.overview.asks import mails, refused, search
from plugin.overview.asks.wanted import Wanted, cursor, wanted_from
from plugin.overview.routes import blueprint
from plugin.pages import cut
from plugin.services import services
from plugin.touchpoints import reading
from plugin.touchpoints.rules import CHANNELS, WAYS

SIZE = 30
REACHED = {
    "email": "delivered", "link": "opened", "widget": "seen", "": "delivered, opened or seen",
}  # fmt: skip


@blueprint.get("/admin/asks")
def list_asks() -> ResponseReturnValue:
    after, now = request.args.get("after", ""), services().clock.now()
    wanted, errors = wanted_from(request.args)
    with services().database.read() as connection:
        found = [] if errors else search.page(connection, wanted, now, after=after, limit=SIZE + 1)
        counted, tests = ([], 0) if errors else search.counts(connection, wanted, now)
        shown, older = cut(found, SIZE, cursor)
        return render_template(
            "overview/asks/list.html",
            asks=shown,
            older=older,
            counted=counted,
            total=search.total(counted),
            tests=tests,
            any_at_all=bool(found) or search.any_at_all(connection),
            **_around(connection, wanted, errors, after),
        )


@blueprint.get("/admin/asks/silent")
def list_silent() -> ResponseReturnValue:
    after, now = request.args.get("after", ""), services().clock.now()
    wanted, errors = wanted_from(request.args)
    with services().database.read() as connection:
        found = (
            []
            if errors
            else search.page(connection, wanted, now, after=after, limit=SIZE + 1, silent=True)
        )
        shown, older = cut(found, SIZE, cursor)
        return render_template(
            "overview/asks/silent.html",
            asks=shown,
            older=older,
            again=again(connection, services().clock, shown),
            now_at_once=Again(),
            silent=search.silent_by_touchpoint(connection, wanted, now),
            **_around(connection, wanted, errors, after),
        )


@blueprint.get("/admin/asks/refused")
def list_refused() -> ResponseReturnValue:
    after = request.args.get("after", "")
    wanted, errors = wanted_from(request.args)
    with services().database.read() as connection:
        found = [] if errors else refused.page(connection, wanted, after=after, limit=SIZE + 1)
        shown, older = cut(found, SIZE, cursor)
        return render_template(
            "overview/asks/refused.html",
            rows=shown,
            older=older,
            reasons=REASONS,
            **_around(connection, wanted, errors, after),
        )


@blueprint.get("/admin/asks/<ask_id>")
def show_ask(ask_id: str) -> ResponseReturnValue:
    with services().database.read() as connection:
        found = search.one(connection, ask_id, services().clock.now())
        if found is None:
            raise Problem("not_found", "There is no such ask.")
        known = {row.id: row for row in installations.every(connection)}
        address = _link(connection, found)
        unsent = mails.unsent(connection, found, services().explain)
    return render_template(
        "overview/asks/ask.html",
        ask=found,
        unsent=unsent,
        states=STATES,
        by=WAYS,
        link=address,
        code=qr.svg(address) if address else "",
        installation=known.get(found.installation),
        record=record(known, found),
    )


@blueprint.get("/admin/asks/<ask_id>/qr.svg")
def ask_code(ask_id: str) -> Response:
    with services().database.read() as connection:
        found = search.one(connection, ask_id, services().clock.now())
        address = _link(connection, found) if found else ""
    if not address:
        raise Problem("not_found", "This ask has no link to show.")
    response = Response(qr.file(address), content_type="image/svg+xml")
    response.headers.set("Content-Disposition", "attachment", filename=f"survey-{ask_id}.svg")
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    response.headers["Cache-Control"] = "no-store"
    return response


def _link(connection: Connection, found: Any) -> str:
    """The survey's address, where it is ours to hand over and may still be answered."""
    if found.channel != "link" or found.state not in ("handed_over", "opened"):
        return ""
    return link(services(), asking.standing(connection, services(), found.id))


def _around(
    connection: Connection, wanted: Wanted, errors: dict[str, str], after: str
) -> dict[str, Any]:
    """What the three lists have in common."""
    known = {row.id: row for row in installations.every(connection)}
    return {
        "filtered": wanted.narrows or bool(errors),
        "errors": errors,
        "first": not after,
        "touchpoints": reading.listed(connection),
        "accounts": services().accounts(connection),
        "channels": [(channel, WAYS[channel]) for channel in CHANNELS],
        "states": STATES,
        "by": WAYS,
        "reached": REACHED,
        "because": because,
        "record": lambda row: record(known, row),
    }
