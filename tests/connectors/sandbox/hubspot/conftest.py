"""A sandbox account and plain HTTP to it."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from connectors.sandbox.hubspot import HubSpotSandbox


class Caller:
    """Speaks to one sandbox with one token."""

    def __init__(self, hub: HubSpotSandbox, token: str) -> None:
        self.hub = hub
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"

    def __call__(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        more.setdefault("timeout", 5)
        return self.session.request(method, self.hub.url + path, json=body, **more)


@pytest.fixture
def hub() -> Iterator[HubSpotSandbox]:
    with HubSpotSandbox() as made:
        yield made


@pytest.fixture
def call(hub: HubSpotSandbox) -> Iterator[Caller]:
    caller = Caller(hub, hub.token())
    yield caller
    caller.session.close()
