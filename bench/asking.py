"""What a decision costs with 100,000 contacts and 1,000,000 asks behind them.

    python -m bench.asking [--contacts N] [--asks N] [--kinds sqlite postgresql]

Each decision is the whole of ``decide``: both transactions, the locks, and the commit of what it writes. Contacts
are drawn at random; half of them were asked within the last month, a third was refused at another touchpoint, and
companies of five have a cap.
"""

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from itertools import islice
from statistics import quantiles
from typing import Any

from bench.support.databases import KINDS, fresh, settle
from bench.support.figures import median, say
from bench.support.planting import add_touchpoint
from bench.support.settings import environ
from plugin import config
from plugin.asking.actions import Wish, decide
from plugin.asking.rules import Asked
from plugin.asking.store import ask, frequency, refused_ask
from plugin.db import Database, milliseconds, new_id
from plugin.deliveries.actions import ensure_lane
from plugin.people.companies import KEPT
from plugin.people.rules import ContactName, lane_of
from plugin.people.store import company, person
from plugin.rowset import insert
from plugin.services import Services
from plugin.touchpoints.store import touchpoint
from plugin.wiring import build_services

HUB = "hubspot:1"
BAR = 5.0  # milliseconds, p95
CHUNK = 20_000
DECISIONS = 2_000
WARM_UP = 200
OF_A_COMPANY = 5
DAY = timedelta(days=1)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--asks", type=int, default=1_000_000)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    given = parser.parse_args(arguments)
    for kind in given.kinds:
        with fresh(kind) as url:
            shared = build_services(config.load(environ(url, 8000, LOG_LEVEL="error")))
            with closing(shared.database):
                fill(shared, given.contacts, given.asks)
                measure(kind, shared, given.contacts)


def fill(shared: Services, contacts: int, asks: int) -> None:
    database, now = shared.database, shared.clock.now()
    add_touchpoint(database)
    ids = [new_id() for _ in range(contacts)]
    with database.write() as connection:
        ensure_lane(connection, lane_of(HUB), 9)
        connection.execute(touchpoint.update().values(window_days=14))
        other = {"key": "renewal", "name": "renewal", "kind": "transactional", "stage": "renew"}
        connection.execute(touchpoint.insert().values(other | {"created_at": now}))
        connection.execute(frequency.update().values(company_most=5, company_days=10))
    _put(database, person, (_person(n, one, now) for n, one in enumerate(ids)))
    _put(database, ask, (_ask(n, ids[n % contacts], now, asks) for n in range(asks)))
    _put(database, refused_ask, (_refused(one, now) for one in ids[::3]))
    _put(database, company, (_company(n, now) for n in range(contacts // OF_A_COMPANY)))
    settle(database)


def _put(database: Database, table: Any, rows: Iterator[dict[str, Any]]) -> None:
    while chunk := list(islice(rows, CHUNK)):
        with database.write() as connection:
            insert(connection, table, chunk)


def _person(number: int, person_id: str, now: datetime) -> dict[str, Any]:
    """Every second one was asked ten days ago and has not reacted."""
    asked = now - (10 if number % 2 else 200) * DAY
    return {
        "id": person_id, "installation": HUB, "contact": str(number), "seen_at": now + DAY,
        "company": str(number // OF_A_COMPANY), "last_asked_at": asked, "silent_since": asked,
    }  # fmt: skip


def _ask(number: int, person_id: str, now: datetime, asks: int) -> dict[str, Any]:
    at = now - (10 + 2000 * (asks - number) / asks) * DAY
    return {
        "id": new_id(), "installation": HUB, "person": person_id, "touchpoint": "support",
        "channel": "widget", "state": "expired", "created_at": at, "expires_at": at + 14 * DAY,
    }  # fmt: skip


def _refused(person_id: str, now: datetime) -> dict[str, Any]:
    return {
        "person": person_id, "touchpoint": "renewal", "installation": HUB, "channel": "widget",
        "reason": "asked_recently", "next_eligible_at": now + 20 * DAY, "refused_at": now - DAY,
    }  # fmt: skip


def _company(number: int, now: datetime) -> dict[str, Any]:
    """As if all those asks had been decided here: the newest are remembered."""
    asked = [now - 200 * DAY * (KEPT - place) / KEPT - 11 * DAY for place in range(KEPT)]
    return {
        "installation": HUB, "company": str(number), "asked": [milliseconds(at) for at in asked],
    }  # fmt: skip


def measure(kind: str, shared: Services, contacts: int) -> None:
    drawn = random.Random(1).sample(range(contacts), min(contacts, 2 * DECISIONS))
    asked = [number for number in drawn if number % 2 == 0]
    refused = [number for number in drawn if number % 2]
    _timed(shared, [asked.pop() for _ in range(WARM_UP)], yes=True)
    _timed(shared, [refused.pop() for _ in range(WARM_UP)], yes=False)
    settle(shared.database)
    _say(f"{kind}: asked", _timed(shared, asked, yes=True))
    _say(f"{kind}: the same once more (a reload)", _timed(shared, asked, yes=True))
    _say(f"{kind}: refused", _timed(shared, refused, yes=False))
    _say(f"{kind}: the same once more (a reload)", _timed(shared, refused, yes=False))


def _timed(shared: Services, numbers: Sequence[int], *, yes: bool) -> list[float]:
    """Milliseconds."""
    spent = []
    for number in numbers:
        wish = Wish(HUB, ContactName(id=str(number)), "support")
        began = time.perf_counter()
        decision = decide(shared, wish)
        spent.append((time.perf_counter() - began) * 1000)
        assert isinstance(decision, Asked) is yes, decision
    return spent


def _say(what: str, spent: Sequence[float]) -> None:
    p95 = quantiles(spent, n=20)[-1]
    say(f"{what}: median, p95", f"{median(spent):.2f}, {p95:.2f} ms", f"{BAR:.0f} ms")


if __name__ == "__main__":
    main()
