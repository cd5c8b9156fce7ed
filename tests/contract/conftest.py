"""One account per case, of each CRM in turn. A third CRM adds its harness to ``HARNESSES``."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from connectors.protocol import Connector
from tests.contract.harness import Harness
from tests.contract.hubspot import HubSpotHarness
from tests.contract.salesforce import SalesforceHarness

HARNESSES: dict[str, Callable[[], Harness]] = {
    "hubspot": HubSpotHarness,
    "hubspot without properties on notes and tasks": partial(
        HubSpotHarness, activity_properties=False
    ),
    "salesforce": SalesforceHarness,
    "salesforce without a unique field on tasks": partial(
        SalesforceHarness, refuses_unique_activity_field=True
    ),
}


@pytest.fixture(params=HARNESSES)
def account(request: pytest.FixtureRequest) -> Iterator[Harness]:
    made = HARNESSES[request.param]()
    yield made
    made.stop()


@pytest.fixture
def connector(account: Harness) -> Connector:
    """Installed."""
    return account.installed()
