"""The closed addresses: every page, every form, every stale or foreign one."""

import re

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.support.admin import Admin

OPEN = {
    "access.sign_in",
    "access.sign_in_to_send",
    "access.sign_in_with_password",
    "access.sign_in_with_token",
    "access.ask_for_passkey",
    "access.sign_in_with_passkey",
    "access.welcome",
    "access.set_up",
    "access.set_up_with_passkey",
    "access.rescue",
    "crm.connecting.callback",  # looks for itself; a code must not travel on in an address
    "touchpoints.preview_file",
    "touchpoints.preview_event",
    "touchpoints.preview_answer",
}


def closed_rules(app: Flask) -> list[Rule]:
    rules = app.url_map.iter_rules()
    return [r for r in rules if r.rule.startswith(("/admin", "/oauth")) and r.endpoint not in OPEN]


def address(rule: Rule) -> str:
    """With the first word where the rule names some, and any word elsewhere."""
    return re.sub(r"<(?:any\((\w+)[^)]*\):)?[^>]+>", lambda found: found[1] or "x", rule.rule)


def test_every_page_asks_a_stranger_to_sign_in(admin: Admin) -> None:
    admin.begin()
    stranger = admin.another()
    pages = [r for r in closed_rules(admin.app) if "GET" in (r.methods or ())]
    assert len(pages) > 10
    for rule in pages:
        if rule.rule == "/admin":
            continue  # only adds the slash
        answer = stranger.get(address(rule))
        assert answer.status_code == 303, rule
        assert answer.location.startswith("/admin/sign-in?next="), rule


def test_every_form_refuses_a_stranger(admin: Admin) -> None:
    admin.begin()
    stranger = admin.another()
    forms = [r for r in closed_rules(admin.app) if "POST" in (r.methods or ())]
    assert len(forms) > 10
    for rule in forms:
        assert stranger.send(address(rule), {}).status_code == 401, rule


def test_every_form_wants_our_token(anna: Admin) -> None:
    forms = [r for r in anna.app.url_map.iter_rules() if "POST" in (r.methods or ())]
    ours = [r for r in forms if r.rule.startswith(("/admin", "/oauth"))]
    for rule in ours:
        if rule.endpoint in ("touchpoints.preview_event", "touchpoints.preview_answer"):
            continue  # change nothing
        refused = anna.send(address(rule), {})
        assert refused.status_code == 403, rule
        assert "Nothing was changed" in refused.text, rule


def test_a_refused_form_shows_the_way_back(anna: Admin) -> None:
    refused = anna.send(
        "/admin/api-keys", {"csrf_token": "x"}, Referer="http://localhost/admin/api-keys?a=1"
    )
    assert 'href="/admin/api-keys?a=1"' in refused.text


def test_the_way_back_is_found_behind_a_proxy_that_calls_us_otherwise(admin: Admin) -> None:
    came = {"Referer": "http://localhost/admin/audit", "Host": "127.0.0.1:8000"}
    refused = admin.send("/admin/api-keys", {}, **came)
    assert 'href="/admin/sign-in?next=/admin/audit"' in refused.text


@pytest.mark.parametrize("referrer", ["https://evil.example/admin/", "http://["])
def test_the_way_back_never_leads_elsewhere(anna: Admin, referrer: str) -> None:
    refused = anna.send("/admin/api-keys", {}, Referer=referrer)
    assert (refused.status_code, 'href="/admin/"' in refused.text) == (403, True)
    assert "evil.example" not in refused.text


def test_another_browsers_token_is_worth_nothing(anna: Admin) -> None:
    from tests.support.admin import csrf_of

    token = csrf_of(anna.another().get("/admin/sign-in").text)
    assert token
    assert anna.send("/admin/sign-out", {"csrf_token": token}).status_code == 403


def test_a_program_gets_the_refusal_as_a_document(anna: Admin) -> None:
    refused = anna.browser.post("/admin/sign-out", headers={"Accept": "application/json"})
    assert refused.mimetype == "application/problem+json"
    assert refused.get_json()["code"] == "csrf"


@pytest.mark.parametrize("path", ["/admin/", "/admin/sign-in", "/admin/audit"])
def test_pages_carry_a_strict_policy_and_nothing_inline(anna: Admin, path: str) -> None:
    page = (anna.another() if "sign-in" in path else anna).get(path)
    policy = page.headers["Content-Security-Policy"]
    for part in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"):
        assert part in policy
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script>", page.text)


def test_customers_pages_get_no_cookie(anna: Admin) -> None:
    page = anna.another().get("/s/nonsense")
    assert "Set-Cookie" not in page.headers
