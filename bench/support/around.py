"""Answers before and after a change at two touchpoints, one of which was changed, and what the effect page reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bench.support.databases import fresh
from plugin.answers.store import answer
from plugin.asking.store import ask
from plugin.changes import reading
from plugin.changes.rules import midnight
from plugin.changes.store import change, change_touchpoint
from plugin.db import Database, new_id
from plugin.figures.comparing import findings
from plugin.figures.effect import Effect
from plugin.figures.judging import Side, window
from plugin.figures.reading import Tally
from plugin.people.store import person
from plugin.touchpoints.store import touchpoint

CHANGE, CHANGED, ELSEWHERE = "a-change", "changed", "elsewhere"
DAYS = 30
SCORES = {"promoter": 10, "passive": 8, "detractor": 3}


@dataclass
class World:
    """A database with one change that is done."""

    database: Database
    since: date

    def effect(self, own: Side, other: Side) -> Effect:
        """What the page finds where these answers were given, and no others."""
        around = window(self.since, DAYS, self.since + timedelta(days=2 * DAYS))
        with self.database.write() as connection:
            for table in (answer, ask, person):
                connection.execute(table.delete())
            for key, side in ((CHANGED, own), (ELSEWHERE, other)):
                for tally, day in ((side.before, -10), (side.after, 10)):
                    at = midnight(self.since) + timedelta(days=day)
                    rows = [_row(key, said, at) for said in _said(tally)]
                    for number, table in enumerate((person, ask, answer)):
                        connection.execute(table.insert(), [row[number] for row in rows])
        with self.database.read() as connection:
            one = reading.one(connection, CHANGE)
            assert one is not None
            assert around is not None
            (found,) = findings(connection, one, around)
        assert found.verdict.effect is not None
        return found.verdict.effect


@contextmanager
def world(since: date) -> Iterator[World]:
    with fresh("sqlite") as url:
        database, at = Database(url), midnight(since)
        with database.write() as connection:
            place = {"kind": "relational", "stage": "use", "created_at": at}
            rows = [{"key": key, "name": key, **place} for key in (CHANGED, ELSEWHERE)]
            connection.execute(touchpoint.insert(), rows)
            times = {"effective_on": at, "done_at": at, "created_at": at, "created_by": "x"}
            connection.execute(change.insert().values(id=CHANGE, title="x", state="done", **times))
            connection.execute(change_touchpoint.insert().values(change=CHANGE, touchpoint=CHANGED))
        yield World(database, since)
        database.close()


def _said(tally: Tally) -> list[str]:
    counts = tally.counts
    return (
        ["promoter"] * counts.promoters
        + ["passive"] * counts.passives
        + ["detractor"] * counts.detractors
    )


def _row(
    key: str, said: str, at: datetime
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    who, asked = new_id(), new_id()
    common = {"installation": "x", "person": who, "touchpoint": key, "channel": "email"}
    them = {"id": who, "installation": "x", "contact": who, "seen_at": at}
    times = {"created_at": at, "expires_at": at, "mailed_at": at, "answered_at": at}
    given = {
        "id": new_id(),
        "ask": asked,
        "kind": "relational",
        "revision": 1,
        "score": SCORES[said],
    }
    given |= {"category": said, "answered_at": at, "revised_at": at}
    return them, {"id": asked, "state": "answered", **times, **common}, given | common
