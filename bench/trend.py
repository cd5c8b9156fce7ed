"""What the figures cost: ``python -m bench.trend [--answers N] [--database sqlite|postgresql]``.

So many answers over a year at four touchpoints, and twice as many asks that nobody answered, put straight into a
database; then the trend's twelve months and one figure are computed ten times, in one transaction each, as pages do.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection

from bench.support.databases import KINDS, analyze, fresh
from bench.support.figures import say, spread
from plugin.answers.store import answer
from plugin.asking.store import ask, frequency
from plugin.clock import Clock
from plugin.db import Database, new_id
from plugin.figures import actions, trend
from plugin.figures.reading import Scope
from plugin.people.store import person
from plugin.periods import ALWAYS
from plugin.touchpoints.store import touchpoint
from widget.locales import category

HUB = "hubspot:4711"
KEYS = ("a", "b", "c", "d")
ROUNDS, CHUNK = 10, 5000
BAR_MS = 1000


def fill(database: Database, answers: int) -> None:
    with database.write() as connection:
        about = {"kind": "transactional", "stage": "contact", "created_at": Clock().now()}
        connection.execute(
            touchpoint.insert(), [{"key": key, "name": key, **about} for key in KEYS]
        )
        connection.execute(frequency.update().values(staff_domains=["acme.example", "acme.test"]))
    dice = random.Random(1)
    for start in range(0, 3 * answers, CHUNK):
        rows = [_rows(dice, number % 3 == 0) for number in range(start, start + CHUNK)]
        with database.write() as connection:
            connection.execute(person.insert(), [one[0] for one in rows])
            connection.execute(ask.insert(), [one[1] for one in rows])
            connection.execute(answer.insert(), [one[2] for one in rows if one[2]])
    analyze(database)


def _rows(
    dice: random.Random, answered: bool
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    at: datetime = Clock().now() - timedelta(days=dice.random() * 365)
    who, asked, score = new_id(), new_id(), dice.randrange(11)
    them = {
        "id": who,
        "installation": HUB,
        "contact": who,
        "email": f"{who}@fjord.example",
        "seen_at": at,
    }
    common = {
        "installation": HUB,
        "person": who,
        "touchpoint": dice.choice(KEYS),
        "channel": "email",
    }
    question = {
        "id": asked, "state": "answered" if answered else "open", "created_at": at, "mailed_at": at,
        "answered_at": at if answered else None, "expires_at": at + timedelta(days=60), **common,
    }  # fmt: skip
    said = {
        "id": new_id(), "ask": asked, "kind": "transactional", "score": score, "category": category(score),
        "revision": 1, "answered_at": at, "revised_at": at, **common,
    }  # fmt: skip
    return them, question, said if answered else {}


def timed(database: Database, work: Callable[[Connection], object]) -> list[float]:
    def once() -> Iterator[float]:
        for _ in range(ROUNDS):
            began = time.perf_counter()
            with database.read() as connection:
                work(connection)
            yield 1000 * (time.perf_counter() - began)

    return list(once())


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.trend", description=__doc__)
    parser.add_argument("--answers", type=int, default=100_000)
    parser.add_argument("--database", choices=KINDS, help="one of them only")
    given = parser.parse_args(arguments)
    this_month, slow = Clock().now().date().replace(day=1), False
    for kind in [given.database] if given.database else KINDS:
        with fresh(kind) as url:
            database = Database(url)
            fill(database, given.answers)
            for what, work in {
                "the trend of all touchpoints": lambda c: trend.trends(c, Scope(), this_month),
                "one figure over everything": lambda c: actions.figure(c, Scope(HUB), ALWAYS),
            }.items():
                took = timed(database, work)
                say(f"{kind}: {what}", spread(took, 0, " ms"), f"{BAR_MS} ms or less")
                slow |= sorted(took)[ROUNDS // 2] > BAR_MS
            database.close()
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
