"""What the customer is told when storing fails, and that nothing typed is lost."""

import pytest
from playwright.sync_api import Page, expect

from tests.widget.conftest import Open, score, settled, until
from tests.widget.service import Host, Reply, Service

NOT_SAVED = "Your answer is not saved yet."


def test_a_failing_server_is_said_and_a_click_tries_again(
    open_host: Open, service: Service
) -> None:
    page = open_host()
    score(page, 4).click()
    until(page, lambda: service.answers)
    service.replies = [Reply(500), Reply(503), Reply(500)]
    page.get_by_role("textbox").fill("Kept")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_contain_text(NOT_SAVED)
    expect(page.get_by_role("textbox")).to_have_value("Kept")
    service.replies = []
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("get back to you")).to_be_visible()
    assert service.answers[-1]["comment"] == "Kept"


def test_trying_the_score_again_leaves_room_for_the_comment(
    open_host: Open, service: Service
) -> None:
    service.replies = [Reply(500)]
    page = open_host()
    score(page, 4).click()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("status")).to_have_text("Your score is saved.")
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_visible()
    expect(page.get_by_role("textbox")).to_be_visible()


def test_a_button_held_down_tries_again_as_it_said(open_host: Open, service: Service) -> None:
    """Leaving the scores stores at once; what the button said when it was pressed still holds."""
    service.replies = [Reply(500)]
    page = open_host()
    score(page, 4).click()
    page.get_by_role("button", name="Try again").hover()
    page.mouse.down()
    expect(page.get_by_role("status")).to_have_text("Your score is saved.")
    page.mouse.up()
    settled(page)
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_visible()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("get back to you")).to_be_visible()


def test_who_changes_her_mind_back_while_it_is_sent_is_heard(
    open_host: Open, service: Service
) -> None:
    page = open_host()
    score(page, 3).click()
    expect(page.get_by_role("status")).to_have_text("Your score is saved.")
    service.replies = [Reply(delay=0.4)]
    score(page, 7).click()
    until(page, lambda: len(service.answers) == 2)
    score(page, 3).click()
    until(page, lambda: len(service.answers) == 3)
    assert [answer["score"] for answer in service.answers] == ["3", "7", "3"]


def test_without_a_network_it_is_said_and_later_stored(
    open_host: Open, service: Service, page: Page
) -> None:
    open_host()
    page.context.set_offline(True)
    score(page, 10).click()
    expect(page.get_by_role("status")).to_contain_text(NOT_SAVED)
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    until(page, lambda: service.answers)


def test_a_server_that_does_not_answer_counts_as_failed(
    open_host: Open, service: Service, page: Page
) -> None:
    page.add_init_script("AbortSignal.timeout = (real => () => real(200))(AbortSignal.timeout)")
    service.replies = [Reply(201, delay=0.6)]
    open_host()
    score(page, 6).click()
    expect(page.get_by_role("status")).to_contain_text(NOT_SAVED)


def test_the_page_reacts_before_a_slow_server_does(open_host: Open, service: Service) -> None:
    service.replies = [Reply(201, delay=1)]
    page = open_host()
    score(page, 6).click()
    expect(page.get_by_role("textbox")).to_be_visible(timeout=300)
    page.get_by_role("textbox").fill("Meanwhile")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#send")).to_have_text("Sending…", timeout=300)
    expect(page.get_by_text("get back to you")).to_be_visible()
    assert [answer.get("comment") for answer in service.answers] == [None, "Meanwhile"]


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        (409, "already_answered", "You have already answered this."),
        (410, "link_expired", "This survey is no longer valid"),
        (403, "link_invalid", "This survey is no longer valid"),
    ],
)
def test_a_final_refusal_is_said_in_words_and_keeps_what_was_typed(
    open_host: Open, service: Service, status: int, code: str, said: str
) -> None:
    service.replies = [Reply(201), Reply(status, {"code": code})]
    page = open_host()
    score(page, 6).click()
    page.get_by_role("textbox").fill("Long text")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_contain_text(said)
    expect(page.get_by_role("textbox")).to_have_value("Long text")
    expect(page.locator("#send")).to_be_hidden()
    expect(score(page, 3)).to_be_disabled()
    page.get_by_role("button", name="Close").click()
    settled(page)
    assert len(service.answers) == 2
    assert "declined" not in service.events


def test_after_a_final_refusal_no_key_sends_and_the_words_stay(
    open_host: Open, service: Service
) -> None:
    service.replies = [Reply(410, {"code": "link_expired"})]
    page = open_host()
    score(page, 6).click()
    expect(page.get_by_role("status")).to_contain_text("no longer valid")
    page.get_by_role("radio", name="No").press("Enter")
    settled(page)
    expect(page.get_by_role("status")).to_contain_text("no longer valid")
    assert len(service.answers) == 1


@pytest.mark.parametrize(
    ("status", "content"),
    [(200, "<h1>Sign in to the hotel</h1>"), (201, ""), (200, "null"), (410, "{}")],
)
def test_a_reply_that_is_not_ours_says_nothing_of_the_answer(
    open_host: Open, page: Page, service: Service, status: int, content: str
) -> None:
    """A network's sign-in page and a firewall's refusal come with any status."""
    page.route(
        "**/api/v1/answers",
        lambda route: route.fulfill(
            status=status, body=content, headers={"Access-Control-Allow-Origin": "*"}
        ),
    )
    open_host()
    score(page, 9).click()
    expect(page.get_by_role("status")).to_contain_text(NOT_SAVED)
    page.get_by_role("textbox").fill("Kept")
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("we are glad to hear it")).to_be_visible()
    assert service.answers[-1]["comment"] == "Kept"


def test_a_wrong_or_missing_token_is_named_in_the_console_only(page: Page, host: Host) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    src = host.policy.split()[3].rstrip(";")
    host.pages["/"] = (
        "<!doctype html><title>t</title><body>"
        f"<script src='{src}/v1/widget.en.js' data-token=''></script>"
    )
    page.goto(host.url)
    page.evaluate("Gensvar.show()")
    page.evaluate("Gensvar.show({})")
    page.evaluate("Gensvar.show({token: 'x', into: '][', company: 5})")
    page.evaluate("Gensvar.close()")
    page.evaluate("Gensvar.close()")
    expect(page.locator("gensvar-survey")).to_have_count(0)
    assert sum(line.startswith("Gensvar:") for line in said) >= 3, said


def test_where_the_question_cannot_be_drawn_a_link_takes_its_place(
    page: Page, open_host: Open, service: Service
) -> None:
    page.add_init_script("delete Element.prototype.attachShadow")
    with pytest.raises(AssertionError):
        open_host()
    link = page.get_by_role("link", name="Customer survey")
    expect(link).to_have_attribute("href", f"{service.url}/s/made-up.token")
