"""Coming in: the token, passwords, one-time links, and everything that must not open the door."""

from datetime import datetime

import pytest

from plugin.access import administrators, passwords
from tests.support.admin import PASSWORD, TOKEN, Admin, admin_at
from tests.support.first_admin import TABLES, rows_of


def test_a_wrong_token_opens_nothing(admin: Admin) -> None:
    page = admin.post("/admin/sign-in/token", form_on="/admin/sign-in", token="not-the-token")
    assert page.status_code == 422
    assert "That did not work" in page.text
    assert admin.get("/admin/").status_code == 303


def test_the_token_leads_to_a_name_and_a_password_and_then_works_no_more(admin: Admin) -> None:
    entered = admin.set_up()
    assert (entered.status_code, entered.location) == (303, "/admin/")
    assert "Anna Berg" in admin.get("/admin/account").text
    late = admin.another()
    page = late.get("/admin/sign-in").text
    assert "Administrator&#39;s token" not in page
    refused = late.post("/admin/sign-in/token", form_on="/admin/sign-in", token=TOKEN)
    assert refused.status_code == 422


@pytest.mark.parametrize("begins", [1, 2])
def test_a_test_of_something_else_begins_where_these_pages_end(admin: Admin, begins: int) -> None:
    admin.set_up()
    by_pages = _emptied(admin)
    for _ in range(begins):
        admin.clock.move(hours=5)
        quick = admin.another()
        quick.begin()
        assert _emptied(quick) == by_pages


def _emptied(admin: Admin) -> object:
    """What she sees and what stands in the tables, but for what is drawn by lot; then nobody is there any more."""
    seen = admin.get("/admin/account").status_code
    drawn, now = {"id", "hash", "password_hash", "at"}, admin.clock.now()
    her = rows_of(admin.services)[0][0]["id"]
    stood = [
        [
            {k: _told(v, her, now) for k, v in row.items() if k not in drawn or v == her}
            for row in rows
        ]
        for rows in rows_of(admin.services)
    ]
    with admin.services.database.write() as connection:
        for table in reversed(TABLES):
            connection.execute(table.delete())
    return seen, stood


def _told(value: object, her: str, now: datetime) -> object:
    if isinstance(value, datetime):
        return value - now
    return "her id" if value == her else value


def test_a_first_link_kept_open_is_worthless_once_somebody_else_was_first(admin: Admin) -> None:
    slow, fast = admin, admin.another()
    link = slow.post("/admin/sign-in/token", form_on="/admin/sign-in", token=TOKEN).location
    assert fast.set_up("Bo").status_code == 303
    assert slow.get(str(link)).status_code == 403


def test_what_was_typed_is_kept_and_what_is_wrong_stands_beside_it(admin: Admin) -> None:
    link = str(admin.post("/admin/sign-in/token", form_on="/admin/sign-in", token=TOKEN).location)
    page = admin.post(link, name="Anna <b>Berg</b>", password="short")
    assert page.status_code == 422
    assert 'value="Anna &lt;b&gt;Berg&lt;/b&gt;"' in page.text
    assert 'aria-describedby="hint-password error-password" aria-invalid="true"' in page.text
    assert "short" not in page.text.replace("shortest", "")


@pytest.mark.parametrize("password", ["aaaaaaaaaaaaaaaa", "anna berg", "x" * 201])
def test_easy_passwords_are_refused(admin: Admin, password: str) -> None:
    assert admin.set_up(password=password).status_code == 422


def test_the_name_is_found_however_it_is_written(admin: Admin) -> None:
    admin.set_up()
    assert admin.another().sign_in("  ANNA   berg ").status_code == 303


def test_neither_name_nor_password_is_told_apart(admin: Admin) -> None:
    admin.set_up()
    wrong = admin.another().sign_in(password="wrong wrong wrong")
    unknown = admin.another().sign_in(name="Nobody")
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    cut = "That did not work. Check what you typed and try again."
    assert cut in wrong.text
    assert cut in unknown.text
    assert PASSWORD not in wrong.text


