"""What the doctor sees: each finding by breaking the thing it is about."""

import json
import socketserver
import threading
from contextlib import contextmanager
from pathlib import Path

import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest
import sqlalchemy as sa

from connectors.sandbox.hubspot.sandbox import HubSpotSandbox
from plugin.command import opened
from plugin.db import Database
from plugin.deliveries.store import worker
from plugin.operate.doctor import database


def look(gensvar) -> tuple[int, dict[str, str]]:
    """Exit code and the level of each thing."""
    ran = gensvar("doctor", "--json")
    found = json.loads(ran.out)
    assert found["healthy"] == (ran.code == 0)
    assert all(one["do"] for one in found["findings"] if one["level"] == "bad")
    return ran.code, {one["about"]: one["level"] for one in found["findings"]}


@pytest.fixture
def served(begun):
    """As after a start: a database, keys, and a worker that was alive a moment ago."""
    begun.set(ALLOWED_ORIGINS="https://www.example.com")
    with opened() as shared, shared.database.write() as connection:
        now = shared.clock.now()
        connection.execute(worker.insert().values(id="w", started_at=now, beat_at=now))
    return begun


def test_all_is_well(served):
    code, levels = look(served)

    assert code == 0
    assert set(levels.values()) == {"ok", "look"}
    assert [about for about, level in levels.items() if level == "look"] == ["CRMs"]


def test_one_line_each_and_what_to_do(served):
    lines = served("doctor").out.splitlines()

    assert any(line.startswith("ok    database: SQLite, revision") for line in lines)
    assert any(line.startswith("      -> Connect one under Installations") for line in lines)


def test_before_the_first_start_it_makes_nothing(gensvar):
    code, levels = look(gensvar)

    assert code == 1
    assert levels["database"] == "bad"
    assert not Path("instance").exists()


def test_a_bad_setting_is_the_only_finding(gensvar):
    gensvar.set(LOG_LEVEL="loud")

    ran = gensvar("doctor")

    assert ran.code == 1
    assert "GENSVAR_LOG_LEVEL" in ran.out
    assert len(ran.out.splitlines()) == 2


def test_keys_that_others_can_read(served):
    Path("instance/signing-keys").chmod(0o644)

    code, levels = look(served)

    assert (code, levels["keys"]) == (1, "bad")
    assert "chmod 600 instance/signing-keys" in served("doctor").out


@pytest.mark.parametrize("kept", ["short", f"{'k' * 40},short", "å" * 40])
def test_keys_that_are_damaged(served, kept):
    assert served("touchpoints").code == 0  # makes them
    Path("instance/signing-keys").write_text(kept, "utf-8")

    code, levels = look(served)

    assert (code, levels["keys"], levels["database"]) == (1, "bad", "ok")
    assert "signing-keys is damaged" in served("touchpoints").err


def test_no_public_address_and_no_origin(served):
    served.set(BASE_URL=None, ALLOWED_ORIGINS=None)

    code, levels = look(served)

    assert (code, levels["settings"], levels["origins"]) == (1, "bad", "look")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE alembic_version SET version_num = '0000'", "gensvar migrate"),
        ("UPDATE meta SET value = 'demo' WHERE key = 'env'", "GENSVAR_ENV=demo"),
    ],
)
def test_a_database_of_another_version_or_mode(served, statement, words):
    run(statement)

    code, levels = look(served)

    assert (code, levels["database"]) == (1, "bad")
    assert words in served("doctor").out


@pytest.mark.parametrize(
    ("file", "words"), [("no-database", "is no database"), ("folder", "cannot be opened")]
)
def test_a_database_that_cannot_be_used(gensvar, file, words):
    Path("no-database").write_bytes(b"neither pages nor rows" * 100)
    Path("folder").mkdir()
    gensvar.set(DATABASE_URL=f"sqlite:///{file}")

    ran = gensvar("doctor")

    assert (ran.code, words in ran.out) == (1, True)


@pytest.mark.postgresql
def test_a_server_that_does_not_let_us_in(gensvar, postgresql):
    gensvar.set(DATABASE_URL=postgresql.url("nowhere"))

    ran = gensvar("doctor")

    assert (ran.code, "knows no such database" in ran.out) == (1, True)


def test_a_disk_that_is_nearly_full(served, monkeypatch):
    monkeypatch.setattr(database, "LITTLE", 2**60)

    code, levels = look(served)

    assert (code, levels["database"], levels["disk"]) == (1, "ok", "bad")


@pytest.mark.postgresql
def test_a_server_that_is_only_read(gensvar, postgresql, postgresql_template):
    with postgresql.database(template=postgresql_template) as url:
        name = str(sa.make_url(url).database)
        postgresql.execute("ALTER DATABASE {} SET default_transaction_read_only = on", name)
        gensvar.set(DATABASE_URL=url)

        ran = gensvar("doctor")

    assert (ran.code, "can be read but not written" in ran.out) == (1, True)


@pytest.mark.parametrize("beat", ["beat_at - 120000", "beat_at + 3600000"])  # the clock went back
def test_a_worker_that_is_gone(served, beat):
    run(f"UPDATE worker SET beat_at = {beat}")

    code, levels = look(served)

    assert (code, levels["worker"]) == (1, "bad")


