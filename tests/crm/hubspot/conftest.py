from collections.abc import Iterator
from pathlib import Path

import pytest

from plugin.crm.store import installation
from tests.crm.hubspot.calls import APP, SECRET, Calls
from tests.support.databases import copied
from tests.support.surveys import HUB, settings, world


@pytest.fixture
def calls(sqlite_template: Path, tmp_path: Path) -> Iterator[Calls]:
    """HubSpot on the other side, of an account that was connected with the settings' app."""
    yield from calling(copied(sqlite_template, tmp_path / "gensvar.db"))


@pytest.fixture
def stored(database_url: str) -> Iterator[Calls]:
    """The same on both databases, for what is kept."""
    yield from calling(database_url)


def calling(database_url: str) -> Iterator[Calls]:
    made = world(settings(database_url, hubspot_client_id="app", hubspot_client_secret=SECRET))
    known = installation.update().where(installation.c.id == HUB)
    made.write(known.values(capabilities={"app_id": APP}, scopes=["oauth"]))
    yield Calls(made)
    made.shared.database.close()
