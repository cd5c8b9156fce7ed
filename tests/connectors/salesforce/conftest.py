"""An org with our package in it, and a connector to it."""

from collections.abc import Iterator

import pytest

from connectors.salesforce.connector import SalesforceConnector
from connectors.sandbox.salesforce import SalesforceSandbox
from tests.connectors.salesforce.helpers import connector, installed


@pytest.fixture
def org() -> Iterator[SalesforceSandbox]:
    with installed() as made:
        yield made


@pytest.fixture
def crm(org: SalesforceSandbox) -> SalesforceConnector:
    return connector(org)
