"""A form that comes after its session has ended: nothing that was typed is lost, and nothing is sent by itself."""

import re
from html import unescape

import pytest
from werkzeug.test import TestResponse

from tests.support.admin import PASSWORD, Admin, csrf_of

TITLE = 'Vi svarar "inom en dag" & <b>snabbt</b> 🙂'
CHANGE: dict[str, object] = {
    "title": TITLE,
    "internal_text": "Första raden\r\nالسطر الثاني",
    "theme": ["slow_reply", "quick_reply"],
}
ADDRESS, OURS = "/admin/changes/new", "http://localhost"


def late(anna: Admin, fields: dict[str, object] = CHANGE, origin: str = OURS) -> TestResponse:
    """Her form comes thirteen hours after she opened it."""
    token = csrf_of(anna.get(ADDRESS).text)
    anna.clock.move(hours=13)
    headers = {"Origin": origin, "Referer": OURS + ADDRESS, "Accept": "text/html"}
    return anna.browser.post(ADDRESS, data=fields | {"csrf_token": token}, headers=headers)


def press(anna: Admin, page: str, **typed: str) -> TestResponse:
    """Sends the first form of a page, with what is typed into it."""
    form = re.search(r'<form method="post" action="([^"]+)".*?</form>', page, re.DOTALL)
    assert form, page
    names = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form[0])
    fields: dict[str, list[str]] = {}
    for name, value in names:
        fields.setdefault(name, []).append(unescape(value))
    return anna.browser.post(
        unescape(form[1]), data=fields | typed, headers={"Accept": "text/html", "Origin": OURS}
    )


def titles(anna: Admin) -> str:
    return unescape(anna.get("/admin/changes").text)


def test_what_was_typed_is_sent_after_signing_in(anna: Admin) -> None:
    refused = late(anna)
    assert refused.status_code == 401
    page = press(anna, refused.text)
    wrong = press(anna, page.text, name="Anna Berg", password="not her password")
    assert wrong.status_code == 422
    entered = press(anna, wrong.text, name="Anna Berg", password=PASSWORD)
    assert "It was not sent yet" in entered.text
    assert TITLE not in titles(anna), "not before she says so"
    added = press(anna, entered.text)
    shown = unescape(anna.get(str(added.location)).text)
    wanted = [TITLE, "Första raden\nالسطر الثاني", "Slow reply", "Quick reply"]
    assert [text for text in wanted if text not in shown] == []


def test_it_is_sent_at_once_when_she_signed_in_elsewhere_meanwhile(anna: Admin) -> None:
    token = csrf_of(anna.get(ADDRESS).text)
    anna.post("/admin/sign-out", form_on="/admin/account")
    anna.sign_in()
    headers = {"Origin": OURS, "Accept": "text/html"}
    stale = anna.browser.post(ADDRESS, data=CHANGE | {"csrf_token": token}, headers=headers)
    assert stale.status_code == 403
    press(anna, stale.text)
    assert TITLE in titles(anna)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_what_another_site_sent_is_never_offered(anna: Admin, origin: str) -> None:
    assert "Vi svarar" not in late(anna, origin=origin).text


def test_a_secret_is_not_kept(anna: Admin) -> None:
    assert "hush" not in late(anna, {"current": "hush", "password": "hush hush hush"}).text


def test_of_a_mere_button_there_is_nothing_to_keep(anna: Admin) -> None:
    assert "kept" not in late(anna, {}).text


@pytest.mark.parametrize("text", ["[" * 5000, '["/admin/changes/new", [["title", "\\ud800"]]]'])
def test_what_is_no_form_is_not_offered(anna: Admin, text: str) -> None:
    page = anna.post("/admin/sign-in/kept", form_on="/admin/account", kept=text)
    assert page.status_code == 200
    assert "It was not sent yet" not in page.text


@pytest.mark.parametrize(
    "to", ["https://evil.example/", "//evil.example/", "/s/token", "/admin/../"]
)
def test_nothing_is_sent_elsewhere(anna: Admin, to: str) -> None:
    from plugin.access.web import keeping

    assert keeping.opened(keeping.Kept(to, []).text) is None
    assert keeping.opened(keeping.Kept("/admin/changes/new", [("a", "b")]).text)
