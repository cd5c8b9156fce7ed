"""Did it help? Before and after a change, with all that it takes to believe it."""

from collections.abc import Mapping
from datetime import date

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.engine import Connection

from plugin.changes import actions
from plugin.changes.rules import TONES, Change, standing
from plugin.errors import Problem
from plugin.figures import among, comparing
from plugin.figures.comparing import Finding
from plugin.figures.judging import Window, window
from plugin.figures.rules import CONFIDENCE, LEAST
from plugin.overview.changes import listing
from plugin.overview.routes import blueprint
from plugin.overview.trend import points
from plugin.segments import known as segments
from plugin.services import services

LENGTHS = (30, 60, 90, 180)
USUAL = 90


@blueprint.get("/admin/changes/<change_id>/effect")
def show_effect(change_id: str) -> ResponseReturnValue:
    errors: dict[str, str] = {}
    today = services().clock.now().date()
    with services().database.read() as connection:
        one = actions.get(connection, change_id)
        around = _around(one, request.args, today)
        found = _found(connection, one, around, request.args.get("segment", ""), errors)
        heard = comparing.of_told(connection, one, around) if around and not errors else []
        called = listing.names(connection)
        offered = [(each.key, each.name) for each in segments.every(connection)]
    html = render_template(
        "overview/changes/effect.html",
        change=one,
        standing=standing(one, today),
        tone=TONES[one.state],
        around=around,
        findings=found,
        told=heard,
        names=called.touchpoints,
        segments=offered,
        lengths=LENGTHS,
        usual=USUAL,
        errors=errors,
        points=points,
        least=LEAST,
        sure=round(100 * CONFIDENCE),
    )
    return make_response(html, 422 if errors else 200)


def _around(one: Change, given: Mapping[str, str], today: date) -> Window | None:
    """Nothing as long as it is not done or not in effect."""
    if one.state != "done" or one.effective_on is None:
        return None
    days = given.get("days", "")
    return window(one.effective_on, int(days) if days in map(str, LENGTHS) else USUAL, today)


def _found(
    connection: Connection,
    one: Change,
    around: Window | None,
    segment: str,
    errors: dict[str, str],
) -> list[Finding]:
    """What is wrong with the segment is noted in *errors*."""
    if around is None:
        return []
    try:
        people = among.people(connection, segment, services().clock.now())
        chosen = bool(segment) and among.goes_by_answers(connection, segment)
    except Problem as problem:
        errors["segment"] = f"Choose another segment. {problem.detail}"
        return []
    return comparing.findings(connection, one, around, people, chosen=chosen)
