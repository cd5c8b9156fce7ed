"""The application and a host page, played over real HTTP, and what a customer does with them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.widget.service import Host, Service, running, strict_policy
from widget.snippet import snippet

TOKEN = "made-up.token"
Open = Callable[..., Page]

expect.set_options(timeout=5_000)


@pytest.fixture
def sites() -> Iterator[tuple[Service, Host]]:
    with running() as both:
        yield both


@pytest.fixture
def service(sites: tuple[Service, Host]) -> Service:
    return sites[0]


@pytest.fixture
def host(sites: tuple[Service, Host]) -> Host:
    """The host's origin, under a policy that names ours and nothing else."""
    sites[1].policy = strict_policy(sites[0].url)
    return sites[1]


@pytest.fixture
def embed(service: Service) -> Callable[..., str]:
    """The snippet as the application gives it out."""

    def make(**given: Any) -> str:
        return snippet(service.url, TOKEN, **({"locale": "en", "company": "Acme"} | given))

    return make


@pytest.fixture
def open_host(page: Page, host: Host, embed: Callable[..., str]) -> Open:
    """Opens a host page that carries the snippet, and waits for the question."""

    def go(head: str = "", before: str = "", after: str = "", **given: Any) -> Page:
        host.pages["/"] = (
            f"<!doctype html><html lang=en><head><title>Orders</title>{head}</head>"
            f"<body><h1>Orders</h1><button id=theirs>Theirs</button>{before}{embed(**given)}"
            f"<p>After it.</p>{after}</body></html>"
        )
        page.goto(host.url)
        expect(score(page, 0)).to_be_visible()
        return page

    return go


@pytest.fixture
def open_page(page: Page, service: Service) -> Open:
    """Opens our own page with the question."""

    def go(locale: str = "en", **asked: Any) -> Page:
        service.locale, service.asked = locale, asked
        page.goto(f"{service.url}/s/{TOKEN}")
        return page

    return go


def score(page: Page, number: int) -> Locator:
    return page.get_by_role("radio", name=str(number), exact=True)


def until(page: Page, happened: Callable[[], Any], seconds: float = 4) -> None:
    """Waits for something outside the browser."""
    for _ in range(int(seconds * 50)):
        if happened():
            return
        page.wait_for_timeout(20)
    pytest.fail("it did not happen in time")


def settled(page: Page) -> None:
    """Long enough for anything that is going to be sent to have been sent."""
    page.wait_for_timeout(250)
