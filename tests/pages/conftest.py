"""A browser at the administrator's pages: Flask's client, or a real one at a real server."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

from plugin.services import Services
from tests.support.admin import PASSWORD, TOKEN, admin, anna, quick_passwords
from tests.support.admin_server import served

__all__ = ["admin", "anna", "quick_passwords"]


@pytest.fixture
def server(database_url: str, quick_passwords: None) -> Iterator[Services]:
    """A server nobody has set up yet."""
    with served(database_url) as services:
        yield services


@pytest.fixture
def at_home(server: Services, browser_context: BrowserContext, page: Page) -> Page:
    """A browser signed in as the first administrator, on the overview."""
    page.goto(f"{server.settings.base_url}/admin/sign-in")
    page.get_by_label("Administrator's token").fill(TOKEN)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Your name").fill("Anna Berg")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Set up with this password").click()
    page.wait_for_url("**/admin/")
    return page
