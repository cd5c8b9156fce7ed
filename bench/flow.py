"""What a night's selection of a steady flow costs with 100,000 contacts and 1,000,000 past asks.

    python -m bench.flow [--contacts N] [--asks N] [--kinds sqlite postgresql]

The whole of it: the rate of the past asks, the draw, and the rows written. Once with half of the contacts held back
by a question of last week, and once with all of them, when the hand goes all the way around.
"""

import argparse
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from typing import Any

from bench.asking import CHUNK, HUB, fill
from bench.support.databases import KINDS, fresh
from bench.support.figures import say
from bench.support.settings import environ
from plugin import config
from plugin.people.store import person
from plugin.rowset import insert
from plugin.services import Services
from plugin.touchpoints.store import touchpoint
from plugin.triggers import finding, flow, reading, rules
from plugin.triggers.store import trigger, trigger_contact
from plugin.wiring import build_services

BAR = 30.0  # seconds
KEY = "flow"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--asks", type=int, default=1_000_000)
    parser.add_argument("--monthly", type=int, default=1_000, help="answers wanted")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    given = parser.parse_args(arguments)
    for kind in given.kinds:
        with fresh(kind) as url:
            shared = build_services(config.load(environ(url, 8000, LOG_LEVEL="error")))
            with closing(shared.database):
                fill(shared, given.contacts, given.asks)
                _put(shared, given.contacts, given.monthly)
                _measure(f"{kind}: half of them held back", shared)
                _hold_all(shared)
                _measure(f"{kind}: all of them held back", shared)


def _put(shared: Services, contacts: int, monthly: int) -> None:
    now = shared.clock.now()
    with shared.database.write() as connection:
        connection.execute(touchpoint.update().values(kind="relational"))
        row: dict[str, Any] = {
            "key": KEY,
            "name": "Flow",
            "installation": HUB,
            "kind": "steady_flow",
        }
        row |= {"touchpoint": "support", "channel": "widget", "created_at": now}
        connection.execute(trigger.insert().values(parameters={"monthly": monthly}, **row))
        for start in range(0, contacts, CHUNK):
            some = [str(n) for n in range(start, min(contacts, start + CHUNK))]
            rows = [{"trigger": KEY, "contact": c, "lot": rules.lot(KEY, c)} for c in some]
            insert(connection, trigger_contact, rows)


def _hold_all(shared: Services) -> None:
    lately = shared.clock.now() - timedelta(days=10)
    with shared.database.write() as connection:
        connection.execute(person.update().values(silent_since=lately, last_asked_at=lately))


def _measure(what: str, shared: Services) -> None:
    began = time.perf_counter()
    drawn = _night(shared)
    spent = time.perf_counter() - began
    say(f"{what}: a night, {len(drawn.happenings)} drawn", f"{spent:.2f} s", f"{BAR:.0f} s")


def _night(shared: Services) -> flow.Drawn:
    now = shared.clock.now()
    with shared.database.read() as connection:
        row: Any = reading.get(connection, KEY)
        drawn = flow.draw(
            connection, row, flow.State(read_at=now.isoformat()), now, shared.clock.scaled
        )
    with shared.database.write() as connection:
        finding.keep(connection, row, drawn.happenings, _known(drawn), now, timedelta(days=1))
    return drawn


def _known(drawn: flow.Drawn) -> dict[str, Any]:
    """The CRM is asked for those who were drawn, a hundred at a time; here it is not there."""
    return dict.fromkeys(one.contact for one in drawn.happenings)


if __name__ == "__main__":
    main()
