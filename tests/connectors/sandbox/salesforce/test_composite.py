"""Several queries are one call, and the limits of that are the real ones."""

from typing import Any

import pytest
import requests

from connectors.sandbox.salesforce import SalesforceSandbox
from tests.connectors.sandbox.salesforce.plain import Api, V, error

CONTACTS = f"{V}/query?q=SELECT+Id+FROM+Contact"


def ask(name: str = "a", url: str = CONTACTS, method: str = "GET") -> dict[str, Any]:
    return {"method": method, "url": url, "referenceId": name}


def send(api: Api, *asked: Any) -> requests.Response:
    return api.call("POST", "/composite", json={"compositeRequest": list(asked)})


def test_a_composite_counts_once_and_answers_in_order(org: SalesforceSandbox, api: Api) -> None:
    here, gone = org.add_contacts(2)
    org.delete(gone)
    used = org.org.used_today
    every = f"{V}/queryAll?q=SELECT%20Id%20FROM%20Contact%20WHERE%20IsDeleted%20%3D%20TRUE"
    answers = send(api, ask("here"), ask("gone", every), ask("wrong", CONTACTS + "+WHERE")).json()
    first, second, third = answers["compositeResponse"]
    assert [one["referenceId"] for one in (first, second, third)] == ["here", "gone", "wrong"]
    assert [row["Id"] for row in first["body"]["records"]] == [here]
    assert [row["Id"] for row in second["body"]["records"]] == [gone]
    assert (third["httpStatusCode"], third["body"][0]["errorCode"]) == (400, "MALFORMED_QUERY")
    assert org.org.used_today - used == 1


@pytest.mark.parametrize(
    "asked",
    [
        [],
        ["x"],
        [ask("a"), ask("a")],
        [ask("with space")],
        [ask(str(n)) for n in range(6)],
        [ask(str(n)) for n in range(26)],
        [{**ask(), "more": 1}],
        [{"method": "GET", "url": CONTACTS}],
    ],
)
def test_what_is_no_composite_is_refused_as_a_whole(api: Api, asked: list[Any]) -> None:
    assert error(send(api, *asked))[0] == 400


@pytest.mark.parametrize(
    "asked", [ask(url="/services/data/v99.0/query?q=x"), ask(method="DELETE"), ask(url="//evil/")]
)
def test_anything_but_a_query_is_not_found(api: Api, asked: dict[str, Any]) -> None:
    (one,) = send(api, asked).json()["compositeResponse"]
    assert one["httpStatusCode"] == 404
