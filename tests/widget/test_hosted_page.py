"""The survey as a page of ours: with its script, and without any."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.accessibility import violations
from tests.widget.conftest import TOKEN, Open, score, settled, until
from tests.widget.service import Service
from widget.question import Filled


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A page in which no script runs."""
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(5_000)
    yield context.new_page()
    context.close()


def test_it_stores_and_thanks_like_the_embedded_one(open_page: Open, service: Service) -> None:
    page = open_page(company="Acme")
    until(page, lambda: service.events == ["shown"])
    score(page, 3).click()
    until(page, lambda: service.answers)
    page.get_by_role("textbox").fill("Slow")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("get back to you")).to_be_visible()
    assert [answer.get("comment") for answer in service.answers] == [None, "Slow"]
    assert service.answers[0]["token"] == TOKEN


def test_it_obeys_its_own_strict_policy(open_page: Open, page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    open_page("sv", company="Acme")
    score(page, 3).click()
    settled(page)
    assert [line for line in said if "favicon" not in line] == []
    assert (
        page.evaluate("document.querySelectorAll('style, script:not([src]), [style]').length") == 0
    )


def test_a_preselected_score_is_stored_only_by_the_customers_own_act(
    open_page: Open, service: Service
) -> None:
    page = open_page(filled=Filled(score=9))
    expect(score(page, 9)).to_be_checked()
    score(page, 9).focus()
    page.keyboard.press("Tab")
    page.goto("about:blank")
    settled(page)
    assert service.answers == []
    open_page(filled=Filled(score=9))
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("we are glad to hear it")).to_be_visible()
    assert service.answers[0]["score"] == "9"


def test_what_was_chosen_on_the_page_is_not_undone_by_its_address(
    open_page: Open, service: Service
) -> None:
    """A reload asks for the survey, and no longer for the score of the mail's link."""
    page = open_page(filled=Filled(score=9))
    page.goto(f"{service.url}/s/{TOKEN}?score=9")
    score(page, 8).click()
    expect(page).to_have_url(f"{service.url}/s/{TOKEN}")


def test_an_earlier_comment_is_there_to_be_changed(open_page: Open, service: Service) -> None:
    page = open_page(filled=Filled(4, "Was slow", may_contact=False))
    expect(page.get_by_role("textbox")).to_have_value("Was slow")
    expect(page.get_by_role("radio", name="No")).to_be_checked()
    score(page, 5).click()
    until(page, lambda: service.answers)
    assert service.answers[0]["comment"] == "Was slow"
    assert service.answers[0]["may_contact"] == "false"


def test_without_script_it_is_a_form(plain_page: Page, service: Service) -> None:
    plain_page.goto(f"{service.url}/s/{TOKEN}")
    expect(plain_page.get_by_role("button", name="Send")).to_be_hidden()
    score(plain_page, 3).check()
    plain_page.get_by_label("What is the main reason for your score?").fill("Slow")
    plain_page.get_by_role("radio", name="Yes").check()
    plain_page.get_by_role("button", name="Send").click()
    expect(plain_page.get_by_role("heading")).to_have_text("Thank you for being open with us.")
    (answer,) = service.answers
    assert answer == {
        "token": TOKEN,
        "evidence": "",
        "score": "3",
        "comment": "Slow",
        "may_contact": "true",
        "website": "",
    }


def test_if_its_script_does_not_come_it_is_still_a_form(
    open_page: Open, page: Page, service: Service
) -> None:
    page.route("**/page.js", lambda route: route.abort())
    open_page()
    score(page, 8).click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading")).to_be_visible()
    assert service.answers[0]["score"] == "8"


def test_browsers_that_know_no_has_see_the_whole_form(open_page: Open, page: Page) -> None:
    """What cannot be folded away is shown: the rule that folds is alone in its block."""
    page.route(
        "**/page.css",
        lambda route: route.fulfill(
            body=route.fetch().text().replace(":has(", ":unknown("), content_type="text/css"
        ),
    )
    open_page()
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    expect(page.get_by_label("What is the main reason for your score?")).to_be_visible()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("button", name="Send")).to_be_visible()


def test_what_was_wrong_is_said_on_top(plain_page: Page, service: Service) -> None:
    service.asked = {"problem": "score_missing"}
    plain_page.goto(f"{service.url}/s/{TOKEN}")
    expect(plain_page.get_by_role("alert")).to_contain_text("Your score is missing")


@pytest.mark.parametrize("width", [320, 1000])
def test_another_measure_works_and_fits_like_it(
    open_page: Open, service: Service, page: Page, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    open_page("sv", kind="csat", touchpoint="ditt ärende")
    expect(page.get_by_role("group", name="Hur nöjd var du med ditt ärende?")).to_be_visible()
    assert page.get_by_role("radio").filter(visible=True).count() == 5
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    wide, scale = (
        page.locator(name).bounding_box() for name in (".scale label:last-child", ".scale")
    )
    assert wide is not None
    assert scale is not None
    assert wide["x"] + wide["width"] == pytest.approx(scale["x"] + scale["width"], abs=1)
    page.get_by_role("radio", name="2", exact=True).click()
    until(page, lambda: service.answers)
    expect(page.get_by_text("Vad är den främsta orsaken till ditt betyg?")).to_be_visible()
    page.get_by_role("button", name="Skicka").click()
    expect(page.get_by_text("Tack för ditt svar.")).to_be_visible()
    assert service.answers[0]["score"] == "2"
