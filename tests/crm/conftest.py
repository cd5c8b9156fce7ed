import io
import sys
from collections.abc import Iterator

import pytest

from connectors.sandbox.hubspot import HubSpotSandbox
from connectors.sandbox.salesforce import SalesforceSandbox
from plugin.cli import main
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


@pytest.fixture
def run(here, side, monkeypatch, tmp_path, capsys):
    """Runs a command in an empty folder; its exit code, output and messages."""
    given = here.services.settings
    for name, value in {
        "ENV": "test",
        "DATABASE_URL": given.database_url,
        "BASE_URL": given.base_url,
        "HUBSPOT_API_URL": given.hubspot_api_url,
        "SALESFORCE_LOGIN_URL": given.salesforce_login_url,
        "ENCRYPTION_KEYS": given.encryption_keys[0],
        "SIGNING_KEYS": given.signing_keys[0],
        "ADMIN_TOKEN": given.admin_token,
        "TIME_SCALE": "1000",
    }.items():
        monkeypatch.setenv(f"GENSVAR_{name}", value)
    monkeypatch.chdir(tmp_path)

    def call(*words, typed=""):
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        capsys.readouterr()
        try:
            code = main(words)
        except SystemExit as error:
            code = error.code
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


def _address(request: pytest.FixtureRequest, sandbox: str, crm: str) -> str:
    """Where that CRM is; a test that does without it does not start it."""
    if sandbox in request.fixturenames or request.node.callspec.params.get("side") == crm:
        return str(request.getfixturevalue(sandbox).url)
    return NOWHERE
