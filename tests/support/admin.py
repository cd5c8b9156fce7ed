"""The administrator's pages over real HTTP calls of Flask's client, with a clock that tests move."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from plugin.app import create_app
from plugin.clock import Clock
from plugin.config import Settings
from plugin.services import Services
from plugin.wiring import build_services
from tests.support.first_admin import first_admin

TOKEN = "the-administrators-token"
PASSWORD = "correct horse battery staple"
KEY = "k" * 32


class MovedClock(Clock):
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        super().__init__()
        self.at = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


def settings(database_url: str, **changed: object) -> Settings:
    given: dict[str, object] = {
        "env": "test",
        "database_url": database_url,
        "base_url": "http://localhost",
        "signing_keys": (KEY,),
        "encryption_keys": (KEY,),
        "admin_token": TOKEN,
        "instance": Path("unused"),
        "log_level": "error",
    }
    return Settings(**(given | changed))  # type: ignore[arg-type]


@dataclass
class Admin:
    """One browser at the administrator's pages."""

    app: Flask
    services: Services
    clock: MovedClock
    browser: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.browser = self.app.test_client()

    def another(self) -> "Admin":
        """A second browser, at the same server."""
        return Admin(self.app, self.services, self.clock)

    def get(self, address: str, **kwargs: object) -> TestResponse:
        return self.browser.get(address, headers={"Accept": "text/html"}, **kwargs)  # type: ignore[arg-type]

    def post(self, address: str, form_on: str = "", **fields: str) -> TestResponse:
        """Fills a form in as a browser does: with the token of the page it stands on, and what it began with."""
        page = self.get(form_on or address).text
        began = {"seen": hidden_in(page, "seen")} if 'name="seen"' in page else {}
        return self.send(address, began | fields | {"csrf_token": csrf_of(page)})

    def send(self, address: str, fields: dict[str, str], **headers: str) -> TestResponse:
        """Posts without looking at a page first."""
        return self.browser.post(address, data=fields, headers={"Accept": "text/html", **headers})

    def sign_in(self, name: str = "Anna Berg", password: str = PASSWORD) -> TestResponse:
        return self.post("/admin/sign-in", name=name, password=password)

    def set_up(self, name: str = "Anna Berg", password: str = PASSWORD) -> TestResponse:
        """Becomes the first administrator."""
        link = self.post("/admin/sign-in/token", form_on="/admin/sign-in", token=TOKEN).location
        return self.post(str(link), name=name, password=password)

    def begin(self, name: str = "Anna Berg", password: str = PASSWORD) -> None:
        """Is the first administrator already, as ``set_up`` leaves her, without looking at the pages."""
        session = first_admin(self.services, TOKEN, name, password)
        self.browser.set_cookie(self.app.config["GENSVAR_COOKIE"], session)

    def invite(self, note: str = "Bo") -> str:
        """The path of a new invitation."""
        page = self.post(
            "/admin/administrators/invitations", form_on="/admin/administrators", note=note
        ).text
        return link_in(page)


def csrf_of(page: str) -> str:
    return hidden_in(page, "csrf_token")


def hidden_in(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    return found.group(1) if found else ""


def link_in(page: str) -> str:
    found = re.search(r"http://localhost(/admin/welcome/[\w-]+)", unescape(page))
    assert found, page
    return found.group(1)


@contextmanager
def admin_at(database_url: str, **changed: object) -> Iterator[Admin]:
    clock = MovedClock()
    services = build_services(settings(database_url, **changed), clock)
    yield Admin(create_app(services), services, clock)
    services.database.close()


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing is slow on purpose; these tests are about everything around it."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("plugin.access.passwords._hasher", quick)


@pytest.fixture
def admin(database_url: str, quick_passwords: None) -> Iterator[Admin]:
    """A browser at a server nobody has set up yet."""
    with admin_at(database_url) as admin:
        yield admin


@pytest.fixture
def anna(admin: Admin) -> Admin:
    """The same, signed in as the first administrator."""
    admin.begin()
    return admin
