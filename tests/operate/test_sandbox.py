"""``gensvar sandbox`` as a process: what it prints is enough to connect, and it ends when told."""

import json
import signal
import smtplib
import socket
from email.message import EmailMessage

import pytest
import requests

from tests.support import ports
from tests.support.programs import said, started

ENDS_WITHIN = 10


def options(first: int) -> list[str]:
    return [
        f"--hubspot-port={first}", f"--salesforce-port={first + 1}", f"--mail-port={first + 2}"
    ]  # fmt: skip


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_prints_what_is_needed_until_it_is_told_to_end(tmp_path, number):
    first = ports.free(4)
    with started("sandbox", "--json", *options(first), cwd=tmp_path, ENV="test") as process:
        found = json.loads(said(process))
        hubspot, salesforce = found["hubspot"], found["salesforce"]

        answers = [
            requests.get(
                f"{hubspot['url']}/account-info/2026-03/details", headers=bearer(hubspot), timeout=5
            ),
            requests.get(
                f"{salesforce['url']}/services/data/v66.0/limits",
                headers=bearer(salesforce),
                timeout=5,
            ),
        ]
        contact = hubspot["contacts"]["ebba@bjorkbygg.example"]
        page = requests.get(f"{hubspot['url']}/contacts/555001/record/0-1/{contact}", timeout=5)
        process.send_signal(number)
        out, err = process.communicate(timeout=ENDS_WITHIN)

    assert [answer.status_code for answer in answers] == [200, 200]
    assert "Sandström" in page.text
    assert hubspot["client_id"]
    assert salesforce["client_secret"]
    assert (process.returncode, out, err) == (0, "", "")
    assert not (tmp_path / "instance").exists()


def test_every_mail_is_caught_and_shown(tmp_path):
    first = ports.free(4)
    with started("sandbox", "--json", *options(first), cwd=tmp_path, ENV="test") as process:
        mail = json.loads(said(process))["mail"]
        send(first + 2, "Hej på dig", "Hur troligt <b>är det?")
        shown = requests.get(mail["page"], timeout=5)

    assert "Hej på dig" in shown.text
    assert "Hur troligt &lt;b&gt;är det?" in shown.text


def test_a_mails_html_stands_in_a_frame_that_runs_nothing(tmp_path):
    first = ports.free(4)
    with started("sandbox", "--json", *options(first), cwd=tmp_path, ENV="test") as process:
        mail = json.loads(said(process))["mail"]
        send(
            first + 2,
            "Hej",
            "Text",
            html='<p class="x">Hur <b>troligt</b></p><script>alert(1)</script>',
        )
        shown = requests.get(mail["page"], timeout=5)

    assert '<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc=' in shown.text
    assert "&lt;b&gt;troligt" in shown.text
    assert "<script>" not in shown.text
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]


def test_only_this_machine_can_reach_it(tmp_path):
    first = ports.free(4)
    with started("sandbox", "--json", *options(first), cwd=tmp_path, ENV="test") as process:
        said(process)
        for port in range(first, first + 4):
            socket.create_server(("127.0.0.2", port)).close()  # only 127.0.0.1 is taken


@pytest.mark.parametrize("mode", ["production", None])
def test_never_in_production(gensvar, mode):
    gensvar.set(ENV=mode, BASE_URL=None)

    ran = gensvar("sandbox", *options(ports.free(4)))

    assert ran.code == 2
    assert "production" in ran.err


def test_a_taken_port_is_named(gensvar):
    first = ports.free(4)
    with socket.create_server(("127.0.0.1", first + 1)):
        ran = gensvar("sandbox", *options(first))

    assert ran.code == 1
    assert f"{first + 1} (Salesforce)" in ran.err


def test_two_servers_on_one_port_are_refused(gensvar):
    ran = gensvar("sandbox", "--hubspot-port=20000", "--salesforce-port=20000")

    assert ran.code == 2
    assert "HubSpot 20000, Salesforce 20000" in ran.err


def bearer(account: dict[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {account['token']}"}


def send(port: int, subject: str, text: str, html: str = "") -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "a@b.example", "c@d.example"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    with smtplib.SMTP("127.0.0.1", port) as server:
        server.send_message(message)
