from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.sandbox.hubspot import HubSpotSandbox
from plugin.app import create_app
from plugin.clock import Clock
from plugin.crm.store import installation
from tests.crm import places
from tests.crm.hubspot.calls import APP, SECRET, Calls
from tests.support.databases import copied
from tests.support.surveys import HUB, World, settings, world
from widget.tokens import Tokens


@pytest.fixture
def calls(sqlite_template: Path, tmp_path: Path) -> Iterator[Calls]:
    """HubSpot on the other side, of an account that was connected with the settings' app."""
    yield from calling(copied(sqlite_template, tmp_path / "gensvar.db"))


@pytest.fixture
def stored(database_url: str) -> Iterator[Calls]:
    """The same on both databases, for what is kept."""
    yield from calling(database_url)


@pytest.fixture
def hub() -> Iterator[HubSpotSandbox]:
    with HubSpotSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def live(hub: HubSpotSandbox, sqlite_template: Path, tmp_path: Path) -> Iterator[Calls]:
    """An account in the sandbox, connected with an app of its own."""
    given = places.settings(
        copied(sqlite_template, tmp_path / "gensvar.db"), hubspot_api_url=hub.url
    )
    here = places.place(given, Clock())
    here.connect("hubspot", hub)
    here.touchpoint()
    shared = here.services
    made = World(
        shared, create_app(shared), shared.clock, Tokens(given.signing_keys, shared.clock.now)
    )
    yield Calls(made, hub.client.secret, portal=hub.portal_id)
    here.close()


def calling(database_url: str) -> Iterator[Calls]:
    made = world(settings(database_url, hubspot_client_id="app", hubspot_client_secret=SECRET))
    known = installation.update().where(installation.c.id == HUB)
    made.write(known.values(capabilities={"app_id": APP}, scopes=["oauth"]))
    yield Calls(made)
    made.shared.database.close()
