"""The server itself: faults on order, orders from other processes, the pages."""

import subprocess
import sys
import time

import pytest
import requests

from connectors.sandbox.hubspot import HubSpotSandbox
from connectors.sandbox.hubspot.seed import seed
from connectors.sandbox.richtext import render
from tests.connectors.sandbox.hubspot.conftest import Caller

DETAILS = "/account-info/2026-03/details"


def test_connections_are_kept_and_end_with_the_server() -> None:
    hub = HubSpotSandbox(rate=1000)
    hub.start()
    call = Caller(hub, hub.token())
    began = time.monotonic()
    for _ in range(50):
        assert call("GET", DETAILS).status_code == 200
    assert time.monotonic() - began < 50 * 0.04
    assert call("POST", DETAILS, {"x": "y" * 10_000}).status_code in (404, 405)
    assert call("GET", DETAILS).status_code == 200
    hub.stop()
    with pytest.raises(requests.ConnectionError):
        call("GET", DETAILS)
    call.session.close()


def test_a_taken_port_is_said(hub: HubSpotSandbox) -> None:
    with pytest.raises(OSError, match="in use"):
        HubSpotSandbox(port=hub.port)


@pytest.mark.parametrize("kind", ["reset", "lost"])
def test_a_torn_connection_is_torn_once(hub: HubSpotSandbox, call: Caller, kind: str) -> None:
    contact = hub.add_contact("a@b.example")
    path = f"/crm/objects/2026-03/contacts/{contact.id}"
    hub.fail("PATCH .*/contacts", kind)  # type: ignore[arg-type]
    with pytest.raises(requests.ConnectionError):
        call("PATCH", path, {"properties": {"phone": "1"}})
    assert ("phone" in hub.contact(contact.id)) is (kind == "lost")
    assert call("PATCH", path, {"properties": {"phone": "2"}}).status_code == 200
    assert [c.status for c in hub.calls] == [0, 200]


def test_another_process_can_give_orders(hub: HubSpotSandbox) -> None:
    orders = f"{hub.url}/_sandbox"
    body = {"properties": {"email": "a@b.example"}}
    contact = requests.post(f"{orders}/records/contacts", json=body, timeout=5).json()["id"]
    token = requests.post(f"{orders}/tokens", json={}, timeout=5).json()["token"]
    call = Caller(hub, token)
    path = f"/crm/objects/2026-03/contacts/{contact}"
    assert call("GET", path).status_code == 200
    requests.post(f"{orders}/faults", json={"pattern": "GET", "status": 503}, timeout=5)
    assert call("GET", path).status_code == 503
    requests.post(f"{orders}/records/contacts/{contact}/delete", json={}, timeout=5)
    assert call("GET", path).status_code == 404
    requests.post(f"{orders}/options", json={"rate": 1}, timeout=5)
    assert call("GET", path).status_code == 429
    calls = requests.get(f"{orders}/calls", timeout=5).json()["calls"]
    assert [c["status"] for c in calls] == [200, 503, 404, 429]
    foreign = requests.post(f"{orders}/expire", data={"a": "b"}, timeout=5)
    assert foreign.status_code == 400


def test_it_runs_as_a_process_of_its_own() -> None:
    command = [sys.executable, "-m", "connectors.sandbox.hubspot"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        page = requests.get(url, timeout=10).text
        assert "Ebba Sandström" in page
        process.terminate()
        assert process.wait(timeout=10) == 0


def test_the_record_page_shows_all_and_runs_nothing(hub: HubSpotSandbox) -> None:
    ids = seed(hub)
    contact = hub.portal.records["contacts"][ids["ebba@bjorkbygg.example"]]
    hub.portal.update(contact, {"phone": "", "lastname": "<script>alert(1)</script>"})
    note = {
        "hs_note_body": "a<br><b>b</b><script>alert(2)</script><img src=x onerror=1>",
        "hs_timestamp": "1",
    }
    on_contact = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 202}
    link = {"to": {"id": contact.id}, "types": [on_contact]}
    hub.portal.create("notes", note, [link])
    answer = requests.get(hub.record_url(contact.id), timeout=5)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "<script" not in answer.text
    assert "<img" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text
    assert "a<br><b>b</b>" in answer.text
    assert "Björk &amp; Bygg AB" in answer.text
    assert "Astrid Holm" in answer.text
    left = requests.get(hub.record_url(ids["nils@bjorkbygg.example"]), timeout=5).text
    assert "Petter Lindqvist (deactivated)" in left
    assert (
        requests.get(f"{hub.url}/contacts/1/record/0-1/{contact.id}", timeout=5).status_code == 404
    )


def test_the_demos_people_are_of_all_kinds(hub: HubSpotSandbox) -> None:
    ids = seed(hub)
    page = requests.get(hub.url, timeout=5).text
    assert "Unsubscribed from all email" in page
    assert "Merged from" in page
    assert len({hub.contact(key)["hs_language"] for key in ids.values()}) >= 10


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<a href='javascript:alert(1)'>x</a>", '<a rel="nofollow noreferrer" href="#">x</a>'),
        ("<p onclick=alert(1)>x", "<p>x</p>"),
        ("</div></b>x<b>y</i>", "x<b>y</b>"),
        ("<style>x</style>a &lt;b&gt;", "a &lt;b&gt;"),
        ("{{ contact.email }}", "a@b.example"),
        ("{\u2060{ contact.email }\u2060}", "{\u2060{ contact.email }\u2060}"),
    ],
)
def test_bodies_are_shown_as_hubspot_would(body: str, shown: str) -> None:
    assert render(body, {"email": "a@b.example"}) == shown
