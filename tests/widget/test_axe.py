"""What axe finds in the question, in every language and state: nothing. All on one page of the browser, because a new
one with axe in it takes longer than looking; each test's servers are an origin of their own."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, Page

from tests.support.accessibility import prepared, violations
from tests.widget.conftest import Open, score
from tests.widget.service import Service
from widget import page as pages
from widget.locales import available


@pytest.fixture(scope="module")
def kept(browser: Browser) -> Iterator[Page]:
    with browser.new_context() as context:
        context.set_default_timeout(10_000)
        yield prepared(context.new_page())


@pytest.fixture
def page(kept: Page) -> Iterator[Page]:
    """In place of a clean one, and left as it was found; no script may fail in it unnoticed."""
    errors: list[str] = []

    def note(error: Error) -> None:
        errors.append(str(error))

    kept.on("pageerror", note)
    yield kept
    kept.remove_listener("pageerror", note)
    kept.mouse.move(0, 0)
    kept.emulate_media(color_scheme="null")
    assert not errors, errors


@pytest.mark.parametrize("locale", available())
def test_axe_finds_nothing_in_the_embedded_question(open_host: Open, locale: str) -> None:
    page = open_host(locale=locale, touchpoint="your support case")
    assert violations(page) == []
    score(page, 2).click()
    page.locator(".status").filter(has_text=".").wait_for()
    assert violations(page) == []
    page.locator("#send").click()
    page.locator(".done").wait_for()
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en", "ar", "pl"])
def test_axe_finds_nothing_on_our_pages(
    open_page: Open, page: Page, service: Service, locale: str, scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    open_page(locale, company="Acme", touchpoint="Case 7", problem="score_missing")
    assert violations(page) == []
    score(page, 2).click()
    assert violations(page) == []
    service.said["made-up.token"] = "2"
    page.reload()
    assert violations(page) == []


@pytest.mark.parametrize("locale", available())
@pytest.mark.parametrize("code", ["already_answered", "link_expired", "link_invalid", "opted_out"])
def test_axe_finds_nothing_on_a_refusal(page: Page, locale: str, code: str) -> None:
    page.goto("about:blank")
    page.set_content(pages.refused(locale=locale, code=code, company="Acme"))
    assert violations(page) == []
