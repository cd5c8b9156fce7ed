"""One visit of each kind of machine and of person, over a real server and in a real browser. `python -m
bench.evidence` makes a thousand."""

import asyncio
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from bench.support import planting
from bench.support.databases import fresh
from bench.support.visits import round as visits
from bench.support.visits.links import INSTALLATION
from bench.support.visits.people import PEOPLE
from bench.support.visits.programs import PROGRAMS
from bench.support.visits.round import Site, Tally
from bench.support.visits.scanners import SCANNERS
from plugin.app import create_app
from plugin.clock import Clock
from plugin.db import remember_mode
from plugin.wiring import build_services
from tests.support.surveys import settings

POSTS = {
    "posting without the page",
    "every form behind every link",
    "one form, everything filled in",
    "all links, then one form",
    "a program by its own name",
    "the mail's links replayed",
    "following every link",
    "presses everything by script",
    "submits the form by script",
    "clicks and types at once",
    "clicks everything it sees",
    "a browser without a screen",
    "every link in a tab",
}


@dataclass(frozen=True)
class Came:
    machines: dict[str, Tally]
    people: dict[str, Tally]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with fresh("sqlite") as url:
        server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
        root = f"http://127.0.0.1:{server.server_port}"
        chosen = replace(settings(url), base_url=root)
        shared = build_services(chosen, Clock())
        remember_mode(shared.database, "test")
        planting.add_touchpoint(shared.database)
        planting.add_lane(shared.database, INSTALLATION)
        server.app = create_app(shared)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield Site(root, shared.database, chosen.signing_keys)
        server.shutdown()
        thread.join()
        server.server_close()
        shared.database.close()


@pytest.fixture(scope="module")
def came(site: Site, chromium_path: Path) -> Came:
    """In a thread of its own: the suite's other browser has this one's event loop."""
    del chromium_path

    async def visit() -> Came:
        async with visits.chromium_browser() as browser:
            once = dict.fromkeys([*PROGRAMS, *SCANNERS], 1)
            machines = await visits.machines(site, browser, once)
            return Came(machines, await visits.people(site, browser, dict.fromkeys(PEOPLE, 1)))

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(visit())).result()


@pytest.mark.parametrize("kind", [*PROGRAMS, *SCANNERS])
def test_a_machine_is_not_counted(came: Came, kind: str) -> None:
    assert came.machines[kind].counted == 0
    assert (came.machines[kind].posts > 0) == (kind in POSTS)


@pytest.mark.parametrize("kind", PEOPLE)
def test_a_person_is_counted_once_and_at_once(came: Came, kind: str) -> None:
    (took,) = came.people[kind].times
    assert took is not None
    assert took <= visits.IN_TIME
