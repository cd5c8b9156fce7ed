"""Machines that are browsers: they run the page's script, wait, press, type and submit."""

from collections.abc import Awaitable, Callable, Mapping

from playwright.async_api import Browser, Page

from bench.support.visits.links import Link
from bench.support.visits.programs import BROWSER

Scan = Callable[[Browser, Link], Awaitable[None]]
PATIENCE = 15_000  # milliseconds


async def opened(browser: Browser, address: str, agent: str = BROWSER) -> Page:
    context = await browser.new_context(user_agent=agent)
    context.set_default_timeout(PATIENCE)
    page = await context.new_page()
    await page.goto(address)
    return page


async def waits(browser: Browser, link: Link) -> None:
    """Runs the script, scrolls and looks."""
    page = await opened(browser, link.of(0))
    await page.mouse.wheel(0, 400)
    await page.wait_for_timeout(1500)
    await page.context.close()


async def presses_all(browser: Browser, link: Link) -> None:
    """After a while every control is pressed by a script, in the order of the page."""
    page = await opened(browser, link.of(2))
    await page.wait_for_timeout(1500)
    await page.evaluate(
        "document.querySelectorAll('a, button, input, textarea, label').forEach((e) => e.click())"
    )
    await page.wait_for_timeout(300)
    await page.context.close()


async def submits(browser: Browser, link: Link) -> None:
    """After a while the page's own form is submitted by a script, past the page's script."""
    page = await opened(browser, link.of(1))
    await page.wait_for_timeout(1800)
    send = "HTMLFormElement.prototype.requestSubmit.call(document.querySelector('.gensvar form'))"
    await page.evaluate(send)
    await page.wait_for_timeout(300)
    await page.context.close()


async def clicks_at_once(browser: Browser, link: Link) -> None:
    """Clicks and types that the browser vouches for, without any pause."""
    page = await opened(browser, link.of(4))
    await page.get_by_role("radio", name="2", exact=True).click()
    await page.get_by_role("textbox").press_sequentially("Looks dangerous")
    await page.get_by_role("button", name="Send").click()
    await page.wait_for_timeout(300)
    await page.context.close()


async def clicks_everything(browser: Browser, link: Link) -> None:
    """With patience at first: then whatever can be seen is clicked, one after the other."""
    page = await opened(browser, link.of())
    await page.wait_for_timeout(1500)
    for control in await page.locator("label:visible, button:visible").all():
        await control.click(no_wait_after=True)
    await page.wait_for_timeout(300)
    await page.context.close()


async def without_a_screen(browser: Browser, link: Link) -> None:
    """A patient browser that says it has no screen."""
    agent = (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0.0.0 Safari/537.36"
    )
    page = await opened(browser, link.of(3), agent)
    await page.wait_for_timeout(1500)
    await page.get_by_role("button", name="Send").click()
    await page.wait_for_timeout(300)
    await page.context.close()


async def many_tabs(browser: Browser, link: Link) -> None:
    """Every link in a tab of its own, and in each the answer is sent by a click after a while."""
    pages = [await opened(browser, link.of(score)) for score in (0, 5, 10)]
    await pages[0].wait_for_timeout(1200)
    for page in pages:
        await page.get_by_role("button", name="Send").click()
    await pages[0].wait_for_timeout(300)
    for page in pages:
        await page.context.close()


SCANNERS: Mapping[str, Scan] = {
    "runs script and waits": waits,
    "presses everything by script": presses_all,
    "submits the form by script": submits,
    "clicks and types at once": clicks_at_once,
    "clicks everything it sees": clicks_everything,
    "a browser without a screen": without_a_screen,
    "every link in a tab": many_tabs,
}
