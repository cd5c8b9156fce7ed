"""Visits of every kind to asks of their own, at one server, and what became of them."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from playwright.async_api import Browser, async_playwright

from bench.support.visits.links import Link, counting, left, plant
from bench.support.visits.people import PEOPLE
from bench.support.visits.programs import PROGRAMS
from bench.support.visits.scanners import SCANNERS
from plugin.db import Database
from tools import chromium

AT_ONCE = 4  # visits under way; more would make people wait for the processor
IN_TIME = 2.0  # seconds from the act
PATIENCE = 6.0
SETTLED = 2.5  # seconds after which a machine's answer is looked at


@dataclass(frozen=True)
class Site:
    """A server with its database."""

    root: str
    database: Database
    keys: Sequence[str]

    def mailed(self, number: int) -> list[Link]:
        return plant(self.database, self.root, self.keys, number)


@dataclass
class Tally:
    """*posts*: answers that machines left; *counted* of them. *times*: from a person's act until it counted, in
    seconds; ``None`` for one that never did."""

    visits: int = 0
    posts: int = 0
    counted: int = 0
    times: list[float | None] = field(default_factory=list)

    @property
    def in_time(self) -> int:
        return sum(1 for took in self.times if took is not None and took <= IN_TIME)


@asynccontextmanager
async def chromium_browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium.executable(), args=list(chromium.FLAGS)
        )
        yield browser
        await browser.close()


async def machines(site: Site, browser: Browser, each: Mapping[str, int]) -> dict[str, Tally]:
    """So many visits of each kind, by name."""
    visited = {name: site.mailed(number) for name, number in each.items()}
    gate = asyncio.Semaphore(AT_ONCE)

    async def visit(name: str, link: Link) -> None:
        async with gate:
            if name in PROGRAMS:
                await asyncio.to_thread(PROGRAMS[name], link)
            else:
                await SCANNERS[name](browser, link)

    await asyncio.gather(*(visit(name, link) for name, links in visited.items() for link in links))
    await asyncio.sleep(SETTLED)
    return {name: _machine(site, links) for name, links in visited.items()}


def _machine(site: Site, links: Sequence[Link]) -> Tally:
    counted = counting(site.database, links)
    return Tally(
        len(links), left(site.database, links), sum(len(scores) for scores in counted.values())
    )


async def people(site: Site, browser: Browser, each: Mapping[str, int]) -> dict[str, Tally]:
    tallies = {name: Tally() for name in each}
    gate = asyncio.Semaphore(AT_ONCE)

    async def visit(name: str, link: Link) -> None:
        async with gate:
            waiting = asyncio.create_task(_counts(site, link))
            act = await PEOPLE[name](browser, link)
            at = await waiting
        tallies[name].visits += 1
        tallies[name].times.append(None if at is None else at - act)

    await asyncio.gather(
        *(visit(name, link) for name, number in each.items() for link in site.mailed(number))
    )
    return tallies


async def _counts(site: Site, link: Link) -> float | None:
    """When the link's one answer counted; it is looked for until nobody would wait any longer."""
    over = time.monotonic() + 4 * PATIENCE
    while time.monotonic() < over:
        if len(counting(site.database, [link])[link.ask]) == 1:
            return time.monotonic()
        await asyncio.sleep(0.05)
    return None
