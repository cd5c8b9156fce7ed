"""The follow-ups: whom we owe a reply, until when, and what came of it."""

from collections.abc import Mapping

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.engine import Connection
from werkzeug.wrappers import Response

from plugin.access.audit import audit
from plugin.access.guard import who
from plugin.access.rules import plain
from plugin.access.web import field_errors
from plugin.crm import handling
from plugin.crm import store as installations
from plugin.deliveries import queries
from plugin.deliveries.queries import Filter
from plugin.errors import Problem
from plugin.followups import reading
from plugin.overview import cases, search, tale
from plugin.overview.answers import record
from plugin.overview.cases import NOBODY, STATES, Wanted
from plugin.overview.routes import blueprint
from plugin.pages import cut
from plugin.services import services
from plugin.strict import storable

SIZE = 30


@blueprint.get("/admin/follow-ups")
def list_follow_ups() -> ResponseReturnValue:
    after, wanted = request.args.get("after", ""), wanted_from(request.args)
    now = services().clock.now()
    with services().database.read() as connection:
        found = cases.page(connection, wanted, now, after=after, limit=SIZE + 1)
        known = {row.id: row for row in installations.every(connection)}
        shown, following = cut(found, SIZE, cases.cursor)
        return render_template(
            "overview/follow_ups.html",
            follow_ups=shown,
            following=following,
            first=not after,
            filtered=wanted.narrows,
            any_at_all=bool(found) or cases.any_at_all(connection),
            counts=reading.counts(connection, now),
            accounts=services().accounts(connection),
            owners=cases.owners(connection),
            nobody=NOBODY,
            record=lambda row: record(known, row),
            now=now,
        )


@blueprint.get("/admin/follow-ups/<followup_id>")
def show_follow_up(followup_id: str) -> ResponseReturnValue:
    return _page(followup_id, {}, {})


@blueprint.post("/admin/follow-ups/<followup_id>")
def handle_follow_up(followup_id: str) -> ResponseReturnValue:
    cause, outcome = request.form.get("cause", ""), request.form.get("outcome", "")
    try:
        with services().database.write() as connection:
            _handle(connection, followup_id, cause, outcome)
    except Problem as problem:
        return _page(followup_id, request.form, field_errors(problem))
    services().wake.set()
    flash("Saved. The follow-up is closed, and the CRM is told.", "good")
    return redirect(url_for("overview.show_follow_up", followup_id=followup_id), 303)


def _handle(connection: Connection, followup_id: str, cause: str, outcome: str) -> None:
    now, by = services().clock.now(), who()
    done = handling.handled(
        connection, followup_id, cause=cause, outcome=outcome, by=by.name, now=now
    )
    if done.changed:
        audit(connection, by, "handled", f"follow-up {followup_id}", f"{cause}, {outcome}")


def _page(followup_id: str, typed: Mapping[str, str], errors: dict[str, str]) -> Response:
    with services().database.read() as connection:
        found = cases.one(connection, followup_id)
        if found is None:
            raise Problem("not_found", "There is no such follow-up.")
        known = {row.id: row for row in installations.every(connection)}
        owed = queries.page(connection, Filter(subject=found.person), limit=200)
        mine = [row for row in owed if (row.payload or {}).get("answer") == found.answer]
        revisions = search.revisions(connection, found.answer)
        events = reading.events(connection, followup_id)
    choices = handling.choices()
    standing = {"cause": found.cause or "", "outcome": found.outcome or ""}
    html = render_template(
        "overview/follow_up.html",
        follow_up=found,
        moments=tale.told(revisions, events, mine, choices),
        stuck=[row for row in mine if row.state in ("parked", "unsure")],
        installation=known.get(found.installation),
        record=record(known, found),
        choices=choices,
        values=typed or standing,
        errors=errors,
        now=services().clock.now(),
    )
    return make_response(html, 422 if errors else 200)


def wanted_from(given: Mapping[str, str]) -> Wanted:
    """The filter in an address; what cannot be meant does not narrow."""
    text, state = plain(given.get("q", "")), given.get("state", "")
    chosen = {name: given.get(name, "") for name in ("installation", "owner")}
    return Wanted(
        state=state if state in STATES else "",
        words=text if storable(text) else "",
        **{name: value if storable(value) else "" for name, value in chosen.items()},
    )
