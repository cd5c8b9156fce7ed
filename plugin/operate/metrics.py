"""Prometheus text. Read from the database, so that every process of a host tells the same."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector
from sqlalchemy.engine import Connection

from plugin.answers.store import answer, counted, nps
from plugin.crm.store import installation
from plugin.deliveries import queries
from plugin.deliveries.store import delivery, lane
from plugin.errors import Problem
from plugin.followups.reading import counts
from plugin.operate.health import trusted
from plugin.services import Services, services

blueprint = Blueprint("metrics", __name__)

Family = GaugeMetricFamily | CounterMetricFamily


@blueprint.get("/metrics")
def show() -> Response:
    if not trusted():
        raise Problem("forbidden", "Send GENSVAR_METRICS_TOKEN as Authorization: Bearer.")
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_FromDatabase(services()))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


class _FromDatabase(Collector):
    def __init__(self, here: Services) -> None:
        self._database, self._clock = here.database, here.clock

    def describe(self) -> list[Family]:
        return []

    def collect(self) -> Iterator[Family]:
        with self._database.read() as connection:
            yield _counted(
                connection,
                CounterMetricFamily("gensvar_answers", "Answers given", labels=["category"]),
                answer.c.category,
                counted,
                nps,
            )
            yield _counted(
                connection,
                GaugeMetricFamily("gensvar_deliveries", "Effects owed or done", labels=["state"]),
                delivery.c.state,
            )
            yield _counted(
                connection,
                GaugeMetricFamily("gensvar_installations", "Connected accounts", labels=["state"]),
                installation.c.state,
            )
            yield _follow_ups(connection, self._clock.now())
            yield _lanes(connection)
            yield _seconds(
                "gensvar_backlog", "Age of the oldest due delivery", _backlog(connection)
            )
            yield _seconds("gensvar_worker_heartbeat", "Since the newest beat", _beat(connection))


def _counted(
    connection: Connection, family: Family, column: sa.Column[str], *which: sa.ColumnElement[bool]
) -> Family:
    query = sa.select(column, sa.func.count()).where(*which).group_by(column)
    for label, number in connection.execute(query):
        family.add_metric([label], number)
    return family


def _follow_ups(connection: Connection, now: datetime) -> Family:
    counted = counts(connection, now)
    family = GaugeMetricFamily(
        "gensvar_follow_ups", "Customers who are owed a reply", labels=["deadline"]
    )
    family.add_metric(["ahead"], counted.open - counted.overdue)
    family.add_metric(["passed"], counted.overdue)
    return family


def _lanes(connection: Connection) -> Family:
    family = GaugeMetricFamily("gensvar_lane_fails", "Failures in a row", labels=["lane"])
    for name, fails in connection.execute(sa.select(lane.c.id, lane.c.fails)):
        family.add_metric([name], fails)
    return family


def _seconds(name: str, words: str, value: float | None) -> Family:
    family = GaugeMetricFamily(f"{name}_seconds", words)
    if value is not None:
        family.add_metric([], value)
    return family


def _backlog(connection: Connection) -> float:
    age = queries.backlog_age(connection)
    return 0.0 if age is None else age.total_seconds()


def _beat(connection: Connection) -> float | None:
    age = queries.newest_beat_age(connection)
    return None if age is None else age.total_seconds()
