"""A customer meets the line on the demo's host page, under its strict content policy, and never again."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from plugin.operate.demo.host import Host, create_host
from plugin.operate.demo.people import Customer
from plugin.touchpoints.store import touchpoint
from tests.messages.telling import Telling, telling
from tests.support.surveys import HUB, settings, world

ANNA = Customer(
    key="hubspot/anna",
    crm="hubspot",
    installation=HUB,
    name="Anna Åberg",
    company="Björk",
    language="Swedish",
    named="101",
    locale="sv",
    record_url="http://crm.test/101",
    task_for="Nobody",
)


@pytest.mark.sqlite
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_she_is_told_once(page: Page, database_url: str) -> None:
    with listening() as ours, listening() as hosts:
        shop = f"http://127.0.0.1:{hosts.server_port}"
        base = f"http://127.0.0.1:{ours.server_port}"
        made = world(settings(database_url, base_url=base, allowed_origins=(shop,)))
        ours.app = made.app
        with closing(made.shared.database):
            told = telling(made)
            add_touchpoint(told)
            hosts.app = create_host(Host(base, {HUB: told.key}, [ANNA]))
            one = told.waits()
            look(page, shop, told, one)


def add_touchpoint(told: Telling) -> None:
    """The one that the host asks about."""
    now = told.world.clock.now()
    row = {"key": "support-case", "name": "Support case closed", "kind": "transactional"}
    told.world.write(touchpoint.insert().values(**row, stage="contact", created_at=now))


def look(page: Page, shop: str, told: Telling, one: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(shop)
    line = page.locator("#notice").get_by_role("region", name="Ett meddelande till dig")
    expect(line).to_contain_text("Snabbare nu")
    expect(page.locator("#not-asked")).to_be_visible()
    assert told.row(one)["state"] == "told"
    line.get_by_role("button", name="Stäng").click()
    expect(line).to_have_count(0)
    page.goto(shop)
    expect(page.locator("#not-asked")).to_be_visible()
    expect(page.locator("#notice")).to_have_count(0)
    assert told.row(one)["dismissed_at"] is not None
    assert [text for text in said if "favicon" not in text] == []


@contextmanager
def listening() -> Iterator[Any]:
    """A server whose application is given to it when its address is known."""
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
