"""A guest that behaves: what it leaves alone in the host page, and what cannot harm it."""

from base64 import b64encode
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.widget.conftest import TOKEN, Open, score, settled, until
from tests.widget.service import Host, Service

HOSTILE = """
* { all: revert !important; font-size: 40px !important; color: red !important;
    display: none; letter-spacing: 1em !important;
    --accent: red !important; transform: rotate(3deg) }
:root { color-scheme: dark } label, input, .gensvar, .scale { display: none !important }
"""


def drawn(page: Page) -> bytes:
    return page.locator("gensvar-survey .gensvar").screenshot(animations="disabled")


def different_pixels(page: Page, *shots: bytes) -> int:
    """How many pixels differ by more than the noise of drawing the same thing twice."""
    page.goto("about:blank")
    count: int = page.evaluate(
        """async shots => {
            const [one, other] = await Promise.all(shots.map(async shot => {
                const image = new Image();
                image.src = 'data:image/png;base64,' + shot;
                await image.decode();
                const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
                canvas.drawImage(image, 0, 0);
                return canvas.getImageData(0, 0, image.width, image.height).data;
            }));
            if (one.length != other.length) return Infinity;
            return one.filter((value, at) => Math.abs(value - other[at]) > 8).length;
        }""",
        [b64encode(shot).decode() for shot in shots],
    )
    return count


def test_a_hostile_stylesheet_changes_nothing_in_it(
    page: Page, host: Host, embed: Callable[..., str]
) -> None:
    """Pixel by pixel, before and after an answer; behind it the page is white both times."""
    white = "html { background: #fff !important }"
    host.policy = ""
    shots = []
    for style in ("", HOSTILE):
        host.pages["/"] = (
            f"<!doctype html><html lang=en><title>x</title><style>{style}{white}</style>"
            f"<body>{embed(company=None)}"
        )
        page.goto(host.url)
        score(page, 0).wait_for()
        before = drawn(page)
        score(page, 3).click()
        expect(page.get_by_role("status")).to_have_text("Your score is saved.")
        page.mouse.move(800, 700)
        shots.append((before, drawn(page)))
    for plain, attacked in zip(*shots, strict=True):
        assert different_pixels(page, plain, attacked) == 0


def test_it_changes_nothing_in_the_page(open_host: Open) -> None:
    """Same look without it, same globals but one, no cookie, no storage, nothing else loaded."""
    page = open_host()
    score(page, 5).click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("get back to you")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    left = page.evaluate(
        """() => {
            const frame = document.body.appendChild(document.createElement('iframe'));
            const clean = new Set(Object.getOwnPropertyNames(frame.contentWindow));
            frame.remove();
            const own = Object.getOwnPropertyNames(window).filter(name => !clean.has(name));
            return [own.filter(name => !/^(__|0$|theirs)/.test(name)), document.cookie,
                localStorage.length + sessionStorage.length,
                document.body.outerHTML.replace(/<script[^>]*>/, '<script>')];
        }"""
    )
    assert left[:3] == [["Gensvar"], "", 0]
    assert "gensvar-survey" not in left[3]
    assert left[3].endswith("<p>After it.</p></body>")


