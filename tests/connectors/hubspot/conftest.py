"""A sandbox account per case, and the ways to it."""

from collections.abc import Iterator

import pytest

from connectors.hubspot.client import Api
from connectors.protocol import Connector
from connectors.sandbox.hubspot import HubSpotSandbox
from tests.contract.hubspot import HubSpotHarness


@pytest.fixture
def account() -> Iterator[HubSpotHarness]:
    made = HubSpotHarness()
    yield made
    made.stop()


@pytest.fixture
def hub(account: HubSpotHarness) -> HubSpotSandbox:
    return account.hub


@pytest.fixture
def api(account: HubSpotHarness) -> Api:
    return Api(account.connection, account.tokens)


@pytest.fixture
def connector(account: HubSpotHarness) -> Connector:
    """Installed."""
    return account.installed()
