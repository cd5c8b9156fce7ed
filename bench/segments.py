"""What counting a segment costs: ``python -m bench.segments [--people N] [--database sqlite|postgresql|both]``.

So many people, known here over three years, put straight into a database: half of them answered, some more than once,
most have three fields of the CRM, some are on lists. Then each kind of condition is counted by itself, and
combinations of them, in a transaction each as pages do; the ready segments, twenty people and one "why" as well.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy.engine import Connection

from bench.support.databases import KINDS, fresh, settle
from bench.support.figures import say, spread
from plugin import rowset
from plugin.answers.store import answer
from plugin.asking.store import ask
from plugin.clock import Clock
from plugin.db import Database, lowest_id, new_id
from plugin.people.store import person
from plugin.segments import evaluating, known, newest
from plugin.segments import people as members
from plugin.segments.expressions import day
from plugin.segments.naming import names
from plugin.segments.store import attribute, attribute_value, followed_list, list_member
from plugin.segments.why import why
from plugin.themes.store import answer_theme
from plugin.touchpoints.store import touchpoint
from widget.locales import category

HUB, YEARS, ROUNDS, CHUNK = "hubspot:4711", 3 * 365, 5, 20_000
BARS = {"sqlite": 3.0, "postgresql": 1.0}  # seconds
TOUCHPOINTS = {"support": "transactional", "yearly": "relational"}
PLANS = ("bronze", "silver", "gold", "platinum")
FIELDS = {"plan": "text", "mrr": "number", "renewal": "date"}

PROMOTER = {"category": "promoter", "kind": "transactional"}
GOLD = {"attribute": {"field": "plan", "is": "gold"}}
RICH = {"attribute": {"field": "mrr", "at_least": 900}}
SOON = {"attribute": {"field": "renewal", "in_next": 60}}
SLOW = {"theme": "slow_reply", "within": 180}
BOARD = {"list": "12", "installation": HUB}
SWEDES = {"language": "sv"}
RULES: Mapping[str, Mapping[str, Any]] = {
    "newest answer": PROMOTER,
    "newest answer fell": {"fell": 3, "kind": "transactional"},
    "has answered a kind": {"kind": "relational"},
    "field of text": GOLD,
    "field of text, one of": {"attribute": {"field": "plan", "one_of": ["gold", "platinum"]}},
    "field of text, is not": {"attribute": {"field": "plan", "is_not": "gold"}},
    "field of numbers": RICH,
    "field of dates": SOON,
    "field that is empty": {"attribute": {"field": "renewal", "empty": True}},
    "how long known here": {"known_for": {"at_most": 90}},
    "list": BOARD,
    "answered at a touchpoint": {"touchpoint": "support", "within": 365},
    "asked at a touchpoint": {"touchpoint": "yearly", "what": "asked"},
    "theme raised": SLOW,
    "language": SWEDES,
    "none of them": {"not": PROMOTER},
    "and": {"all": [PROMOTER, GOLD, SWEDES]},
    "or": {"any": [PROMOTER, GOLD, BOARD, SLOW]},
    "and, or, not": {
        "all": [{"any": [PROMOTER, RICH, BOARD]}, {"not": SLOW}, {"not": {"all": [SOON, GOLD]}}]
    },
}


def fill(database: Database, people: int) -> None:
    now, dice = Clock().now(), random.Random(1)
    with database.write() as connection:
        _names(connection, now)
    for start in range(0, people, CHUNK):
        many = min(CHUNK, people - start)
        crowd = [_one(dice, start + number, now) for number in range(many)]
        with database.write() as connection:
            for table in TABLES:
                rowset.insert(connection, table, [row for one in crowd for row in one[table.name]])
            newest.keep(connection, [row["id"] for one in crowd for row in one["answer"]])
    settle(database)


TABLES = (person, ask, answer, answer_theme, attribute_value, list_member)


def _names(connection: Connection, now: datetime) -> None:
    for key, kind in TOUCHPOINTS.items():
        row = {"key": key, "name": key, "kind": kind, "stage": "use", "created_at": now}
        connection.execute(touchpoint.insert().values(row))
    read = {"installation": HUB, "created_at": now, "read_at": now}
    for field, kind in FIELDS.items():
        connection.execute(attribute.insert().values(field=field, label=field, kind=kind, **read))
    connection.execute(followed_list.insert().values(list="12", label="Board", **read))


def _one(dice: random.Random, number: int, now: datetime) -> dict[str, list[dict[str, Any]]]:
    """All rows of one person, by table."""
    since = now - timedelta(days=dice.random() * YEARS)
    who = lowest_id(since)[:10] + new_id()[10:]
    rows: dict[str, list[dict[str, Any]]] = {table.name: [] for table in TABLES}
    rows["person"].append({
        "id": who, "installation": HUB, "contact": str(number), "name": f"Customer {number}",
        "email": f"customer{number}@fjord.example", "company_name": f"Company {number // 5}",
        "locale": dice.choice(("sv", "nb-NO", "en", "de")), "seen_at": now,
        "gone_at": now if dice.random() < 0.02 else None,
    })  # fmt: skip
    for _ in range(dice.choice((0, 0, 1, 1, 1, 3))):
        _asked(dice, who, since, now, rows)
    for field, value in _values(dice, now):
        column, other = ("text", "number") if isinstance(value, str) else ("number", "text")
        rows["attribute_value"].append({"person": who, "field": field, column: value, other: None})
    rows["list_member"] += [
        {"person": who, "list": one}
        for one, share in (("12", 0.2), ("13", 0.02))
        if dice.random() < share
    ]
    return rows


def _asked(
    dice: random.Random,
    who: str,
    since: datetime,
    now: datetime,
    rows: dict[str, list[dict[str, Any]]],
) -> None:
    """And in two of three cases answered, every fifth answer about a theme."""
    at, score = since + (now - since) * dice.random(), dice.randrange(11)
    key = dice.choice(("support", "support", "yearly"))
    common = {"installation": HUB, "person": who, "touchpoint": key, "channel": "email"}
    asked, said = new_id(), dice.random() < 0.67
    rows["ask"].append({
        "id": asked, "state": "answered" if said else "expired", "created_at": at,
        "expires_at": at + timedelta(days=60), **common,
    })  # fmt: skip
    if said:
        answer_id = new_id()
        rows["answer"].append({
            "id": answer_id, "ask": asked, "kind": TOUCHPOINTS[key], "score": score, "category": category(score),
            "comment": "It took four days until somebody called back. " * dice.randrange(4),
            "revision": 1, "answered_at": at, "revised_at": at, **common,
        })  # fmt: skip
        if dice.random() < 0.2:
            theme = dice.choice(("slow_reply", "price", "delivery"))
            rows["answer_theme"].append(
                {"answer": answer_id, "theme": theme, "by": "rule", "at": at}
            )


def _values(dice: random.Random, now: datetime) -> Iterator[tuple[str, str | float]]:
    if dice.random() < 0.9:
        yield "plan", dice.choice(PLANS)
    if dice.random() < 0.8:
        yield "mrr", float(dice.randrange(1000))
    if dice.random() < 0.7:
        yield "renewal", float(day(now.date()) + dice.randrange(-365, 365))


def timed(database: Database, work: Callable[[Connection], Any]) -> tuple[list[float], Any]:
    """Seconds of each round, and what came of the last."""
    took, found = [], None
    for _ in range(ROUNDS):
        began = time.perf_counter()
        with database.read() as connection:
            found = work(connection)
        took.append(time.perf_counter() - began)
    return took, found


def measure(kind: str, database: Database, people: int) -> bool:
    """Whether all of it was quick enough."""
    now, bar, slow = Clock().now(), BARS[kind], False
    with database.read() as connection:
        ready = {one.name: one.rule for one in known.every(connection)}
    for name, rule in (*RULES.items(), *ready.items()):
        took, size = timed(database, partial(evaluating.size, rule=rule, now=now))
        say(
            f"{kind}: {name} ({size.count:,} of {people:,})",
            spread(took, 2, " s"),
            f"{bar:g} s or less",
        )
        slow |= sorted(took)[ROUNDS // 2] > bar
    rule = RULES["and, or, not"]
    took, some = timed(database, lambda c: members.of(c, rule, now, limit=20))
    say(f"{kind}: twenty people of the last combination", spread(took, 2, " s"))
    one = some[0].id
    took, _ = timed(database, lambda c: why(c, rule, one, now, names(c)))
    say(f"{kind}: why somebody is in it", spread([1000 * t for t in took], 0, " ms"))
    return not slow


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.segments", description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--database", choices=(*KINDS, "both"), default="both")
    given = parser.parse_args(arguments)
    quick = True
    for kind in KINDS if given.database == "both" else (given.database,):
        with fresh(kind) as url:
            database = Database(url)
            fill(database, given.people)
            quick &= measure(kind, database, given.people)
            database.close()
    return int(not quick)


if __name__ == "__main__":
    sys.exit(main())
