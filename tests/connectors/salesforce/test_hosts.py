"""A token goes to Salesforce and nowhere else."""

import pytest

from connectors.errors import Refused
from connectors.salesforce import CRM


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://login.salesforce.com", "https://login.salesforce.com"),
        ("https://test.salesforce.com/", "https://test.salesforce.com"),
        ("https://Acme.my.Salesforce.com", "https://acme.my.salesforce.com"),
        (
            "https://acme--uat.sandbox.my.salesforce.com",
            "https://acme--uat.sandbox.my.salesforce.com",
        ),
    ],
)
def test_salesforces_own_hosts_are_taken(given: str, kept: str) -> None:
    assert CRM.check_host(given, loopback=False) == kept


@pytest.mark.parametrize(
    "url",
    [
        "http://acme.my.salesforce.com",
        "https://acme.my.salesforce.com:8443",
        "https://acme.my.salesforce.com.evil.example",
        "https://evil.example/acme.my.salesforce.com",
        "https://evilmy.salesforce.com",
        "https://my.salesforce.com",
        "https://evil.example#.my.salesforce.com",
        "https://user@acme.my.salesforce.com",
        "https://acme.my.salesforce.com@evil.example",
        "https://acme.my.salesforce.com/path",
        "https://acme.my.salesforce.com?x=1",
        "https://acme.my.salesforce.com\\@evil.example",
        "https://[::1",
        "https://127.0.0.1",
        "http://localhost:8000",
        "acme.my.salesforce.com",
        "javascript:alert(1)",
        "",
    ],
)
def test_any_other_address_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        CRM.check_host(url, loopback=False)


def test_loopback_is_only_for_demo_and_tests() -> None:
    assert CRM.check_host("http://127.0.0.1:8123/", loopback=True) == "http://127.0.0.1:8123"
    for url in ("http://10.0.0.1:80", "http://evil.example", "http://127.0.0.1@evil.example"):
        with pytest.raises(Refused):
            CRM.check_host(url, loopback=True)
