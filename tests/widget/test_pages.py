"""Our pages as documents: complete, escaped, and free of anything a strict policy refuses."""

import re

import pytest

from widget import page
from widget.locales import available
from widget.question import Filled

EVIL = "\"><script>alert(1)</script>'{{7*7}}"


def documents(locale: str) -> list[str]:
    return [
        page.question(locale=locale, token="a.b", company="Acme", touchpoint="Case", root="/nps"),
        page.thanks(locale=locale, category="detractor", may_contact=False),
        *(page.refused(locale=locale, code=code) for code in ("link_expired", "made_up")),
    ]


@pytest.mark.parametrize("locale", available())
def test_a_page_is_complete_and_needs_only_its_own_two_files(locale: str) -> None:
    for html in documents(locale):
        assert html.startswith(f'<!doctype html>\n<html lang="{locale}" dir="')
        assert html.rstrip().endswith("</html>")
        assert 'name="viewport"' in html
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src=)|https?://", html)
        assert "{" not in re.sub(r'data-words="[^"]*"', "", html)
        files = re.findall(r'(?:href|src)="([^"]+)"', html)
        assert all(re.fullmatch(r"(/nps)?/v1/page\.(css|js)", file) for file in files)


def test_everything_given_is_escaped() -> None:
    html = page.question(
        locale="en",
        token=EVIL,
        company=EVIL,
        touchpoint=EVIL,
        filled=Filled(3, "</textarea>" + EVIL),
        why=EVIL,
    )
    html += page.thanks(locale="en", category="passive", company=EVIL, text=EVIL, next_text=EVIL)
    assert "<script>" not in html
    assert html.count("</textarea>") == 1
    assert "49" not in html


def test_the_question_names_the_company_and_what_it_is_about() -> None:
    html = page.question(locale="sv", token="a.b", company=" Åby  AB ", touchpoint="ditt ärende")
    assert "rekommendera <bdi>Åby AB</bdi> till" in html
    assert "Gäller: <bdi>ditt ärende</bdi>" in html
    assert "<title>En kort fråga – Åby AB</title>" in html


@pytest.mark.parametrize("company", [None, "", " \n", "x" * 81])
def test_without_a_usable_name_the_question_is_neutral(company: str | None) -> None:
    html = page.question(locale="sv", token="a.b", company=company, touchpoint=company)
    assert "rekommendera oss till" in html
    assert "<bdi>" not in html


def test_a_form_starts_from_what_is_known() -> None:
    html = page.question(locale="en", token="a.b", filled=Filled(7, "So\nso", may_contact=True))
    assert re.findall(r'value="(\w+)"[^>]*checked', html) == ["7", "true"]
    assert ">So\nso</textarea>" in html
    assert "checked" not in page.question(locale="en", token="a.b")


def test_every_refusal_says_what_to_do() -> None:
    assert "This survey has closed" in page.refused(locale="en", code="link_expired")
    assert "too long" in page.refused(locale="en", code="body_too_large")
    assert "wait a moment" in page.refused(locale="en", code="storage_unavailable")


def test_administrators_wording_takes_the_place_of_ours() -> None:
    html = page.thanks(locale="en", category="promoter", text="Ta!", next_text="See you.")
    assert '<h1 class="thanks">Ta!</h1><p class="next">See you.</p>' in html
