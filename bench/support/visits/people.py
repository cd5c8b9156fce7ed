"""People who answer: with a thumb, a mouse, a keyboard, a screen reader, without script, after a scanner."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page

from bench.support.visits import programs
from bench.support.visits.links import Link

Person = Callable[[Browser, Link], Awaitable[float]]
PHONE = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36"
)
DESK = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36"
)
PATIENCE = 15_000
HERS = "Object.defineProperty(Navigator.prototype, 'webdriver', {get: () => false})"
dice = random.Random(4)


async def sits_down(browser: Browser, address: str, **how: Any) -> Page:
    """A browser of her own, which nobody drives."""
    context: BrowserContext = await browser.new_context(**{"user_agent": DESK, **how})
    context.set_default_timeout(PATIENCE)
    if how.get("java_script_enabled", True):
        await context.add_init_script(HERS)
    page = await context.new_page()
    await page.goto(address)
    return page


async def pause(least: float, most: float) -> None:
    await asyncio.sleep(dice.uniform(least, most))


async def leaves(page: Page) -> None:
    await page.wait_for_timeout(150)
    await page.context.close()


def now() -> float:
    """The moment of the act that is to count."""
    return time.monotonic()


def score(page: Page, number: int) -> Any:
    return page.get_by_role("radio", name=str(number), exact=True)


def send(page: Page) -> Any:
    return page.get_by_role("button", name="Send")


async def taps(browser: Browser, link: Link) -> float:
    """On a phone: the score was chosen in the mail, one tap on send follows at once."""
    page = await sits_down(
        browser,
        link.of(dice.randrange(11)),
        user_agent=PHONE,
        viewport={"width": 400, "height": 800},
        has_touch=True,
        is_mobile=True,
    )
    await pause(1.0, 2.0)
    act = now()
    await send(page).tap()
    await leaves(page)
    return act


async def clicks(browser: Browser, link: Link) -> float:
    """With a mouse, and a comment."""
    page = await sits_down(browser, link.of())
    await pause(1.2, 2.0)
    act = now()
    await score(page, dice.randrange(11)).click(delay=60)
    await pause(0.4, 0.8)
    await page.get_by_role("textbox").press_sequentially("Too slow", delay=45)
    await send(page).click(delay=60)
    await leaves(page)
    return act


async def types(browser: Browser, link: Link) -> float:
    """With the keyboard alone."""
    page = await sits_down(browser, link.of())
    await pause(1.0, 1.5)
    await page.keyboard.press("Tab")
    for _ in range(dice.randrange(1, 5)):
        await page.keyboard.press("ArrowRight")
        await pause(0.1, 0.25)
    for _ in range(3):
        await page.keyboard.press("Tab")
        await pause(0.1, 0.25)
    act = now()
    await page.keyboard.press("Enter")
    await leaves(page)
    return act


async def listens(browser: Browser, link: Link) -> float:
    """As a screen reader does it: it sets the focus, and Enter chooses."""
    page = await sits_down(browser, link.of())
    await pause(1.5, 2.5)
    await score(page, dice.randrange(11)).focus()
    act = now()
    await page.keyboard.press("Enter")
    await pause(0.5, 1.0)
    await send(page).focus()
    await page.keyboard.press("Enter")
    await leaves(page)
    return act


async def without_script(browser: Browser, link: Link) -> float:
    page = await sits_down(browser, link.of(), java_script_enabled=False)
    await pause(1.0, 2.0)
    await score(page, dice.randrange(11)).check()
    await pause(0.5, 1.0)
    act = now()
    await send(page).click(delay=60)
    await leaves(page)
    return act


async def in_a_plain_browser(browser: Browser, link: Link) -> float:
    """An old browser that vouches for nothing, without script."""
    del browser

    def reads() -> float:
        asking = programs.session("Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1)")
        form = programs.page(asking, link.of(dice.randrange(11))).survey
        time.sleep(dice.uniform(2.0, 3.0))
        act = now()
        programs.submit(asking, form, form.fields)
        return act

    return await asyncio.to_thread(reads)


async def colleagues(browser: Browser, link: Link) -> float:
    """Behind the same address as hundreds of others, and as a scanner that is at work on other mails."""
    page = await sits_down(
        browser,
        link.of(8),
        extra_http_headers={"X-Forwarded-For": "203.0.113.9", "Via": "1.1 proxy"},
    )
    await pause(1.2, 1.8)
    act = now()
    await send(page).click(delay=60)
    await leaves(page)
    return act


async def corrects(browser: Browser, link: Link) -> float:
    """Another score two seconds later."""
    page = await sits_down(browser, link.of())
    await pause(1.0, 1.5)
    await score(page, 2).click(delay=60)
    await pause(1.8, 2.2)
    act = now()
    await score(page, 9).click(delay=60)
    await pause(0.3, 0.5)
    await send(page).click(delay=60)
    await leaves(page)
    return act


async def reloads(browser: Browser, link: Link) -> float:
    """Opens, reloads, goes back and forth, and answers then."""
    page = await sits_down(browser, link.of(3))
    await page.reload()
    await page.goto(link.of(7))
    await page.go_back()
    await pause(1.0, 1.5)
    act = now()
    await send(page).dblclick(delay=60)
    await leaves(page)
    return act


async def after_the_scanner(browser: Browser, link: Link) -> float:
    """A scanner has fetched, opened, pressed and sent everything, right before."""
    await asyncio.to_thread(programs.all_links_by_get, link)
    await asyncio.to_thread(programs.every_form_at_once, link)
    return await taps(browser, link)


PEOPLE: Mapping[str, Person] = {
    "a thumb on a phone": taps,
    "a mouse": clicks,
    "the keyboard alone": types,
    "a screen reader": listens,
    "without script": without_script,
    "without script, an old browser": in_a_plain_browser,
    "colleagues behind one address": colleagues,
    "a correction": corrects,
    "reload, back, double click": reloads,
    "after the scanner": after_the_scanner,
}
