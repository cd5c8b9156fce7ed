"""The orders that every sandbox takes, and those that none does."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from connectors.sandbox.hubspot import HubSpotSandbox
from connectors.sandbox.life import LocalSandbox
from connectors.sandbox.salesforce import SalesforceSandbox

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(params=[HubSpotSandbox, SalesforceSandbox])
def sandbox(request: pytest.FixtureRequest) -> Iterator[LocalSandbox]:
    with request.param() as made:
        yield made


def order(sandbox: LocalSandbox, method: str, path: str, **more: Any) -> requests.Response:
    return requests.request(method, f"{sandbox.url}/_sandbox/{path}", timeout=5, **more)


@pytest.mark.parametrize(
    ("method", "path", "sent", "said"),
    [
        ("POST", "faults", {"data": "pattern=GET", "headers": FORM}, "send application/json"),
        ("DELETE", "calls", {}, "send application/json"),
        ("POST", "faults", {"json": ["GET"]}, "an object is needed"),
        ("POST", "options", {"json": {"colour": "red"}}, "no option colour"),
    ],
)
def test_a_wrong_order_is_refused_in_the_crms_own_form(
    sandbox: LocalSandbox, method: str, path: str, sent: dict[str, Any], said: str
) -> None:
    answer = order(sandbox, method, path, **sent)

    assert answer.status_code == 400
    body = answer.json()
    assert (body[0] if isinstance(sandbox, SalesforceSandbox) else body)["message"] == said
    assert requests.get(sandbox.url, timeout=5).status_code == 200


def test_a_fault_is_ordered_and_forgotten(sandbox: LocalSandbox) -> None:
    order(sandbox, "POST", "faults", json={"pattern": "GET /", "times": 9, "status": 503})
    assert requests.get(sandbox.url, timeout=5).status_code == 503

    assert order(sandbox, "DELETE", "faults", json={}).status_code == 200
    assert requests.get(sandbox.url, timeout=5).status_code == 200


def test_calls_are_told_until_they_are_forgotten(sandbox: LocalSandbox) -> None:
    requests.get(sandbox.url, timeout=5)
    told = order(sandbox, "GET", "calls").json()["calls"]
    assert [(call["method"], call["path"], call["status"]) for call in told] == [("GET", "/", 200)]

    order(sandbox, "DELETE", "calls", json={})
    assert order(sandbox, "GET", "calls").json()["calls"] == []
