"""What HubSpot asks of us, as signed bytes; and the account it asks for."""

import time
from collections.abc import Sequence
from urllib.parse import quote, urlencode

from bench.support import planting
from connectors.hubspot.signatures import signature_v3
from plugin.clock import Clock
from plugin.crm.store import installation
from plugin.db import Database

PORTAL, APP, SECRET = "4711", "42", "the-secret-of-the-app"
INSTALLATION = f"hubspot:{PORTAL}"
SETTINGS = {"HUBSPOT_CLIENT_ID": "app", "HUBSPOT_CLIENT_SECRET": SECRET}


def add_account(database: Database) -> None:
    """Connected; nothing it owes can be delivered, because no CRM is there."""
    planting.add_lane(database, INSTALLATION)
    with database.write() as connection:
        connection.execute(
            installation.insert().values(
                id=INSTALLATION,
                crm="hubspot",
                account=PORTAL,
                name="Acme",
                ui_url="http://127.0.0.1:9",
                api_url="http://127.0.0.1:9",
                way="oauth",
                state="connected",
                capabilities={"app_id": APP},
                connected_at=Clock().now(),
            )
        )


def card_requests(port: int, contacts: Sequence[str]) -> list[bytes]:
    """The card's data for each of *contacts*, asked for by many users; good for five minutes."""
    return [
        _request(port, "GET", "/hubspot/card?" + _query(contact, f"{number % 200}"))
        for number, contact in enumerate(contacts)
    ]


def webhook_request(port: int, body: bytes) -> bytes:
    return _request(port, "POST", "/hubspot/webhooks", body)


def _query(contact: str, user: str) -> str:
    asked = {
        "contact": contact, "portalId": PORTAL, "userId": user,
        "userEmail": f"rep{user}@acme.example", "appId": APP,
    }  # fmt: skip
    return urlencode(asked, quote_via=quote)


def _request(port: int, method: str, path: str, body: bytes = b"") -> bytes:
    at = str(int(time.time() * 1000))
    signature = signature_v3(SECRET, method, f"http://127.0.0.1:{port}{path}", body, at)
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"X-HubSpot-Signature-v3: {signature}\r\nX-HubSpot-Request-Timestamp: {at}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body
