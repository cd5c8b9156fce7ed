"""The line about a change in a host's page: seen before it is shown, shown once, closed by hand, plain for ever."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.accessibility import violations
from tests.widget.conftest import TOKEN, settled, until
from tests.widget.service import Host, Service
from widget.snippet import notice

TITLE, TEXT = "We answer faster now", "Two more colleagues answer.\n\nWithin four hours."
HOSTILE = "</script><img src=x onerror=alert(1)> \"'&{{7*7}} {company}"
TALL = "<br>" * 100
Put = Callable[..., Page]


@pytest.fixture
def put(page: Page, host: Host, service: Service) -> Put:
    """Opens a host page that carries the line."""

    def go(
        before: str = "", more: str = "", title: str = TITLE, text: str = TEXT, locale: str = "en"
    ) -> Page:
        line = notice(service.url, TOKEN, locale=locale, title=title, text=text)
        line = line.replace("data-token", f"{more} data-token")
        host.pages["/"] = (
            "<!doctype html><html lang=en><head><title>Orders</title></head><body><h1>Orders</h1>"
            f"<button id=theirs>Theirs</button>{before}<div id=here>{line}</div><p>After it.</p></body></html>"
        )
        page.goto(host.url)
        return page

    return go


def line(page: Page) -> Locator:
    return page.get_by_role("region", name="A message for you")


def test_it_is_shown_as_text_and_said_to_be_seen(put: Put, service: Service) -> None:
    page = put()
    expect(line(page).get_by_text(TITLE)).to_be_visible()
    expect(line(page).get_by_text("Within four hours.")).to_be_visible()
    assert (
        page.evaluate("document.querySelector('script').nextSibling.localName") == "gensvar-notice"
    )
    (seen,) = (r for r in service.requests if r.path == "/api/v1/asks/events")
    assert (seen.form, seen.headers.get("cookie")) == ({"token": TOKEN, "event": "shown"}, None)
    assert page.evaluate("document.activeElement.localName") == "body", "it takes no focus"
    settled(page)
    assert service.events == ["shown"]


def test_what_is_out_of_sight_is_not_seen(put: Put, service: Service) -> None:
    page = put(TALL)
    page.wait_for_selector("gensvar-notice", state="attached")
    settled(page)
    assert service.events == []
    expect(page.get_by_text(TITLE)).not_to_be_visible()
    page.locator("#here").scroll_into_view_if_needed()
    page.mouse.wheel(0, 400)
    expect(line(page)).to_be_visible()
    assert service.events == ["shown"]


def test_magnified_until_half_of_it_fits_nowhere_it_is_shown_all_the_same(
    put: Put, page: Page, service: Service
) -> None:
    """At 400 % a window is 320 by 256 pixels, and the longest text is taller than two of them."""
    page.set_viewport_size({"width": 320, "height": 256})
    put(TALL, text="Two more colleagues answer. " * 17)
    page.wait_for_selector("gensvar-notice", state="attached")
    settled(page)
    assert service.events == []
    page.locator("#here").scroll_into_view_if_needed()
    page.mouse.wheel(0, 200)
    expect(line(page)).to_be_visible()
    assert service.events == ["shown"]


@pytest.mark.parametrize("status", [200, 410, 503])
def test_nothing_is_shown_that_the_server_does_not_let(
    put: Put, service: Service, status: int
) -> None:
    service.to_events = status
    page = put()
    until(page, lambda: service.events)
    expect(page.locator("gensvar-notice")).to_have_count(0)
    expect(page.get_by_text(TITLE)).to_have_count(0)


def test_closed_it_goes_and_says_so(put: Put, service: Service) -> None:
    page = put()
    line(page).get_by_role("button", name="Close").click()
    expect(page.locator("gensvar-notice")).to_have_count(0)
    until(page, lambda: service.events == ["shown", "declined"])


def test_by_keyboard_alone_and_the_focus_goes_back(put: Put, service: Service) -> None:
    page = put()
    expect(line(page)).to_be_visible()
    page.evaluate("window.heard = []; document.addEventListener('keydown', e => heard.push(e.key))")
    page.locator("#theirs").focus()
    page.keyboard.press("Tab")
    expect(line(page).get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("gensvar-notice")).to_have_count(0)
    assert page.evaluate("document.activeElement.id") == "theirs"
    assert page.evaluate("heard") == ["Tab"], "its keys stay with it"
    until(page, lambda: service.events == ["shown", "declined"])


def test_markup_in_it_is_text_and_the_strictest_policy_holds(
    put: Put, page: Page, host: Host, service: Service
) -> None:
    host.policy += "; require-trusted-types-for 'script'; trusted-types 'none'"
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    put(title=HOSTILE, text=HOSTILE)
    expect(line(page).get_by_text(HOSTILE)).to_have_count(2)
    assert page.locator("gensvar-notice img").count() == 0
    padding = line(page).evaluate("element => getComputedStyle(element).paddingLeft")
    assert padding == "16px", "its style is there"
    assert [line for line in said if "favicon" not in line] == []
    left = page.evaluate(
        "[document.cookie, localStorage.length + sessionStorage.length, 'Gensvar' in window]"
    )
    assert left == ["", 0, False]
    loaded = [r.path for r in service.requests if r.path != "/api/v1/asks/events"]
    assert loaded == ["/v1/notice.en.js"]


def test_included_twice_it_is_there_once(put: Put, service: Service) -> None:
    again = notice(service.url, TOKEN, locale="en", title=TITLE, text=TEXT)
    page = put(before=again)
    expect(line(page)).to_be_visible()
    settled(page)
    expect(page.locator("gensvar-notice")).to_have_count(1)
    assert service.events == ["shown"]


def test_in_the_corner_it_is_always_in_view(put: Put, service: Service) -> None:
    page = put(TALL, more="data-place=corner")
    expect(line(page)).to_be_in_viewport()
    assert service.events == ["shown"]


def test_without_its_texts_it_says_so_in_the_console(
    page: Page, host: Host, service: Service
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    src = f"{service.url}/v1/notice.en.js"
    host.pages["/"] = f"<!doctype html><title>t</title><body><script src='{src}'></script>"
    page.goto(host.url)
    until(page, lambda: said)
    assert "data-token" in said[-1]
    expect(page.locator("gensvar-notice")).to_have_count(0)


@pytest.mark.parametrize(("scheme", "locale"), [("light", "sv"), ("dark", "ar")])
def test_it_can_be_read_and_heard(put: Put, page: Page, scheme: str, locale: str) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.set_viewport_size({"width": 320, "height": 640})
    text = "نص طويل " * 30 if locale == "ar" else "Rindfleischetikettierungsüberwachung" * 6
    put(locale=locale, text=text)
    close = page.get_by_role("button")
    expect(page.locator("gensvar-notice").get_by_role("button")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    box = close.last.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    assert (box["x"] < 160) == (locale == "ar"), "the button is at the end of the line"
    expect(page.locator("gensvar-notice").get_by_role("status")).to_contain_text(text[:20])
    card = page.locator("gensvar-notice section")
    assert card.get_attribute("dir") == ("rtl" if locale == "ar" else "ltr")


def test_without_script_there_is_nothing(browser: Browser, host: Host, service: Service) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    line = notice(service.url, TOKEN, locale="en", title=TITLE, text=TEXT)
    host.pages["/"] = f"<!doctype html><title>t</title><body>{line}"
    page.goto(host.url)
    assert page.inner_text("body").strip() == ""
    assert service.requests == []
    context.close()