def test_everything_it_loads_is_one_request_of_ours(
    open_host: Open, page: Page, service: Service
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_host()
    settled(page)
    loaded = [url for url in asked if not url.endswith(("/", "/api/v1/asks/events"))]
    assert loaded == [f"{service.url}/v1/widget.en.js"]


@pytest.mark.parametrize("more", ["", "; require-trusted-types-for 'script'; trusted-types 'none'"])
def test_it_works_under_a_policy_that_names_only_us(
    open_host: Open, host: Host, page: Page, service: Service, more: str
) -> None:
    """No style, image, font or frame is allowed, nothing inline, no eval, no markup from text."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    host.policy += more
    open_host()
    background = "element => getComputedStyle(element).backgroundColor"
    score(page, 7).click()
    assert score(page, 7).evaluate(background) == "rgb(29, 78, 216)"
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Thank you for your answer.")).to_be_visible()
    assert [line for line in said if "favicon" not in line] == []


def test_keys_pressed_in_it_do_not_reach_the_page(open_host: Open, page: Page) -> None:
    open_host()
    page.evaluate(
        """() => { window.heard = []; for (const type of ['keydown', 'keypress', 'keyup', 'input'])
            document.addEventListener(type, event => heard.push(event.key || event.data)) }"""
    )
    score(page, 3).focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("textbox").press_sequentially("secret")
    assert page.evaluate("heard") == []
    page.locator("#theirs").press("x")
    assert page.evaluate("heard") == ["x", "x", "x"]


def test_a_page_that_takes_it_out_and_puts_it_back_has_it_alive(
    open_host: Open, page: Page, service: Service
) -> None:
    """Tabs and dialogs of a page do that; what was typed before is stored when it goes."""
    open_host()
    score(page, 3).click()
    page.get_by_role("textbox").fill("Slow")
    page.evaluate("window.it = document.querySelector('gensvar-survey'); it.remove()")
    until(page, lambda: len(service.answers) == 2)
    page.evaluate("document.body.append(it)")
    score(page, 4).click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("get back to you")).to_be_visible()
    assert [answer["score"] for answer in service.answers] == ["3", "3", "4"]
    assert service.answers[-1]["comment"] == "Slow"


def test_a_field_that_an_extension_put_in_is_not_sent(open_host: Open, service: Service) -> None:
    page = open_host()
    page.locator("gensvar-survey form").evaluate(
        "form => { const field = document.createElement('input'); field.name = 'theirs'; form.append(field) }"
    )
    score(page, 3).click()
    until(page, lambda: service.answers)
    assert service.answers == [{"token": TOKEN, "score": "3"}]


def test_included_twice_it_is_there_once(open_host: Open, embed: Callable[..., str]) -> None:
    page = open_host(before=embed(), after=embed() + embed(locale="sv"))
    settled(page)
    expect(page.locator("gensvar-survey")).to_have_count(1)
    # Whichever of the two came first, it stands there once.
    expect(page.get_by_role("radio")).to_have_count(11)


def test_it_stands_where_the_snippet_stands(open_host: Open) -> None:
    page = open_host()
    assert page.evaluate("document.querySelector('script').nextSibling.localName") == (
        "gensvar-survey"
    )


def test_a_snippet_in_the_head_is_shown_in_the_body(
    page: Page, host: Host, embed: Callable[..., str]
) -> None:
    script = embed().split("<noscript>")[0].replace("async ", "")
    host.pages["/"] = f"<!doctype html><title>t</title>{script}<body><p>Body</p></body>"
    page.goto(host.url)
    expect(page.locator("body > gensvar-survey")).to_have_count(1)


def test_calls_made_before_it_arrives_wait(page: Page, host: Host, service: Service) -> None:
    host.policy = ""
    host.pages["/"] = (
        "<!doctype html><title>t</title><body><div id=here></div><script>"
        "(window.Gensvar = window.Gensvar || []).push({token: 't.1', company: 'Early', "
        f"into: '#here'}})</script><script async src='{service.url}/v1/widget.en.js'></script>"
    )
    page.goto(host.url)
    expect(page.locator("#here > gensvar-survey").get_by_text("Early")).to_be_visible()
    page.evaluate("Gensvar.push({token: 't.2', company: 'Late', into: here})")
    expect(page.locator("#here > gensvar-survey").get_by_text("Late")).to_be_visible()
    expect(page.locator("gensvar-survey")).to_have_count(1)


def test_the_next_page_of_a_single_page_host_asks_anew(open_host: Open, service: Service) -> None:
    """Turbo and its like swap the body and run the snippet's script again."""
    page = open_host()
    score(page, 2).click()
    until(page, lambda: service.answers)
    page.evaluate(
        """src => {
            const body = document.createElement('body');
            const script = body.appendChild(document.createElement('script'));
            script.src = src; script.dataset.token = 'next.one'; script.dataset.company = 'Next';
            document.body.replaceWith(body);
        }""",
        f"{service.url}/v1/widget.en.js",
    )
    expect(page.get_by_text("Next")).to_be_visible()
    score(page, 8).click()
    until(page, lambda: service.answers[-1]["token"] == "next.one")
    assert [answer["token"] for answer in service.answers] == [TOKEN, "next.one"]
    assert "declined" not in service.events


def test_moved_within_the_page_it_lives_on(open_host: Open, service: Service) -> None:
    page = open_host()
    page.evaluate("document.body.prepend(document.querySelector('gensvar-survey'))")
    score(page, 8).click()
    until(page, lambda: service.answers)


def test_no_script_in_the_host_page_gets_the_link(
    browser_context: BrowserContext, host: Host, embed: Callable[..., str], service: Service
) -> None:
    browser = browser_context.browser
    assert browser
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    host.pages["/"] = f"<!doctype html><title>t</title><body>{embed()}"
    page.goto(host.url)
    page.get_by_role("link", name="Answer our short question").click()
    expect(score(page, 3)).to_be_visible()
    assert page.url == f"{service.url}/s/{TOKEN}"
    context.close()


@pytest.mark.parametrize(
    ("company", "shown"),
    [
        ("  Acme \n & <b>Sons</b> ", "recommend Acme & <b>Sons</b> to"),
        ("x" * 80, "recommend " + "x" * 80 + " to"),
        ("x" * 81, "recommend us to"),
        ("", "recommend us to"),
        ("🙂" * 80, "recommend " + "🙂" * 80 + " to"),
    ],
)
def test_a_name_is_plain_text_or_the_question_is_neutral(
    page: Page, host: Host, service: Service, company: str, shown: str
) -> None:
    host.pages["/"] = (
        f"<!doctype html><title>t</title><body><script src='{service.url}/v1/widget.en.js'></script>"
    )
    page.goto(host.url)
    page.evaluate("company => Gensvar.show({token: 't.1', company})", company)
    expect(page.locator(".question")).to_contain_text(shown)
    assert page.locator("bdi").count() == (0 if "us to" in shown else 1)


def test_a_name_keeps_its_direction_to_itself(open_host: Open) -> None:
    page = open_host(company="شركة 5", touchpoint="طلب (7)")
    expect(page.locator(".question bdi")).to_have_text("شركة 5")
    expect(page.locator(".about bdi")).to_have_text("طلب (7)")
