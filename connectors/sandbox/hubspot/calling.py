"""What a card, a settings page or a workflow of HubSpot asks of the app's server, through HubSpot's own proxy: signed,
with the account and the user appended, once more where nobody answered."""

import json
from dataclasses import dataclass
from typing import Any

import requests

from connectors.sandbox.hubspot import signing
from connectors.sandbox.hubspot.hub import Hub

PATIENCE = 15.0


@dataclass(frozen=True, slots=True)
class Answer:
    """*status* is 0 where nobody answered; *document* is empty then and where the answer was no JSON."""

    status: int
    document: dict[str, Any]

    @property
    def ok(self) -> bool:
        return self.status == 200


def fetch(hub: Hub, path: str, document: Any = None, **asked: str) -> Answer:
    """A card's ``hubspot.fetch``: GET, or POST where there is a *document*."""
    grants = hub.grants
    values = {
        **asked,
        "portalId": str(hub.portal.id),
        "userId": str(grants.user_id),
        "userEmail": grants.user,
        "appId": str(grants.app_id),
    }
    url = f"{hub.portal.options.app_url}{path}?{signing.query(values)}"
    method, body = ("GET", "") if document is None else ("POST", json.dumps(document))
    found = _call(hub, method, url, body)
    return _call(hub, method, url, body) if found.status == 0 or found.status >= 500 else found


def run_action(hub: Hub, contact_id: str, inputs: dict[str, str]) -> Answer:
    """What a workflow with our action in it sends for one contact."""
    url = f"{hub.portal.options.app_url}/hubspot/actions/ask"
    body = json.dumps(
        {
            "callbackId": f"ap-{hub.portal.id}-{hub.portal.new_id()}",
            "origin": {"portalId": hub.portal.id, "actionDefinitionId": 77},
            "context": {"source": "WORKFLOWS", "workflowId": 11},
            "object": {"objectId": int(contact_id), "objectType": "CONTACT", "properties": {}},
            "inputFields": inputs,
            "fields": inputs,
        }
    )
    return _sent("POST", url, body, signing.v2(hub.grants.client_secret, "POST", url, body))


def _call(hub: Hub, method: str, url: str, body: str) -> Answer:
    return _sent(method, url, body, signing.v3(hub.grants.client_secret, method, url, body))


def _sent(method: str, url: str, body: str, signed: dict[str, str]) -> Answer:
    headers = {**signed, **({"Content-Type": "application/json"} if body else {})}
    try:
        answer = requests.request(
            method, url, data=body.encode(), headers=headers, timeout=PATIENCE
        )
        document = answer.json()
    except requests.RequestException:
        return Answer(0, {})
    return Answer(answer.status_code, document if isinstance(document, dict) else {})