@pytest.mark.parametrize("name", ["Anna Berg", "Nobody", "", "Passkey Only"])
def test_a_hash_is_compared_whoever_is_named(
    admin: Admin, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    admin.set_up()
    _with_passkey_only(admin)
    compared: list[str] = []
    real = passwords._hasher.verify

    class Watched:
        hash = passwords._hasher.hash

        @staticmethod
        def verify(kept: str, password: str) -> bool:
            compared.append(password)
            return real(kept, password)

    monkeypatch.setattr(passwords, "_hasher", Watched)
    assert admin.another().sign_in(name=name, password="wrong wrong wrong").status_code == 422
    assert compared == ["wrong wrong wrong"]


def _with_passkey_only(admin: Admin) -> None:
    with admin.services.database.write() as connection:
        administrators.add(connection, "p" * 26, "Passkey Only", None, admin.clock.now())


def test_an_invitation_works_once(admin: Admin) -> None:
    admin.set_up()
    link = admin.invite()
    guest = admin.another()
    assert guest.get(link).status_code == 200, "looking does not use it up"
    assert guest.get(link).status_code == 200
    assert guest.post(link, name="Bo", password=PASSWORD).status_code == 303
    again = admin.another().get(link)
    assert again.status_code == 403
    assert "used already" in again.text


def test_an_invitation_ends_after_48_hours(admin: Admin) -> None:
    admin.set_up()
    link = admin.invite()
    admin.clock.move(hours=47, minutes=59)
    assert admin.another().get(link).status_code == 200
    admin.clock.move(minutes=2)
    assert admin.another().get(link).status_code == 403


def test_a_withdrawn_invitation_opens_nothing(admin: Admin) -> None:
    admin.set_up()
    link = admin.invite("Bo")
    page = admin.get("/admin/administrators").text
    withdraw = page.split('action="/admin/administrators/invitations/')[1].split('"')[0]
    admin.post(f"/admin/administrators/invitations/{withdraw}", form_on="/admin/administrators")
    assert admin.another().get(link).status_code == 403


def test_two_cannot_have_one_name(admin: Admin) -> None:
    admin.set_up()
    page = admin.another().post(admin.invite(), name="anna  BERG", password=PASSWORD)
    assert page.status_code == 422
    assert "Another administrator has this name." in page.text


def test_a_session_ends_after_12_hours_even_when_used(admin: Admin) -> None:
    admin.set_up()
    for _ in range(11):
        admin.clock.move(hours=1)
        assert admin.get("/admin/account").status_code == 200
    admin.clock.move(hours=1, seconds=1)
    gone = admin.get("/admin/account")
    assert (gone.status_code, gone.location) == (303, "/admin/sign-in?next=/admin/account")


def test_after_signing_out_the_cookie_opens_nothing(admin: Admin) -> None:
    admin.set_up()
    cookie = admin.browser.get_cookie("gensvar")
    assert cookie
    assert admin.post("/admin/sign-out", form_on="/admin/account").status_code == 303
    thief = admin.another()
    thief.browser.set_cookie("gensvar", cookie.value)
    assert thief.get("/admin/account").status_code == 303


@pytest.mark.parametrize("forged", ["", "x", "a" * 43, "å" * 43, "0" * 3000])
def test_a_forged_cookie_opens_nothing(admin: Admin, forged: str) -> None:
    admin.set_up()
    thief = admin.another()
    thief.browser.set_cookie("gensvar", forged)
    assert thief.get("/admin/account").status_code == 303


@pytest.mark.parametrize("named", ["\\ud800", "\\u0000"])
def test_a_passkey_that_no_database_could_hold_opens_nothing(admin: Admin, named: str) -> None:
    admin.post("/admin/sign-in/passkey", form_on="/admin/sign-in")
    answer = f'{{"id": "{named}"}}'
    page = admin.post("/admin/sign-in/passkey/answer", form_on="/admin/sign-in", answer=answer)
    assert (page.status_code, "was not accepted" in page.text) == (422, True)


def test_each_sign_in_gets_a_session_of_its_own(admin: Admin) -> None:
    admin.set_up()
    first = admin.browser.get_cookie("gensvar")
    other = admin.another()
    other.sign_in()
    second = other.browser.get_cookie("gensvar")
    assert first
    assert second
    assert first.value != second.value
    assert second.http_only
    assert second.same_site == "Lax"


def test_over_https_the_cookies_are_bound_to_the_host(database_url: str) -> None:
    with admin_at(database_url, base_url="https://nps.example.com") as admin:
        page = admin.browser.get("/admin/sign-in", base_url="https://nps.example.com")
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-gensvar-form=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_signing_in_leads_back_to_the_page_asked_for(admin: Admin) -> None:
    admin.set_up()
    guest = admin.another()
    sign_in = guest.get("/admin/answers?category=detractor").location
    assert sign_in == "/admin/sign-in?next=/admin/answers?category%3Ddetractor"
    back = guest.post(
        "/admin/sign-in",
        name="Anna Berg",
        password=PASSWORD,
        next="/admin/answers?category=detractor",
    )
    assert back.location == "/admin/answers?category=detractor"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/admin/",
        "//evil.example/admin/",
        "/\\evil.example/admin/",
        "\\\\evil.example",
        "/admin/\\..\\..//evil.example",
        "/admin/\n//evil.example",
        "javascript:alert(1)",
        "/elsewhere",
        "/admin/../elsewhere",
        "/admin/sign-in?next=/admin/sign-in",
        "//[",
    ],
)
def test_nobody_is_sent_elsewhere(admin: Admin, target: str) -> None:
    admin.set_up()
    sent = admin.another().post("/admin/sign-in", name="Anna Berg", password=PASSWORD, next=target)
    assert sent.status_code == 303
    assert sent.location == "/admin/"


def test_ten_wrong_tries_of_one_address_are_enough(admin: Admin) -> None:
    admin.set_up()
    guest = admin.another()
    for _ in range(10):
        assert guest.sign_in(password="wrong wrong wrong").status_code == 422
    refused = guest.sign_in()
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) == 15 * 60 + 1
    admin.clock.move(minutes=15, seconds=1)
    assert guest.sign_in().status_code == 303


def test_right_passwords_are_not_counted(admin: Admin) -> None:
    admin.set_up()
    for _ in range(12):
        assert admin.another().sign_in().status_code == 303


def test_guessing_from_many_addresses_is_limited_too(
    admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugin.access.limits.IN_TOTAL", 3)
    admin.set_up()
    for number in range(3):
        guest = admin.another()
        guest.browser.environ_base["REMOTE_ADDR"] = f"198.51.100.{number}"
        assert guest.sign_in(password="wrong wrong wrong").status_code == 422
    guest = admin.another()
    guest.browser.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    assert guest.sign_in().status_code == 429


def test_one_network_of_ipv6_is_one_address(admin: Admin) -> None:
    admin.set_up()
    for number in range(10):
        guest = admin.another()
        guest.browser.environ_base["REMOTE_ADDR"] = f"2001:db8:1:2::{number}"
        guest.sign_in(password="wrong wrong wrong")
    guest = admin.another()
    guest.browser.environ_base["REMOTE_ADDR"] = "2001:db8:1:2:ffff::1"
    assert guest.sign_in().status_code == 429
