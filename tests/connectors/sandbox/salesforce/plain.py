"""The sandbox org spoken to in plain HTTP."""

from typing import Any

import requests

from connectors.sandbox.salesforce import SalesforceSandbox

V = "/services/data/v66.0"


class Api:
    """The org's API as *user* sees it."""

    def __init__(self, org: SalesforceSandbox, user: str = "") -> None:
        self.org = org
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {org.token(user)}"

    def call(self, method: str, path: str, **more: Any) -> requests.Response:
        return self.session.request(method, f"{self.org.url}{V}{path}", timeout=5, **more)

    def query(self, soql: str) -> requests.Response:
        return self.call("GET", "/query", params={"q": soql})

    def collection(self, method: str, path: str, kind: str, *records: dict[str, Any]) -> Any:
        sent = [{"attributes": {"type": kind}} | record for record in records]
        return self.call(method, f"/composite/sobjects{path}", json={"records": sent})


def error(response: requests.Response) -> tuple[int, str]:
    return response.status_code, response.json()[0]["errorCode"]
