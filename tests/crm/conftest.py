from collections.abc import Iterator

import pytest

from connectors.sandbox.hubspot import HubSpotSandbox
from connectors.sandbox.salesforce import SalesforceSandbox
from tests.crm.places import Place, place, settings
from tests.crm.sides import InHubSpot, InSalesforce, Side


@pytest.fixture
def hub() -> Iterator[HubSpotSandbox]:
    with HubSpotSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def org() -> Iterator[SalesforceSandbox]:
    with SalesforceSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def here(database_url: str, hub: HubSpotSandbox, org: SalesforceSandbox) -> Iterator[Place]:
    """A server that knows where the sandboxes are, connected to neither."""
    made = place(
        settings(
            database_url,
            hubspot_api_url=hub.url,
            hubspot_authorize_url=f"{hub.url}/oauth/authorize",
            salesforce_login_url=org.url,
        )
    )
    yield made
    made.close()


@pytest.fixture(params=["hubspot", "salesforce"])
def side(request: pytest.FixtureRequest, hub: HubSpotSandbox, org: SalesforceSandbox) -> Side:
    """Either CRM."""
    return InHubSpot(hub) if request.param == "hubspot" else InSalesforce(org)


@pytest.fixture
def account(here: Place, side: Side) -> str:
    """An installation that is connected and set up in either CRM."""
    return here.connect(side.name, side.sandbox)
