"""NPS by month with all that it takes to believe it: a page, and the same table for a spreadsheet."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.engine import Connection

from plugin.changes.rules import standing
from plugin.errors import Problem
from plugin.figures import among
from plugin.figures.chart import Chart, drawn
from plugin.figures.marks import Mark, marks, shown
from plugin.figures.reading import Scope
from plugin.figures.rules import LEAST, NPS_KINDS, Figure, tenth
from plugin.figures.trend import MONTHS, Month, Trend, trends
from plugin.overview.exporting import Column, file
from plugin.overview.routes import blueprint
from plugin.periods import month_after
from plugin.segments import known as segments
from plugin.services import services
from plugin.spreadsheet import Cell
from plugin.strict import storable
from plugin.touchpoints import reading

MONTH = re.compile(r"(?:19[7-9]\d|[2-8]\d{3})-(?:0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """A month of one series, as the file has it."""

    trend: Trend
    month: Month
    name: str
    changes: Sequence[str]


@blueprint.get("/admin/trend")
def show_trend() -> ResponseReturnValue:
    with services().database.read() as connection:
        scope, last, errors = _wanted(connection, request.args)
        found = _drawn(connection, scope, last, errors)
        touchpoints = [one for one in reading.listed(connection) if one.kind in NPS_KINDS]
        names = _names(connection)
        accounts = services().accounts(connection)
        offered = segments.every(connection)
    later = month_after(last, MONTHS)
    return render_template(
        "overview/trend.html",
        trends=found,
        names=names,
        touchpoints=touchpoints,
        accounts=accounts,
        segments=offered,
        kinds=NPS_KINDS,
        errors=errors,
        standing=partial(standing, today=services().clock.now().date()),
        filtered=scope != Scope() or any(map(request.args.get, ("until", "segment"))),
        least=LEAST,
        running=_this_month(),
        earlier=f"{month_after(last, -MONTHS):%Y-%m}",
        later=f"{later:%Y-%m}" if later <= _this_month() else "",
        points=points,
    )


def _drawn(
    connection: Connection, scope: Scope, last: date, errors: Mapping[str, str]
) -> list[tuple[Trend, Chart, list[Mark]]]:
    if errors:
        return []
    changes = shown(connection)
    found = [(one, drawn(one)) for one in trends(connection, scope, last)]
    return [(one, chart, marks(one, chart, changes)) for one, chart in found]


def _at_figure(value: Callable[[Figure], Cell]) -> Callable[[Row], Cell]:
    return lambda row: value(row.month.figure) if row.month.figure else None


def _percent(row: Row) -> Cell:
    percent = row.month.tally.rate.percent
    return None if percent is None else tenth(percent)


COLUMNS: list[Column[Row]] = [
    ("touchpoint", lambda row: row.trend.series.touchpoint),
    ("touchpoint_name", lambda row: row.name),
    ("kind", lambda row: row.trend.series.kind),
    ("month", lambda row: f"{row.month.first:%Y-%m}"),
    ("nps", _at_figure(lambda figure: tenth(figure.nps))),
    ("interval_low", _at_figure(lambda figure: tenth(figure.interval.low))),
    ("interval_high", _at_figure(lambda figure: tenth(figure.interval.high))),
    ("answers", lambda row: row.month.tally.counts.n),
    ("promoters", lambda row: row.month.tally.counts.promoters),
    ("passives", lambda row: row.month.tally.counts.passives),
    ("detractors", lambda row: row.month.tally.counts.detractors),
    ("of_erased_people", lambda row: row.month.tally.erased),
    ("response_rate_percent", _percent),
    ("asked_who_answered", lambda row: row.month.tally.rate.answered),
    ("asked_who_were_reached", lambda row: row.month.tally.rate.reached),
    ("remark", lambda row: "" if row.month.figure else "too few answers for a figure"),
    ("changes", lambda row: "; ".join(row.changes)),
]


@blueprint.get("/admin/trend.csv")
def trend_file() -> Response:
    with services().database.read() as connection:
        scope, last, errors = _wanted(connection, request.args)
        found = _drawn(connection, scope, last, errors)
        names = _names(connection)
    return file("trend", request.args, errors, COLUMNS, _rows(found, names))


def _rows(
    found: Iterable[tuple[Trend, Chart, list[Mark]]], names: Mapping[str, str]
) -> Iterable[Row]:
    for trend, _, changed in found:
        for month in trend.months:
            titles = [one.change.title for one in changed if one.first == month.first]
            yield Row(trend, month, names.get(trend.series.touchpoint, ""), titles)


def _names(connection: Connection) -> dict[str, str]:
    return {one.key: one.name for one in reading.listed(connection)}


def _wanted(connection: Connection, given: Mapping[str, str]) -> tuple[Scope, date, dict[str, str]]:
    """Whose trend, the last month's first day, and what cannot be read."""
    errors: dict[str, str] = {}
    last, people = _this_month(), None
    try:
        people = among.people(connection, given.get("segment", ""), services().clock.now())
    except Problem as problem:
        errors["segment"] = f"Choose another segment. {problem.detail}"
    if until := given.get("until", ""):
        if MONTH.fullmatch(until):
            last = date.fromisoformat(f"{until}-01")
        else:
            errors["until"] = "Write a month as 2026-11."
    named: dict[str, Any] = {
        name: value if storable(value := given.get(name, "")) else ""
        for name in ("installation", "touchpoint")
    }
    kind = given.get("kind", "")
    scope = Scope(
        kind=kind if kind in NPS_KINDS else "",
        people=people,
        **named,
    )
    return scope, last, errors


def _this_month() -> date:
    return services().clock.now().date().replace(day=1)


def points(value: float) -> str:
    """Whole points, as people write them: "31", "\N{MINUS SIGN}12"."""
    return f"{round(value)}".replace("-", "\N{MINUS SIGN}")
