"""What a rep sees, and how other processes order the sandbox about."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime

import requests

from connectors.sandbox.salesforce import SalesforceSandbox, seed
from tests.connectors.salesforce.helpers import KEYED, answer, connector, task, update


def page(url: str) -> str:
    response = requests.get(url, timeout=5)
    assert response.status_code == 200
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    return response.text


def test_the_record_page_shows_fields_answers_and_tasks(org: SalesforceSandbox) -> None:
    known = seed(org)
    contact = known["ebba@bjorkbygg.example"]
    crm = connector(org, capabilities=KEYED)
    crm.update_contacts([update(contact, score=3, category="detractor", comment="Åh <b>nej</b>")])
    crm.write_answers([answer(contact, comment="Åh <b>nej</b>")])
    owner = crm.task_owners([contact], "")[contact]
    assert owner is not None
    due = datetime(2026, 11, 23, 9, tzinfo=UTC)
    crm.write_tasks([task(contact, body="Ring <i>Ebba</i>", owner_id=owner.id, due_at=due)])
    text = page(org.record_url(contact))
    for shown in (
        "Ebba Sandström",
        "Björk &amp; Bygg AB",
        "Detractor",
        "Astrid Holm",
        "23 Nov 2026",
    ):
        assert shown in text
    assert text.count("Åh &lt;b&gt;nej&lt;/b&gt;") == 3  # the card, the field, the answer
    assert "Ring &lt;i&gt;Ebba&lt;/i&gt;" in text
    assert "Ebba Sandström" in page(org.url)


def test_the_page_of_a_merged_contact_is_its_survivors(org: SalesforceSandbox) -> None:
    winner, loser = org.add_contact(LastName="Kvar"), org.add_contact(LastName="Borta")
    org.merge(winner, loser)
    assert "Kvar" in page(org.record_url(loser))
    assert requests.get(org.record_url("003gv0000009999AAA"), timeout=5).status_code == 404


def test_another_process_can_order_it_about() -> None:
    command = [sys.executable, "-m", "connectors.sandbox.salesforce"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        control = f"{url}/_sandbox"
        about = requests.get(control, timeout=5).json()
        assert about["crm"] == "salesforce"
        token = requests.post(f"{control}/tokens", json={}, timeout=5).json()["token"]
        headers = {"Authorization": f"Bearer {token}"}
        limits = f"{url}/services/data/v66.0/limits"
        fault = {"pattern": "limits", "kind": "status", "status": 503}
        assert requests.post(f"{control}/faults", json=fault, timeout=5).status_code == 201
        statuses = [requests.get(limits, headers=headers, timeout=5).status_code for _ in range(2)]
        assert statuses == [503, 200]
        calls = requests.get(f"{control}/calls", timeout=5).json()["calls"]
        assert [call["status"] for call in calls] == [503, 200]
        people = requests.get(f"{control}/records/Contact", timeout=5).json()["results"]
        first, second = (row["Id"] for row in people[:2])
        merge = f"{control}/records/Contact/{first}/merge"
        requests.post(merge, json={"with": second}, timeout=5)
        rows = requests.get(f"{control}/records/Contact", timeout=5).json()["results"]
        assert {row["Id"]: row["MasterRecordId"] for row in rows}[second] == first
        assert requests.post(f"{control}/expire", data="{}", timeout=5).status_code == 400
        requests.post(f"{control}/options", json={"edition": "Professional Edition"}, timeout=5)
        assert requests.get(limits, headers=headers, timeout=5).status_code == 403
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(timeout=10) == 0
