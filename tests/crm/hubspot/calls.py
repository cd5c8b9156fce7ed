"""Calling us the way HubSpot does: path and query as they are sent, signed with the app's secret."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from werkzeug.test import TestResponse

from connectors.hubspot.signatures import signature_v2, signature_v3
from plugin.crm.store import installation
from plugin.db import milliseconds
from plugin.deliveries.actions import ensure_lane
from tests.support.surveys import HUB, World

SECRET = "the-secret-of-our-own-app"
PORTAL = HUB.removeprefix("hubspot:")
APP = "42"
REP = "rep+1@nordlys.example"


@dataclass
class Calls:
    """*secret* is what HubSpot signs with; *late* is how many seconds ago it did."""

    world: World
    secret: str = SECRET
    late: float = 0.0
    portal: str = PORTAL
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return self.world.shared.settings.base_url

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.send("GET", path, **more)

    def post(self, path: str, document: Any, **more: Any) -> TestResponse:
        return self.send("POST", path, json.dumps(document).encode(), **more)

    def send(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        query: str | None = None,
        sent: bytes | None = None,
        **changed: Any,
    ) -> TestResponse:
        """*changed* are parameters of the query; *sent* is another body than the one that was signed."""
        address = path + (f"?{self.query(**changed)}" if query is None else query)
        return self.world.client.open(
            address,
            method=method,
            data=body if sent is None else sent,
            content_type="application/json" if method == "POST" else None,
            headers=self.signed(method, address, body) | self.headers,
        )

    def query(self, **changed: Any) -> str:
        """As HubSpot's proxy appends it."""
        asked = {"portalId": self.portal, "userId": "9", "userEmail": REP, "appId": APP} | changed
        return urlencode({k: v for k, v in asked.items() if v is not None}, quote_via=quote)

    def signed(self, method: str, address: str, body: bytes) -> dict[str, str]:
        at = str(milliseconds(self.world.clock.now()) - round(self.late * 1000))
        made = signature_v3(self.secret, method, self.base + address, body, at)
        return {"X-HubSpot-Signature-v3": made, "X-HubSpot-Request-Timestamp": at}

    def act(self, document: Any, **more: Any) -> TestResponse:
        """A workflow's call of our action, which is signed the older way."""
        path, body = "/hubspot/actions/ask", json.dumps(document).encode()
        made = signature_v2(more.get("secret", self.secret), "POST", self.base + path, body)
        headers = {"X-HubSpot-Signature": made, "X-HubSpot-Signature-Version": "v2"}
        return self.world.client.post(
            path, data=more.get("sent", body), content_type="application/json", headers=headers
        )

    def another(self, account: str, **values: Any) -> str:
        """One more connected account."""
        made = f"hubspot:{account}"
        row = {
            "id": made, "crm": "hubspot", "account": account, "name": f"Account {account}",
            "ui_url": "http://crm.test", "api_url": "http://127.0.0.1:9", "way": "oauth",
            "state": "connected", "connected_at": self.world.clock.now(),
        }  # fmt: skip
        with self.world.shared.database.write() as connection:
            connection.execute(installation.insert().values(**row | values))
            ensure_lane(connection, f"crm:{made}", 9)
        return made


def code(response: TestResponse) -> str:
    """Status and code of a refusal."""
    assert response.mimetype == "application/problem+json", response.text
    return f"{response.status_code} {response.json['code']}"