def test_what_is_parked_and_what_waits_too_long(served):
    run("INSERT INTO lane (id, rate) VALUES ('crm:hubspot:1', 1)")
    for key, state in (("a", "parked"), ("b", "queued")):
        run(
            "INSERT INTO delivery (id, lane, kind, key, topic, subject, due_at, payload, state, created_at) "
            f"VALUES ('{key}', 'crm:hubspot:1', 'task', '{key}', '{key}', 's', 0, '{{}}', '{state}', 0)"
        )

    code, levels = look(served)

    assert (code, levels["parked"], levels["backlog"]) == (0, "look", "look")


def test_a_mail_server_that_does_not_answer(served, smtp_server):
    served.set(MAIL_URL=smtp_server.url, MAIL_FROM="nps@example.com")
    assert look(served)[1]["mail"] == "ok"

    smtp_server.stop()
    assert look(served)[1]["mail"] == "bad"
    smtp_server.start()


def test_mail_without_somebody_who_reads_replies_is_off(served, smtp_server):
    served.set(MAIL_URL=smtp_server.url, MAIL_FROM="nps@example.com")

    assert look(served)[1]["mail settings"] == "look"
    assert "GENSVAR_MAIL_REPLY_TO is not set" in served("doctor").out


def test_a_password_that_the_mail_server_does_not_take(served, smtp_server):
    smtp_server.stop()
    smtp_server.password = "right"
    smtp_server.start()
    for given, level in (("wrong", "bad"), ("right", "ok")):
        served.set(MAIL_URL=smtp_server.url.replace("//", f"//nps:{given}@"))
        assert look(served)[1]["mail"] == level


@pytest.fixture
def mailing(served, smtp_server):
    """Everything for mail is set but the mailbox of delivery reports."""
    served.set(
        MAIL_URL=smtp_server.url, MAIL_FROM="nps@acme.example", MAIL_REPLY_TO="care@acme.example"
    )
    return served


def test_delivery_reports_that_nobody_reads_or_can_read(mailing, imap_server):
    assert look(mailing)[1]["delivery reports"] == "look"
    for url, level in (
        (imap_server.url, "ok"),
        (imap_server.url.replace(":into-the-mailbox", ":wrong"), "bad"),
        (imap_server.url.replace("127.0.0.1", "127.0.0.2"), "bad"),
    ):
        mailing.set(BOUNCE_URL=url)
        assert look(mailing)[1]["delivery reports"] == level


def test_no_name_server_is_said_and_is_no_failure(mailing, monkeypatch):
    asks("127.0.0.1", 9, monkeypatch)

    code, levels = look(mailing)

    assert (code, levels["SPF, DKIM, DMARC"]) == (0, "look")


def test_what_the_domain_says_of_itself(mailing, monkeypatch, tmp_path):
    records = {
        "acme.example": ["google-site-verification=x", "v=spf1 include:mail.example ~all"],
        "_dmarc.acme.example": [],
    }
    with name_server(records) as port:
        asks("127.0.0.1", port, monkeypatch)
        levels = look(mailing)[1]
        assert (levels["SPF"], levels["DMARC"], levels["DKIM"]) == ("ok", "look", "look")
        assert "v=DMARC1; p=none" in mailing("doctor").out
        records["acme.example"].append("v=spf1 mx -all")
        records["_dmarc.acme.example"].append("v=DMARC1; p=reject")
        levels = look(mailing)[1]
        assert (levels["SPF"], levels["DMARC"]) == ("look", "ok")


def asks(host: str, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which name server is asked."""
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = [host], port
    monkeypatch.setattr(dns.resolver, "default_resolver", resolver)


@contextmanager
def name_server(records: dict[str, list[str]]):
    """A real one over UDP, which knows these texts."""

    class Answering(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            asked = dns.message.from_wire(self.request[0])
            reply = dns.message.make_response(asked)
            name = asked.question[0].name
            texts = records.get(name.to_text(omit_final_dot=True))
            if texts is None:
                reply.set_rcode(dns.rcode.NXDOMAIN)
            elif texts:
                quoted = [f'"{text}"' for text in texts]
                reply.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *quoted))
            self.request[1].sendto(reply.to_wire(), self.client_address)

    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_a_mail_address_that_cannot_be_read_is_not_shown(served):
    served.set(MAIL_URL="smtp://user:hemligt@:port")

    ran = served("doctor")

    assert "GENSVAR_MAIL_URL" in ran.out
    assert ran.code == 1
    assert "hemligt" not in ran.out + ran.err


def test_a_crm_that_is_well_lacks_a_field_or_has_taken_its_access_back(served, tmp_path):
    with HubSpotSandbox() as hub:
        served.set(HUBSPOT_API_URL=hub.url)
        (tmp_path / "token").write_text(hub.token())
        assert served("install", "hubspot", "--token-file", "token").code == 0
        name = f"hubspot:{hub.portal_id}"
        assert look(served)[1][name] in ("ok", "look")
        run("UPDATE installation SET polled_at = 0, connected_at = 0")
        assert "Nobody has looked" in served("doctor").out
        run(f"UPDATE installation SET polled_at = {2**42}")
        assert "Nobody has looked" not in served("doctor").out

        hub.portal.definitions["contacts"].pop("gensvar_score")
        assert look(served)[1][name] == "bad"

        hub.grants.access.clear()
        code, levels = look(served)

    assert (code, levels[name]) == (1, "bad")


def run(statement: str) -> None:
    database = Database("sqlite:///instance/gensvar.db")
    with database.write() as connection:
        connection.execute(sa.text(statement))
    database.close()
