"""The register, newest first, and one change with everything about it."""

from typing import Any

import sqlalchemy as sa
from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.engine import Connection

from plugin.changes import actions, reading
from plugin.changes.rules import MOVES, STATES, TONES, Change, standing
from plugin.messages.reading import told
from plugin.overview import search
from plugin.overview.changes import listing
from plugin.overview.routes import blueprint
from plugin.pages import cut
from plugin.services import services
from plugin.triggers import reading as triggers

SIZE = 20
ASKED_SIZE = 30
TAKEN_MOST = 100


@blueprint.get("/admin/changes")
def list_changes() -> ResponseReturnValue:
    after, wanted = request.args.get("after", ""), listing.wanted_from(request.args)
    with services().database.read() as connection:
        found = listing.page(connection, wanted, before=after, limit=SIZE + 1)
        any_at_all = bool(found) or bool(reading.every(connection, limit=1))
        called = listing.names(connection)
    shown, older = cut(found, SIZE, lambda row: row.change.id)
    return render_template(
        "overview/changes/list.html",
        changes=shown,
        older=older,
        first=not after,
        any_at_all=any_at_all,
        filtered=wanted.narrows,
        names=called,
        states=STATES,
        tones=TONES,
        standing=_standing,
    )


@blueprint.get("/admin/changes/<change_id>")
def show_change(change_id: str) -> ResponseReturnValue:
    after = request.args.get("after", "")
    with services().database.read() as connection:
        one = actions.get(connection, change_id)
        who_asked = sa.select(reading.asked_by(one).subquery().c.answer)
        found = search.those(connection, who_asked, before=after, limit=ASKED_SIZE + 1)
        (row,) = listing.listed(connection, [one])
        taken = search.those(connection, reading.taken_away(one), limit=TAKEN_MOST)
        asking = [each for each in triggers.listed(connection) if _asks_about(one, each)]
        shown, older = cut(found, ASKED_SIZE, lambda each: str(each.id))
        were_told = _told_among(connection, one, shown)
    return render_template(
        "overview/changes/show.html",
        row=row,
        change=one,
        asked=shown,
        older=older,
        first=not after,
        taken=taken,
        told=were_told,
        triggers=asking,
        moves=MOVES[one.state],
        tone=TONES[one.state],
        standing=_standing(one),
        now=services().clock.now(),
    )


@blueprint.get("/admin/changes/tie")
def choose_change() -> ResponseReturnValue:
    """Which change a theme is tied to."""
    theme = request.args.get("theme", "")
    with services().database.read() as connection:
        called = listing.names(connection)
        found = [one for one in reading.every(connection) if theme not in one.themes]
    return render_template(
        "overview/changes/tie.html",
        theme=theme if theme in called.themes else "",
        name=called.themes.get(theme, ""),
        changes=found,
        standing=_standing,
        tones=TONES,
    )


def _standing(one: Change) -> str:
    return standing(one, services().clock.now().date())


def _asks_about(one: Change, trigger: Any) -> bool:
    return not one.touchpoints or trigger.touchpoint in one.touchpoints


def _told_among(connection: Connection, one: Change, shown: list[Any]) -> set[str]:
    people = told(one.id).subquery().c.person
    query = sa.select(people).where(people.in_([each.person for each in shown]))
    return set(connection.scalars(query))
