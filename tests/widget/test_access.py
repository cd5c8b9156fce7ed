"""Everybody can answer: keyboard only, zoomed, right to left, in forced colours, read aloud."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.accessibility import violations
from tests.widget.conftest import Open, score, until
from tests.widget.service import Service

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def test_it_can_be_answered_with_the_keyboard_alone(open_host: Open, service: Service) -> None:
    page = open_host()
    page.locator("#theirs").focus()
    for key in ["Tab", "Tab", "Space", "ArrowRight", "Tab"]:
        page.keyboard.press(key)
    expect(page.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("By keys")
    for key in ["Tab", "Space", "Tab", "Enter"]:
        page.keyboard.press(key)
    expect(page.locator(".done")).to_be_focused()
    last = service.answers[-1]
    assert (last["score"], last["comment"], last["may_contact"]) == ("1", "By keys", "true")


def test_every_stop_of_the_keyboard_can_be_seen(open_host: Open) -> None:
    page = open_host()
    score(page, 3).click()
    page.locator("#theirs").focus()
    widths = []
    for _ in range(5):
        page.keyboard.press("Tab")
        widths.append(
            page.evaluate(
                "getComputedStyle(document.activeElement.shadowRoot.activeElement).outlineWidth"
            )
        )
    assert widths == ["3px"] * 5


def test_it_is_read_as_a_group_named_by_the_question(open_host: Open) -> None:
    page = open_host(touchpoint="Case 7")
    question = "How likely are you to recommend Acme to a friend or colleague?"
    group = page.get_by_role("region", name="Customer survey").get_by_role("group")
    expect(group).to_have_accessible_name(f"About: Case 7 {question}")
    expect(group).to_have_accessible_description("0 – Not at all likely 10 – Extremely likely")
    expect(group.get_by_role("radio")).to_have_count(11)
    expect(page.get_by_label("Website")).to_have_count(0)
    assert "website" not in page.locator("gensvar-survey").aria_snapshot()


@pytest.mark.parametrize("elsewhere", [False, True])
def test_thanks_are_read_out_where_a_pressed_button_gets_no_focus(
    open_host: Open, *, elsewhere: bool
) -> None:
    """As in Safari; whoever has gone on to the page meanwhile is left there."""
    page = open_host()
    score(page, 9).click()
    page.locator("#theirs").focus()
    if not elsewhere:
        page.locator("#theirs").blur()
    page.locator("#send").evaluate("button => button.click()")
    expect(page.get_by_text("we are glad to hear it")).to_be_visible()
    assert page.evaluate("document.activeElement.localName") == (
        "button" if elsewhere else "gensvar-survey"
    )


def test_closing_gives_the_focus_back(open_host: Open) -> None:
    page = open_host()
    page.locator("#theirs").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#theirs")).to_be_focused()


def test_opened_by_a_button_and_closed_it_gives_the_focus_back(open_host: Open) -> None:
    page = open_host()
    page.evaluate(
        "document.querySelector('#theirs').onclick = () => Gensvar.show({token: 'other.one'})"
    )
    page.locator("#theirs").click()
    expect(page.locator("#theirs")).to_be_focused()
    score(page, 4).click()
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#theirs")).to_be_focused()


def test_the_corner_panel_takes_no_focus_and_leaves_the_page_usable(
    open_host: Open, service: Service
) -> None:
    page = open_host(place="corner")
    assert page.evaluate("document.activeElement === document.body")
    panel = page.get_by_role("region", name="Customer survey")
    box = panel.bounding_box()
    size = page.viewport_size
    assert box
    assert size
    assert size["width"] - box["x"] - box["width"] == pytest.approx(16)
    assert size["height"] - box["y"] - box["height"] == pytest.approx(16)
    page.locator("#theirs").click()
    score(page, 4).focus()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(page.locator("#theirs")).to_be_focused()
    until(page, lambda: "declined" in service.events)


def test_escape_in_the_page_closes_nothing(open_host: Open) -> None:
    page = open_host()
    score(page, 4).focus()
    page.keyboard.press("Escape")
    expect(score(page, 4)).to_be_visible()


@pytest.mark.parametrize("locale", ["en", "fi", "pl", "ar"])
@pytest.mark.parametrize("place", [None, "corner"])
def test_at_320_pixels_nothing_is_cut_off_and_targets_are_large(
    open_host: Open, page: Page, locale: str, place: str | None
) -> None:
    """320 pixels are also what 400 % zoom leaves of 1280."""
    page.set_viewport_size({"width": 320, "height": 256})
    open_host(locale=locale, company=LONG[:80], place=place)
    score(page, 10).scroll_into_view_if_needed()
    score(page, 10).click()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.locator(".gensvar").evaluate("card => card.scrollWidth <= card.clientWidth")
    page.locator("#send").scroll_into_view_if_needed()
    expect(page.locator("#send")).to_be_in_viewport()
    sizes = page.locator("gensvar-survey :is(button, .scale input, label:has(input))").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect()).map(box => Math.min(box.width, box.height))"
    )
    assert len(sizes) == 26
    assert min(sizes) >= 40


def test_with_large_text_it_grows_along(open_host: Open, page: Page) -> None:
    client = page.context.new_cdp_session(page)
    client.send("Page.setFontSizes", {"fontSizes": {"standard": 32}})
    open_host()
    box = score(page, 0).bounding_box()
    assert box
    assert box["height"] >= 80
    assert page.locator(".gensvar").evaluate("card => card.scrollWidth <= card.clientWidth")


def test_right_to_left_is_the_mirror(open_host: Open) -> None:
    page = open_host(locale="ar")
    left = "element => element.getBoundingClientRect().x"
    assert score(page, 0).evaluate(left) > score(page, 10).evaluate(left)
    assert page.locator(".close").evaluate(left) < page.locator(".question").evaluate(left)


def test_in_forced_colours_the_choice_can_be_told(open_host: Open, page: Page) -> None:
    page.emulate_media(forced_colors="active")
    open_host()
    score(page, 6).click()
    page.mouse.move(0, 0)
    background = "input => getComputedStyle(input).backgroundColor"
    chosen = score(page, 6).evaluate(background)
    assert chosen != score(page, 5).evaluate(background)
    assert violations(page) == []


def test_nothing_moves(open_host: Open) -> None:
    page = open_host()
    score(page, 6).click()
    assert page.evaluate("document.getAnimations().length") == 0


def test_dark_pages_get_a_dark_question(open_host: Open, page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    open_host()
    assert page.locator(".gensvar").evaluate(
        "card => getComputedStyle(card).backgroundColor.match(/\\d+/g).every(part => part < 60)"
    )
    score(page, 6).click()
    assert violations(page) == []
