"""A sandbox org with the package in it."""

from collections.abc import Iterator

import pytest

from connectors.sandbox.salesforce import SalesforceSandbox
from tests.connectors.salesforce.helpers import installed
from tests.connectors.sandbox.salesforce.plain import Api


@pytest.fixture
def org() -> Iterator[SalesforceSandbox]:
    with installed() as made:
        yield made


@pytest.fixture
def api(org: SalesforceSandbox) -> Api:
    return Api(org)
