"""Connecting the sandbox CRMs the way an administrator does in the browser: consent, tokens, set-up, check."""

from urllib.parse import parse_qs, urlsplit

import requests

from plugin.access.rules import CLI
from plugin.crm import actions, oauth
from plugin.crm.connections import Connections
from plugin.crm.setup import check, set_up_now
from plugin.errors import Problem
from plugin.services import Services

SESSION = "demo"
FALLBACK = "Mireille Aubert"


def connect(shared: Services, crm: str) -> str:
    """The installation's id, with our fields in the CRM. Raises ``Problem`` or ``CrmError``."""
    address = oauth.begin(shared, SESSION, oauth.Wish(crm))
    code, state = _approve(address)
    wish = oauth.returned(shared, SESSION, crm, state)
    granted = oauth.exchange(shared, wish, code)
    with shared.database.write() as connection:
        made = actions.connect(
            connection, shared.clock, shared.sealer, granted, way="oauth", who=CLI
        )
    connections = Connections(shared)
    _choose(shared, connections, made)
    set_up_now(connections, made, say=lambda words: None)
    check(connections, connections.row(made))
    return made


def _approve(address: str) -> tuple[str, str]:
    """What a person does on the sandbox's consent page: tick everything and allow it."""
    asked = parse_qs(urlsplit(address).query)
    ticked = dict.fromkeys(" ".join(asked.get("optional_scope", [])).split(), "on")
    answer = requests.post(
        address, data={"decision": "approve", **ticked}, allow_redirects=False, timeout=10
    )
    back = parse_qs(urlsplit(answer.headers.get("Location", "")).query)
    if "code" not in back:
        raise Problem(
            "oauth_state", f"The sandbox refused to connect: {back or answer.status_code}"
        )
    return back["code"][0], back["state"][0]


def _choose(shared: Services, connections: Connections, installation: str) -> None:
    """Somebody for tasks that nobody else can have, and everybody active may see our fields."""
    people = connections.connector(connections.row(installation)).users()
    active = [person for person in people if person.active]
    fallback = next((person.id for person in active if person.name == FALLBACK), "")
    with shared.database.write() as connection:
        actions.choose(
            connection,
            installation,
            owner=fallback,
            viewers=[person.id for person in active],
            who=CLI,
        )
