from collections.abc import Iterator

import pytest

from connectors.sandbox.hubspot import HubSpotSandbox
from connectors.sandbox.salesforce import SalesforceSandbox
from tests.crm.places import Place, place, settings
from tests.crm.sides import InHubSpot, InSalesforce, Side

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def hub() -> Iterator[HubSpotSandbox]:
    with HubSpotSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def org() -> Iterator[SalesforceSandbox]:
    with SalesforceSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def here(request: pytest.FixtureRequest, database_url: str) -> Iterator[Place]:
    """A server that knows where the sandboxes are, connected to neither."""
    hub, org = _address(request, "hub", "hubspot"), _address(request, "org", "salesforce")
    made = place(
        settings(
            database_url,
            hubspot_api_url=hub,
            hubspot_authorize_url=f"{hub}/oauth/authorize",
            salesforce_login_url=org,
        )
    )
    yield made
    made.close()


@pytest.fixture(params=["hubspot", "salesforce"])
def side(request: pytest.FixtureRequest) -> Side:
    """Either CRM."""
    if request.param == "hubspot":
        return InHubSpot(request.getfixturevalue("hub"))
    return InSalesforce(request.getfixturevalue("org"))


@pytest.fixture
def account(here: Place, side: Side) -> str:
    """An installation that is connected and set up in either CRM."""
    return here.connect(side.name, side.sandbox)


def _address(request: pytest.FixtureRequest, sandbox: str, crm: str) -> str:
    """Where that CRM is; a test that does without it does not start it."""
    if sandbox in request.fixturenames or request.node.callspec.params.get("side") == crm:
        return str(request.getfixturevalue(sandbox).url)
    return NOWHERE
