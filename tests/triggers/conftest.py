"""A server with a trigger or two, connected to either CRM."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from plugin.access.rules import CLI
from plugin.asking.store import ask
from plugin.clock import Clock
from plugin.deliveries.store import delivery, lane
from plugin.touchpoints.store import touchpoint
from plugin.triggers import actions, finding
from plugin.triggers.rules import Draft, Parameters
from plugin.triggers.store import trigger, trigger_event
from tests.crm.conftest import account, here, hub, org
from tests.crm.places import Place
from tests.crm.sides import InHubSpot, InSalesforce, Side

__all__ = ["account", "here", "hub", "org"]

Make = Callable[..., str]
MAIL = {
    "mail_url": "smtp://127.0.0.1:9",
    "mail_from": "nps@acme.example",
    "mail_reply_to": "care@acme.example",
}


@pytest.fixture
def side(request: pytest.FixtureRequest, database_url: str) -> Side:
    """Each CRM with one of the databases: what either does alone is tested where it belongs."""
    if database_url.startswith("sqlite"):
        hub = request.getfixturevalue("hub")
        hub.portal.options.search_rate = 1_000
        return InHubSpot(hub)
    return InSalesforce(request.getfixturevalue("org"))


@pytest.fixture
def make(here: Place, account: str) -> Make:
    """Adds a trigger, tries it out and switches it on unless told otherwise; its key."""
    here.services.settings = replace(here.services.settings, **MAIL)

    def made(kind: str = "case_closed", *, on: bool = True, **more: Any) -> str:
        about = more.pop("touchpoint", "support")
        asks = "relational" if kind == "steady_flow" else "transactional"
        here.touchpoint(about, kind=asks)
        contacts: Sequence[str] = more.pop("contacts", ())
        key, channel = more.pop("key", kind.replace("_", "-")), more.pop("channel", "email")
        draft = Draft(key, "A trigger", account, kind, about, channel, Parameters(**more))
        actions.add(here.services, CLI, draft, contacts)
        if on:
            switch_on(here, key)
        here.run(lane.update().values(rate=1e6))
        return key

    return made


def switch_on(here: Place, key: str) -> None:
    """As if it had been tried out."""
    here.run(trigger.update().where(trigger.c.key == key).values(dry_run={}))
    actions.switch_on(here.services, CLI, key, "A test")


def turns_come(here: Place) -> None:
    """Whatever waits for its turn is decided now: the database's clock is not ahead with ours."""
    waiting = (delivery.c.kind == finding.KIND, delivery.c.state == "queued")
    here.run(delivery.update().where(*waiting).values(due_at=Clock().now()))
    here.deliver()


def events(here: Place) -> list[Any]:
    return here.all(sa.select(trigger_event).order_by(trigger_event.c.id))


def outcomes(here: Place) -> list[str]:
    """Of each event in the order in which they were found."""
    return [one.reason or one.state for one in events(here)]


def asks(here: Place) -> list[Any]:
    return here.all(sa.select(ask).order_by(ask.c.id))


def the(here: Place, key: str) -> Any:
    return here.one(sa.select(trigger).where(trigger.c.key == key))


def window(here: Place, days: int, key: str = "support") -> None:
    here.run(touchpoint.update().where(touchpoint.c.key == key).values(window_days=days))
