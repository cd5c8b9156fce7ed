"""An administrator's browser: at our pages, and at the CRM's consent page."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import requests
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from plugin.access.sessions import start
from plugin.access.store import administrator
from plugin.app import create_app
from plugin.db import new_id
from plugin.services import Services


class Browser:
    """Signed in as an administrator of her own."""

    def __init__(self, app: Flask, services: Services, *, signed_in: bool = True) -> None:
        self.app, self.services = app, services
        self.client: FlaskClient = app.test_client()
        if signed_in:
            self._sign_in()

    def _sign_in(self) -> None:
        made = new_id()
        with self.services.database.write() as connection:
            connection.execute(
                administrator.insert().values(
                    id=made, name="Anna", login=made, created_at=self.services.clock.now()
                )
            )
            secret = start(connection, self.services.clock, made, way="password", device="test")
        name = self.app.config["GENSVAR_COOKIE"]
        self.client.set_cookie(name, secret)

    def get(self, address: str) -> TestResponse:
        return self.client.get(path(address), headers={"Accept": "text/html"})

    def post(self, address: str, on: str = "", **fields: str) -> TestResponse:
        """Sends a form with the token of the page it stands on."""
        page = self.get(on or address).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        sent = fields | {"csrf_token": token.group(1) if token else ""}
        return self.client.post(path(address), data=sent, headers={"Accept": "text/html"})

    def start(self, address: str) -> str:
        """Where the CRM's consent page is."""
        answer = self.get(address)
        assert answer.status_code == 302, answer.text
        return str(answer.location)


def consent(address: str, decision: str = "approve") -> str:
    """What a person does at the CRM; the address it sends the browser back to."""
    page = requests.get(address, timeout=10)
    assert page.status_code == 200, page.text
    answer = requests.post(address, data={"decision": decision}, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def query(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def words(answer: TestResponse) -> str:
    """What a person reads on a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def app_of(services: Services) -> Flask:
    """The web of this server, where sessions and sign-ins last as long as they should."""
    services.clock.scale = 1.0
    return create_app(services)
