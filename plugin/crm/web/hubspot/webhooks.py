"""What HubSpot tells us by itself: verified, kept, answered; what it means is worked out later.

A signature holds for all accounts of one app, so one call may speak of several, and for no other app's.
"""

import json
from collections.abc import Sequence
from typing import Any, TypeAlias

from flask import Blueprint, Response, current_app
from sqlalchemy.engine import Connection

from connectors.hubspot.events import pushed
from plugin.crm.apps import HUBSPOT, by_secret
from plugin.crm.inbox import Inbox, Received
from plugin.crm.store import of_crm
from plugin.crm.web.hubspot.door import body, signed
from plugin.groupcommit import GroupCommit
from plugin.services import Services, services
from plugin.strict import malformed
from plugin.web import json_response

blueprint = Blueprint("webhooks", __name__)

MOST_EVENTS = 100
MOST = 256 * 1024
TOGETHER = 20  # calls that share one transaction
Keeper: TypeAlias = "GroupCommit[Received, int]"


def build(shared: Services) -> Keeper:
    inbox = Inbox()

    def keep(connection: Connection, received: Sequence[Received]) -> list[int]:
        return inbox.keep(connection, received, shared.clock.now())

    return GroupCommit(shared.database, keep, most=TOGETHER)


@blueprint.post("/webhooks")
def receive() -> Response:
    """Twice the same is once; unknown accounts and kinds of events are answered like any other."""
    sent = body(MOST)
    with services().database.read() as connection:
        known = by_secret(services(), of_crm(connection, HUBSPOT))
    secret = signed(known, sent)
    keeper: Keeper = current_app.extensions["gensvar.inbox"]
    # Nobody is woken: the worker looks every quarter of a second, and then takes many events at once.
    return json_response({"kept": keeper.submit(Received(known[secret], pushed(_events(sent))))})


def _events(sent: bytes) -> list[Any]:
    """Raises ``Problem("body_malformed")``."""
    try:
        events = json.loads(sent)
    except (ValueError, RecursionError):
        raise malformed("The body is not valid JSON.") from None
    if not isinstance(events, list) or len(events) > MOST_EVENTS:
        raise malformed(f"The body must be a list of at most {MOST_EVENTS} events.")
    return events
