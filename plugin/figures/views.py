"""Where a host's own server reads answers and figures."""

from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, Response, current_app

from plugin.asking.views import api_key
from plugin.figures import actions, among, listing, parse
from plugin.figures.reading import Scope, Tally
from plugin.figures.rules import CONFIDENCE, Figure, tenth
from plugin.services import services
from plugin.web import Limit, json_response

blueprint = Blueprint("figures", __name__)


@blueprint.get("/api/v1/answers", provide_automatic_options=False)
def list_answers() -> Response:
    installation = _reader()
    place = parse.place()
    with services().database.read() as connection:
        found, following = listing.page(connection, installation, place)
    return json_response(
        {"answers": [listing.document(row) for row in found], "next": following or None}
    )


@blueprint.get("/api/v1/nps")
def nps() -> Response:
    scope, period, segment = parse.wanted(_reader())
    with services().database.read() as connection:
        people = among.people(connection, segment, services().clock.now())
        figure, tally = actions.figure(connection, replace(scope, people=people), period)
    return json_response(_document(scope, segment, figure, tally))


def _reader() -> str:
    """The installation of the key that asks; raises ``Problem``: ``unauthenticated`` or ``rate_limited``."""
    key = api_key()
    limit: Limit = current_app.extensions["gensvar.figures"]
    limit.take(key.id)
    return key.installation


def _document(scope: Scope, segment: str, figure: Figure, tally: Tally) -> dict[str, Any]:
    percent = figure.response_rate.percent
    return {
        "kind": figure.kind,
        "touchpoint": scope.touchpoint or None,
        "segment": segment or None,
        "from": _day(figure.period.since),
        "to": _day(figure.period.until),
        "nps": tenth(figure.nps),
        "interval": {
            "low": tenth(figure.interval.low),
            "high": tenth(figure.interval.high),
            "confidence": CONFIDENCE,
        },
        "n": figure.n,
        "promoters": figure.counts.promoters,
        "passives": figure.counts.passives,
        "detractors": figure.counts.detractors,
        "response_rate": {
            "percent": None if percent is None else tenth(percent),
            "answered": figure.response_rate.answered,
            "reached": figure.response_rate.reached,
        },
        "erased": {"counted": figure.erased, "left_out": tally.left_out},
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
