"""Most tests start in an account that is installed already: it must be as one in which the install ran."""

import pytest

from connectors.sandbox.salesforce import SalesforceSandbox
from tests.connectors.salesforce.helpers import installed, package_zip
from tests.contract.conftest import HARNESSES
from tests.support.installing import stands


@pytest.mark.parametrize("kind", HARNESSES)
def test_what_stands_in_it_is_what_an_install_leaves(kind: str) -> None:
    first, later, real = (HARNESSES[kind]() for _ in range(3))
    try:
        first.installed()
        connector = later.installed()
        assert later.calls() == 0, "the second is not installed, but begins so"
        assert connector.plan() == real.install().plan()
        assert later.connection.capabilities == real.connection.capabilities
        assert stands(later.sandbox) == stands(real.sandbox)
    finally:
        for account in (first, later, real):
            account.stop()


@pytest.mark.parametrize("keyless", [False, True])
def test_an_org_begins_as_one_our_package_was_deployed_to(keyless: bool) -> None:
    with (
        installed(keyless=keyless),
        installed(keyless=keyless) as later,
        SalesforceSandbox() as real,
    ):
        real.install(package_zip(keyless=keyless), assign={real.admin: "Gensvar_Integration"})
        assert stands(later) == stands(real)
