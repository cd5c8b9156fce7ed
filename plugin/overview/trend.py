"""NPS by month with all that it takes to believe it: a page, and the same table for a spreadsheet."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.engine import Connection

from plugin.figures.chart import drawn
from plugin.figures.reading import Scope
from plugin.figures.rules import LEAST, NPS_KINDS, Figure, tenth
from plugin.figures.trend import MONTHS, Month, Trend, trends
from plugin.overview.exporting import Column, file
from plugin.overview.routes import blueprint
from plugin.periods import month_after
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


@blueprint.get("/admin/trend")
def show_trend() -> ResponseReturnValue:
    scope, last, errors = _wanted(request.args)
    with services().database.read() as connection:
        found = [] if errors else trends(connection, scope, last)
        touchpoints = [one for one in reading.listed(connection) if one.kind in NPS_KINDS]
        names = _names(connection)
        accounts = services().accounts(connection)
    later = month_after(last, MONTHS)
    return render_template(
        "overview/trend.html",
        trends=[(one, drawn(one)) for one in found],
        names=names,
        touchpoints=touchpoints,
        accounts=accounts,
        kinds=NPS_KINDS,
        errors=errors,
        filtered=scope != Scope() or bool(request.args.get("until")),
        least=LEAST,
        running=_this_month(),
        earlier=f"{month_after(last, -MONTHS):%Y-%m}",
        later=f"{later:%Y-%m}" if later <= _this_month() else "",
        points=points,
    )


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
]


@blueprint.get("/admin/trend.csv")
def trend_file() -> Response:
    scope, last, errors = _wanted(request.args)
    with services().database.read() as connection:
        found = [] if errors else trends(connection, scope, last)
        names = _names(connection)
    return file("trend", request.args, errors, COLUMNS, _rows(found, names))


def _rows(found: Iterable[Trend], names: Mapping[str, str]) -> Iterable[Row]:
    for trend in found:
        for month in trend.months:
            yield Row(trend, month, names.get(trend.series.touchpoint, ""))


def _names(connection: Connection) -> dict[str, str]:
    return {one.key: one.name for one in reading.listed(connection)}


def _wanted(given: Mapping[str, str]) -> tuple[Scope, date, dict[str, str]]:
    """Whose trend, the last month's first day, and what cannot be read."""
    errors, last = {}, _this_month()
    if until := given.get("until", ""):
        if MONTH.fullmatch(until):
            last = date.fromisoformat(f"{until}-01")
        else:
            errors["until"] = "Write a month as 2026-11."
    named = {name: given.get(name, "") for name in ("installation", "touchpoint")}
    kind = given.get("kind", "")
    scope = Scope(
        kind=kind if kind in NPS_KINDS else "",
        **{name: value if storable(value) else "" for name, value in named.items()},
    )
    return scope, last, errors


def _this_month() -> date:
    return services().clock.now().date().replace(day=1)


def points(value: float) -> str:
    """Whole points, as people write them: "31", "\N{MINUS SIGN}12"."""
    return f"{round(value)}".replace("-", "\N{MINUS SIGN}")
