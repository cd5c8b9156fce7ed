"""Passkeys with a browser's own virtual authenticator, at every place where one can be used."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from plugin.services import Services
from tests.support.admin import PASSWORD, TOKEN


@pytest.fixture
def authenticator(browser_context: BrowserContext, page: Page) -> Any:
    """A device that asks its user each time; returns the debugger and the device's id."""
    debugger = browser_context.new_cdp_session(page)
    debugger.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = debugger.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return debugger, made["authenticatorId"]


def unlock(authenticator: Any, *, verified: bool) -> None:
    debugger, device = authenticator
    debugger.send(
        "WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": verified}
    )


def add_passkey(page: Page) -> None:
    page.get_by_role("link", name="Anna Berg").click()
    page.get_by_label("A name for the new passkey").fill("work laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("status").filter(has_text="The passkey is added")).to_be_visible()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/admin/sign-in")


def test_the_first_administrator_needs_no_password(
    server: Services, page: Page, authenticator: Any
) -> None:
    page.goto(f"{server.settings.base_url}/admin/sign-in")
    page.get_by_label("Administrator's token").fill(TOKEN)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Your name").fill("Anna Berg")
    page.get_by_role("button", name="Set up with a passkey instead").click()
    page.wait_for_url("**/admin/")
    sign_out(page)
    page.goto(f"{server.settings.base_url}/admin/audit")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/admin/audit")
    expect(page.get_by_text("with a passkey, Chrome on Linux").first).to_be_visible()


def test_a_passkey_beside_the_password(at_home: Page, authenticator: Any) -> None:
    add_passkey(at_home)
    expect(at_home.get_by_text("work laptop", exact=True)).to_be_visible()
    sign_out(at_home)
    at_home.get_by_role("button", name="Sign in with a passkey").click()
    at_home.wait_for_url("**/admin/")


def test_a_device_that_does_not_ask_its_user_is_refused(at_home: Page, authenticator: Any) -> None:
    add_passkey(at_home)
    sign_out(at_home)
    unlock(authenticator, verified=False)
    at_home.get_by_role("button", name="Sign in with a passkey").click()
    expect(at_home.get_by_text("It was cancelled or took too long.")).to_be_visible()
    unlock(authenticator, verified=True)
    at_home.get_by_role("button", name="Try again").click()
    at_home.wait_for_url("**/admin/")


def test_an_answer_counts_once(at_home: Page, authenticator: Any) -> None:
    add_passkey(at_home)
    sign_out(at_home)
    sent: list[str] = []
    at_home.on("request", lambda r: sent.append(r.post_data or "") if "/answer" in r.url else None)
    at_home.get_by_role("button", name="Sign in with a passkey").click()
    at_home.wait_for_url("**/admin/")
    sign_out(at_home)
    token = at_home.locator("input[name=csrf_token]").first.input_value()
    old = next(part for part in sent[0].split("&") if part.startswith("answer="))
    replayed = at_home.request.post(
        at_home.url + "/passkey/answer",
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "text/html",
            "Referer": at_home.url,
        },
        data=f"csrf_token={token}&{old}",
    )
    assert replayed.status == 422
    assert "The passkey was not accepted" in replayed.text()


def test_a_removed_passkey_opens_nothing(at_home: Page, authenticator: Any) -> None:
    add_passkey(at_home)
    at_home.get_by_text("Remove …").click()
    at_home.get_by_role("button", name="Remove this passkey").click()
    expect(at_home.get_by_role("status").filter(has_text="The passkey is removed")).to_be_visible()
    sign_out(at_home)
    at_home.get_by_role("button", name="Sign in with a passkey").click()
    expect(at_home.get_by_role("alert")).to_contain_text("The passkey was not accepted")
    at_home.get_by_label("Name").fill("Anna Berg")
    at_home.get_by_label("Password").fill(PASSWORD)
    at_home.get_by_role("button", name="Sign in", exact=True).click()
    at_home.wait_for_url("**/admin/")
