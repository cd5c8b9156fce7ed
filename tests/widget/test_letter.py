"""The question as a mail: in every language, for every eye and ear, and with nothing that follows anybody."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from playwright.sync_api import Browser, Page

from tests.support.accessibility import violations
from widget.inserted import isolated
from widget.letter import DECOY, Letter, Links, letter
from widget.locales import available, wording

LINKS = Links("https://nps.example.com/s/TOKEN", "https://nps.example.com/u/TOKEN")
HOSTILE = "<img src=x onerror=alert(1)> \"'&{{7*7}} {company}"


def made(tag: str = "en", **more: object) -> Letter:
    given = {"locale": tag, "links": LINKS, "company": "Acme", "touchpoint": "your order"}
    return letter(**(given | more))  # type: ignore[arg-type]


class Tags(HTMLParser):
    """What stands in an HTML document."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.mark.parametrize("tag", available())
def test_it_speaks_every_language_with_the_fixed_question(tag: str) -> None:
    words = wording(tag)
    written = made(tag)
    name, about = (isolated(text, words.direction) for text in ("Acme", "your order"))
    assert words.question.replace("{company}", name) in written.text
    assert words.about.replace("{touchpoint}", about) in written.text
    assert words.mail["greeting"] in written.text
    assert written.subject == f"{words.title} – {name}"
    tags = Tags(written.html)
    assert tags.all("html") == [{"lang": tag, "dir": words.direction}]
    reminder = made(tag, occasion="reminder")
    assert reminder.subject == f"{words.mail['reminder_title']} – {name}"
    assert words.mail["reminder"] in reminder.text


@pytest.mark.parametrize(
    ("tag", "company"), [("ar", "Yahoo! (AB)"), ("en", "شركة الخليج (AB)"), ("en", "Acme")]
)
def test_a_name_turns_nothing_around_it_in_the_text_part(tag: str, company: str) -> None:
    name = company if company == "Acme" else f"\u2068{company}\u2069"
    written = made(tag, company=company)
    assert wording(tag).question.replace("{company}", name) in written.text
    assert written.subject.endswith(f" – {name}")


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_without_names_it_is_the_neutral_question(tag: str) -> None:
    written = made(tag, company=None, touchpoint=None)
    assert wording(tag).question_neutral in written.text
    assert written.subject == wording(tag).title
    assert wording(tag).about.partition("{")[0] not in written.text


def test_eleven_links_and_the_way_out_in_both_parts() -> None:
    written = made()
    in_text = re.findall(r"https://\S+", written.text)
    assert in_text == [*(f"{LINKS.survey}?score={n}" for n in range(11)), LINKS.unsubscribe]
    addresses = [str(a["href"]) for a in Tags(written.html).all("a")]
    decoy = f"{LINKS.survey}?score={DECOY}"
    assert sorted(addresses) == sorted([*in_text, decoy])


def test_nothing_is_loaded_and_nobody_followed() -> None:
    tags = Tags(made().html)
    assert not {"img", "link", "script", "iframe", "object", "form"} & {
        tag for tag, _ in tags.found
    }
    assert "url(" not in made().html
    assert "@import" not in made().html
    assert all(table["role"] == "presentation" for table in tags.all("table"))


def test_an_administrators_words_stay_words() -> None:
    written = made(company=HOSTILE, touchpoint=HOSTILE, greeting=f"{HOSTILE}\r\nBcc: x@y.example")
    assert "<img" not in written.html
    assert "\nBcc" not in written.text
    assert "\n" not in written.subject
    assert len(Tags(written.html).all("a")) == 13


@pytest.fixture
def shown(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    yield page
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("tag", ["en", "ar"])
def test_it_is_readable_on_a_phone_and_accessible(shown: Page, scheme: str, tag: str) -> None:
    shown.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    shown.set_content(made(tag, company=f"Fjordlinje {'Transport' * 7}").html)
    assert violations(shown) == []
    assert shown.evaluate("document.documentElement.scrollWidth") <= 360
    scores = shown.locator("a.score")
    assert scores.count() == 11
    for box in (score.bounding_box() for score in scores.all()):
        assert box is not None
        assert min(box["width"], box["height"]) >= 44


def test_nobody_sees_hears_or_reaches_the_decoy(shown: Page) -> None:
    shown.set_content(made().html)
    decoy = shown.locator(f"a[href$='score={DECOY}']")
    assert not decoy.is_visible()
    assert shown.get_by_role("link").count() == 12
    shown.add_style_tag(content="a { display: inline !important }")
    assert decoy.inner_text() == "", "where a mail program drops the style, there is still nothing"


@pytest.mark.parametrize(("kind", "last"), [("csat", 5), ("ces", 7)])
@pytest.mark.parametrize("locale", available())
def test_another_measure_is_asked_on_its_own_scale(locale: str, kind: str, last: int) -> None:
    found = made(locale, kind=kind)
    for part in (found.text, found.html.replace(f"score={DECOY}", "")):
        scores = {int(n) for n in re.findall(r"\?score=(\d+)", part)}
        assert scores == set(range(1, last + 1))
    assert wording(locale).question_neutral not in found.text
    assert wording(locale).measures[kind]["lowest"] in found.text
    assert {int(n) for n in re.findall(r"\d+", found.text.split("\n\n")[1])} == {1, last}
