"""Satisfaction and effort: each touchpoint's own figure."""

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.engine import Connection

from plugin.figures.measuring import measured
from plugin.overview.routes import blueprint
from plugin.periods import period_from
from plugin.services import services
from plugin.touchpoints import reading
from plugin.touchpoints.reading import Touchpoint
from plugin.touchpoints.rules import MEASURES


@blueprint.get("/admin/measures")
def list_measures() -> ResponseReturnValue:
    """Each by itself; those that the address names as ``touchpoint`` together, if they are of one kind."""
    errors: dict[str, str] = {}
    period, named = period_from(request.args, errors), request.args.getlist("touchpoint")
    with services().database.read() as connection:
        known = [one for one in reading.listed(connection) if one.kind in MEASURES]
        together = measured(connection, _named(connection, named), period) if named else None
        return render_template(
            "overview/measures.html",
            measured=[measured(connection, [one], period) for one in known],
            together=together,
            chosen=named,
            errors=errors,
        )


def _named(connection: Connection, keys: Sequence[str]) -> list[Touchpoint]:
    return [reading.get(connection, key) for key in dict.fromkeys(keys)]
