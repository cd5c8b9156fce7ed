"""A customer answers in the host page: what is stored, and when."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.widget.conftest import TOKEN, Open, score, settled, until
from tests.widget.service import Reply, Service


def test_a_click_is_stored_at_once(open_host: Open, service: Service) -> None:
    page = open_host()
    score(page, 9).click()
    until(page, lambda: service.answers)
    (answer,) = service.answers
    assert answer == {"token": TOKEN, "score": "9"}


@pytest.mark.parametrize("key", ["Space", "Enter"])
def test_a_key_that_chooses_is_stored_at_once(open_host: Open, service: Service, key: str) -> None:
    page = open_host()
    score(page, 0).focus()
    page.keyboard.press(key)
    until(page, lambda: service.answers, 1)
    assert service.answers[0]["score"] == "0"
    expect(page.get_by_role("button", name="Send")).to_be_visible()


def test_a_touch_is_stored_at_once(open_page: Open, service: Service, page: Page) -> None:
    client = page.context.new_cdp_session(page)
    client.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    open_page()
    box = score(page, 4).bounding_box()
    assert box
    point = [{"x": box["x"] + 9, "y": box["y"] + 9}]
    client.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": point})
    client.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    until(page, lambda: service.answers)
    assert service.answers[0]["score"] == "4"
    assert "touch" in service.answers[0]["evidence"]


def test_arrow_keys_only_select_until_two_seconds_of_rest(
    open_host: Open, service: Service
) -> None:
    page = open_host()
    page.clock.install()
    score(page, 0).focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
        page.clock.run_for(1500)
    settled(page)
    assert service.answers == []
    page.clock.run_for(600)
    until(page, lambda: service.answers)
    assert [answer["score"] for answer in service.answers] == ["6"]


@pytest.mark.parametrize("leave", ["Tab", "pointer", "Space", "Enter"])
def test_leaving_or_confirming_after_arrow_keys_stores_at_once(
    open_host: Open, service: Service, leave: str
) -> None:
    page = open_host()
    score(page, 0).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    if leave == "pointer":
        page.locator("h1").click()
    else:
        page.keyboard.press(leave)
    until(page, lambda: service.answers, 1)
    assert [answer["score"] for answer in service.answers] == ["2"]


def test_send_after_arrow_keys_stores_and_thanks(open_host: Open, service: Service) -> None:
    page = open_host()
    score(page, 0).focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Thank you for being open with us.")).to_be_visible()
    assert [answer["score"] for answer in service.answers] == ["1"]


def test_a_changed_mind_is_a_revision(open_host: Open, service: Service) -> None:
    page = open_host()
    score(page, 9).click()
    until(page, lambda: service.answers)
    score(page, 8).click()
    until(page, lambda: len(service.answers) == 2)
    assert [answer["score"] for answer in service.answers] == ["9", "8"]


def test_a_comment_is_stored_when_the_field_is_left(open_host: Open, service: Service) -> None:
    page = open_host()
    score(page, 3).click()
    page.get_by_label("What is the main reason, and what should we do better?").fill("Slow\nand å")
    page.locator("h1").click()
    until(page, lambda: len(service.answers) == 2)
    assert service.answers[1]["comment"] == "Slow\nand å"
    assert service.answers[1]["score"] == "3"


def test_no_comment_is_said_until_there_was_one_and_an_emptied_one_is(
    open_host: Open, service: Service
) -> None:
    page = open_host()
    score(page, 3).click()
    comment = page.get_by_role("textbox")
    comment.fill("Slow")
    comment.blur()
    comment.fill("")
    comment.blur()
    until(page, lambda: len(service.answers) == 3)
    assert [answer.get("comment") for answer in service.answers] == [None, "Slow", ""]


def test_the_wish_not_to_be_contacted_is_stored_and_kept(open_host: Open, service: Service) -> None:
    page = open_host()
    score(page, 2).click()
    page.get_by_role("radio", name="No").click()
    until(page, lambda: service.answers and service.answers[-1].get("may_contact") == "false")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("we will not contact you about it")).to_be_visible()


@pytest.mark.parametrize(
    ("number", "asked"),
    [(6, "What is the main reason"), (7, "What is missing"), (9, "What do you value most?")],
)
def test_the_comment_is_asked_for_by_category(open_host: Open, number: int, asked: str) -> None:
    page = open_host()
    score(page, number).click()
    expect(page.locator(".why")).to_contain_text(asked)


def test_the_reply_can_bring_an_administrators_wording(open_host: Open, service: Service) -> None:
    said = {"follow_up_question": "Why <b>5</b>?", "thanks": "Ta!", "next": "Anna reads it today."}
    service.replies = [Reply(201, said), Reply(200, said)]
    page = open_host()
    score(page, 5).click()
    page.get_by_label("Why <b>5</b>?").fill("Because")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Ta!")).to_be_visible()
    expect(page.get_by_text("Anna reads it today.")).to_be_visible()


def test_an_administrators_wording_stays_when_the_same_score_is_pressed_again(
    open_host: Open, service: Service
) -> None:
    service.replies = [Reply(201, {"follow_up_question": "Why 5?", "thanks": "Ta!"})]
    page = open_host()
    score(page, 5).click()
    page.get_by_label("Why 5?").wait_for()
    score(page, 5).click()
    page.get_by_label("Why 5?").wait_for()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Ta!")).to_be_visible()


def test_wording_for_a_score_no_longer_chosen_is_not_used(
    open_host: Open, service: Service
) -> None:
    service.replies = [Reply(201, {"follow_up_question": "Why so low?"}, delay=0.3)]
    page = open_host()
    score(page, 1).click()
    score(page, 10).click()
    until(page, lambda: len(service.answers) == 2)
    settled(page)
    expect(page.locator(".why")).to_have_text("What do you value most?")


@pytest.mark.parametrize("leave", ["close the tab", "navigate", "Turbo"])
def test_a_comment_is_not_lost_when_the_customer_leaves(
    open_host: Open, service: Service, leave: str
) -> None:
    page = open_host()
    score(page, 3).click()
    until(page, lambda: service.answers)
    page.get_by_role("textbox").press_sequentially("On my way")
    if leave == "close the tab":
        other = page.context.new_page()
        page.close(run_before_unload=True)
        page = other
    elif leave == "navigate":
        page.goto("about:blank")
    else:
        page.evaluate("document.body.replaceWith(document.createElement('body'))")
    until(page, lambda: len(service.answers) == 2)
    assert service.answers[1]["comment"] == "On my way"


def test_nothing_is_sent_twice_however_often_it_is_pressed(
    open_host: Open, service: Service
) -> None:
    service.replies = [Reply(201, delay=0.5)]
    page = open_host()
    score(page, 8).dblclick()
    send = page.locator("#send")
    send.click(click_count=4)
    expect(send).to_have_text("Sending…")
    expect(page.get_by_text("Thank you for your answer.")).to_be_visible()
    assert len(service.answers) == 1


def test_shown_is_reported_once_the_question_is_in_view(open_host: Open, service: Service) -> None:
    page = open_host(before="<div style='height:1px'></div>" + "<br>" * 300)
    settled(page)
    assert service.events == []
    score(page, 0).scroll_into_view_if_needed()
    until(page, lambda: service.events)
    page.mouse.wheel(0, -9000)
    page.mouse.wheel(0, 9000)
    settled(page)
    assert service.events == ["shown"]
    assert service.answers == []


def test_closing_unanswered_is_a_decline_and_closing_answered_is_not(
    open_host: Open, service: Service
) -> None:
    page = open_host()
    page.get_by_role("button", name="Close").click()
    until(page, lambda: "declined" in service.events)
    open_host()
    score(page, 10).click()
    page.get_by_role("button", name="Close").click()
    expect(page.locator("gensvar-survey")).to_have_count(0)
    settled(page)
    assert service.events.count("declined") == 1
    assert [answer["score"] for answer in service.answers] == ["10"]


def test_closing_by_the_page_is_no_decline(open_host: Open, service: Service) -> None:
    page = open_host()
    page.evaluate("Gensvar.close()")
    expect(page.locator("gensvar-survey")).to_have_count(0)
    settled(page)
    assert "declined" not in service.events


def test_no_request_asks_for_permission_first(open_host: Open, service: Service) -> None:
    page = open_host()
    score(page, 3).click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("get back to you")).to_be_visible()
    assert {request.method for request in service.requests} == {"GET", "POST"}
    sent = [request.headers for request in service.requests if request.method == "POST"]
    assert all("cookie" not in headers for headers in sent)
    kinds = {headers["content-type"] for headers in sent}
    assert kinds == {"application/x-www-form-urlencoded"}


def test_the_longest_comment_fits_into_a_request_in_any_script(
    open_host: Open, service: Service, embed: Callable[..., str]
) -> None:
    page = open_host()
    score(page, 3).click()
    until(page, lambda: service.answers)
    page.get_by_role("textbox").fill("شكرا🙂" * 800)
    page.locator("h1").click()
    until(page, lambda: len(service.answers) == 2)
    assert 11_000 < int(service.requests[-1].headers["content-length"]) < 14_000
    assert service.answers[1]["comment"].startswith("شكرا🙂شكرا")
