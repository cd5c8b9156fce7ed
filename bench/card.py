"""The card's data: ``python -m bench.card [--database sqlite|postgresql|both]``.

Signed requests of many reps, twenty at once (as many as HubSpot makes for an account), each for another contact,
with 100,000 answers stored: 20,000 contacts with five answers each, and a follow-up for every detractor's.
"""

import argparse
import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bench.support import hubspot, planting
from bench.support.databases import KINDS, analyze, fresh
from bench.support.figures import say, spread
from bench.support.load import Loader
from bench.support.processes import free_port, gensvar, processor_seconds, running
from bench.support.settings import environ
from plugin.answers.store import answer
from plugin.asking.store import ask
from plugin.clock import Clock
from plugin.db import Database, new_id
from plugin.followups.store import followup
from plugin.people.store import person

EACH = 5
AT_ONCE = 20
CHUNK = 1000
CATEGORIES = ("detractor",) * 7 + ("passive",) * 2 + ("promoter",) * 2


def main(arguments: Sequence[str] | None = None) -> None:
    args = _parser().parse_args(arguments)
    for kind in KINDS if args.database == "both" else (args.database,):
        with fresh(kind) as url, Loader() as loader:
            _measure(kind, url, loader, args)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--database", choices=(*KINDS, "both"), default="both")
    parser.add_argument("--answers", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=1000, help="in each round")
    return parser


def _measure(kind: str, url: str, loader: Loader, args: argparse.Namespace) -> None:
    database = Database(url)
    contacts = _plant(database, args.answers // EACH)
    port, dice = free_port(), random.Random(1)
    asked = {"connections": AT_ONCE}
    serve, settings = gensvar("serve", "--port", f"{port}"), environ(url, port, **hubspot.SETTINGS)
    with running(serve, port, settings) as program:
        loader.offer(port, hubspot.card_requests(port, contacts[:50]), **asked)
        before = processor_seconds(program)
        runs = [
            loader.offer(
                port, hubspot.card_requests(port, dice.sample(contacts, args.requests)), **asked
            )
            for _ in range(args.rounds)
        ]
        used = 1000 * (processor_seconds(program) - before) / (args.rounds * args.requests)
    assert all(set(run.statuses) == {200} for run in runs), [run.statuses for run in runs]
    say(f"{kind}: cards a second, {AT_ONCE} at once", spread([run.rate for run in runs]))
    say(f"{kind}: processor time a card", f"{used:.2f} ms")
    for share, bar in ((0.5, ""), (0.95, "200 ms"), (0.99, "")):
        shown = spread([run.percentile(share) for run in runs], 1, " ms")
        say(f"{kind}: p{share * 100:.0f} of a card's data", shown, bar)
    database.close()


def _plant(database: Database, people: int) -> list[str]:
    planting.add_touchpoint(database)
    hubspot.add_account(database)
    contacts = [str(number) for number in range(1, people + 1)]
    for start in range(0, people, CHUNK):
        _chunk(database, contacts[start : start + CHUNK])
    analyze(database)
    return contacts


def _chunk(database: Database, contacts: Sequence[str]) -> None:
    now = Clock().now()
    people: list[dict[str, Any]] = [
        {"id": new_id(), "installation": hubspot.INSTALLATION, "contact": contact, "seen_at": now}
        for contact in contacts
    ]
    asks: list[dict[str, Any]] = []
    answers: list[dict[str, Any]] = []
    for one in people:
        for number in range(EACH):
            at = now - timedelta(days=30 * number)
            asks.append(_ask(one["id"], at))
            answers.append(_answer(asks[-1], number, at))
    cases = [_follow_up(one) for one in answers if one["category"] == "detractor"]
    with database.write() as connection:
        for table, rows in ((person, people), (ask, asks), (answer, answers), (followup, cases)):
            connection.execute(table.insert(), rows)


def _ask(person_id: str, at: Any) -> dict[str, Any]:
    return {
        "id": new_id(), "installation": hubspot.INSTALLATION, "person": person_id,
        "touchpoint": planting.TOUCHPOINT, "channel": "link", "locale": "en", "state": "answered",
        "created_at": at, "expires_at": at + timedelta(days=60),
    }  # fmt: skip


def _answer(asked: dict[str, Any], number: int, at: Any) -> dict[str, Any]:
    score = (number * 3 + len(asked["person"])) % 11
    return {
        "id": new_id(), "ask": asked["id"], "installation": hubspot.INSTALLATION,
        "person": asked["person"], "touchpoint": planting.TOUCHPOINT, "kind": "transactional",
        "channel": "link", "score": score, "category": CATEGORIES[score], "comment": "x" * 200,
        "revision": 1, "answered_at": at, "revised_at": at,
    }  # fmt: skip


def _follow_up(answered: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": new_id(), "answer": answered["id"], "installation": hubspot.INSTALLATION,
        "person": answered["person"], "due_at": answered["answered_at"] + timedelta(days=1),
        "opened_at": answered["answered_at"],
    }  # fmt: skip


if __name__ == "__main__":
    main()
