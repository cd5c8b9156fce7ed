"""The letter of thanks: a frame in every language around the company's text, and a customer's words that stay words."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.support.accessibility import violations
from tests.widget.test_letter import HOSTILE, Tags
from widget.heard import LONGEST_QUOTE, heard
from widget.inserted import Inserted, Line, clean, cut, isolated
from widget.letter import Letter
from widget.locales import available, wording

STOP = "https://nps.example.com/u/TOKEN"
BODY: list[Line] = [
    ["Hello ", Inserted("Ebba"), ","],
    [],
    ["Replies used to take two days. Since Monday two more colleagues answer."],
    ["Most of you hear from us within four hours."],
]


def made(tag: str = "en", **more: object) -> Letter:
    given = {
        "locale": tag,
        "subject": ["We answer faster now"],
        "body": BODY,
        "quote": "It took you two days to reply!",
        "company": "Acme",
        "touchpoint": "your order",
        "unsubscribe": STOP,
    }
    return heard(**(given | more))  # type: ignore[arg-type]


@pytest.mark.parametrize("tag", available())
def test_the_frame_is_in_the_language_of_the_text(tag: str) -> None:
    words, written = wording(tag), made(tag)
    assert Tags(written.html).all("html") == [{"lang": tag, "dir": words.direction}]
    for text in ("heading", "told", "unsubscribe"):
        assert words.heard[text] in written.text
        assert words.heard[text] in written.html
    assert words.heard["reply"] in written.text
    fence = "\u2068Acme\u2069" if words.direction == "rtl" else "Acme"
    assert words.heard["because"].replace("{company}", fence) in written.text
    assert not re.search(
        "[{}]", written.text + re.sub(r"<style>.*</style>", "", written.html, flags=re.DOTALL)
    )


def test_without_names_and_words_it_says_less_and_no_more() -> None:
    written = made(company=None, touchpoint=None, quote="  ")
    assert "You get this mail because you gave us feedback." in written.text
    assert not {"About", "told us"} & {
        word for word in ("About", "told us") if word in written.text
    }
    assert "blockquote" not in {tag for tag, _ in Tags(written.html).found}


@pytest.mark.parametrize("tag", available())
def test_who_said_nothing_is_not_told_that_she_did(tag: str) -> None:
    words, written = wording(tag).heard, made(tag, quote="", touchpoint="", spoke=False)
    assert words["heading_to_others"] in written.text
    assert words["because_customer"] in written.html
    assert words["heading"] not in written.text + written.html


def test_the_only_link_is_the_way_out_and_nothing_is_loaded() -> None:
    written = made(quote="See https://evil.example and <img src=https://evil.example/pixel>")
    tags = Tags(written.html)
    assert [a["href"] for a in tags.all("a")] == [STOP]
    assert not {"img", "link", "script", "iframe", "object", "form"} & {t for t, _ in tags.found}
    assert "url(" not in written.html
    assert "@import" not in written.html
    assert written.text.rstrip().endswith(f": {STOP}")


def test_what_a_customer_typed_stays_what_it_is() -> None:
    written = made(
        quote=f"{HOSTILE}\r\n\u202eBcc: x@y.example\0\n{{{{contact.email}}}} {{!Contact.Email}}",
        subject=["About ", Inserted("{company}\r\nBcc: x@y.example")],
    )
    assert "<img" not in written.html
    assert "\n" not in written.subject
    assert "\u202e" not in written.text + written.html
    for part in (written.text, written.html.replace("&#39;", "'")):
        assert "{{contact.email}} {!Contact.Email}" in part
    quoted = [line for line in written.text.splitlines() if line.startswith("> ")]
    assert quoted[0] == f"> {HOSTILE}"
    assert len(quoted) == 3


def test_a_long_quote_is_cut_between_words() -> None:
    written = made(quote="word " * 400)
    line = next(line for line in written.text.splitlines() if line.startswith("> "))
    assert len(line) <= LONGEST_QUOTE + 2
    assert line.endswith("word…")


@pytest.mark.parametrize(
    ("text", "most", "kept"),
    [
        ("short", 5, "short"),
        ("one two three", 10, "one two…"),
        ("Donaudampfschifffahrt", 10, "Donaudamp…"),
        ("one, two three", 9, "one, two…"),
        ("e\u0301" * 6, 6, "e\u0301e\u0301…"),
        ("👩\u200d🚀" * 4, 5, "👩\u200d🚀…"),
    ],
)
def test_a_cut_leaves_whole_letters_and_says_so(text: str, most: int, kept: str) -> None:
    assert cut(text, most) == kept


def test_what_is_written_the_other_way_is_fenced() -> None:
    assert isolated("Ebba", "ltr") == "Ebba"
    assert isolated("إيبا", "ltr") == "\u2068إيبا\u2069"
    assert isolated("Ebba", "rtl") == "\u2068Ebba\u2069"
    assert clean("a\u2069b\u202ec\x07d\r\ne") == "abc d\ne"


@pytest.fixture(scope="module")
def shown(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


LONG = {
    "subject": ["Donaudampfschifffahrtsgesellschaftskapitänsmütze" * 3],
    "body": [*BODY, [], ["Rindfleischetikettierungsüberwachungsaufgabe" * 4]],
    "quote": "a" * 200 + "\nשלום " + "b" * 90,
    "company": "Fjordlinje Transport og Logistikk AS",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("tag", ["sv", "ar"])
def test_it_can_be_read_by_day_and_night_wide_and_narrow(
    shown: Page, scheme: str, tag: str
) -> None:
    shown.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    shown.set_content(made(tag, **LONG).html)
    for width in (600, 320):
        shown.set_viewport_size({"width": width, "height": 740})
        assert shown.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(shown) == []
    page, ink = shown.evaluate(
        "['background-color', 'color'].map(name => "
        "getComputedStyle(document.querySelector(name == 'color' ? '.ink' : '.sheet'))[name])"
    )
    bright = {
        "light": ("rgb(255, 255, 255)", "rgb(27, 36, 48)"),
        "dark": ("rgb(31, 36, 45)", "rgb(241, 244, 248)"),
    }
    assert (page, ink) == bright[scheme]
    side = shown.evaluate("getComputedStyle(document.querySelector('h1')).textAlign")
    assert side == ("right" if tag == "ar" else "left")


def test_a_quote_is_read_in_its_own_direction(shown: Page) -> None:
    shown.set_content(made("en", quote="التأخير كبير").html)
    assert (
        shown.evaluate("getComputedStyle(document.querySelector('blockquote')).direction") == "rtl"
    )
