"""What the doctor sees: each finding by breaking the thing it is about."""

import json
import socket
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from connectors.sandbox.hubspot.sandbox import HubSpotSandbox
from plugin.command import opened
from plugin.db import Database
from plugin.deliveries.store import worker


def look(gensvar) -> tuple[int, dict[str, str]]:
    """Exit code and the level of each thing."""
    ran = gensvar("doctor", "--json")
    found = json.loads(ran.out)
    assert found["healthy"] == (ran.code == 0)
    assert all(one["do"] for one in found["findings"] if one["level"] == "bad")
    return ran.code, {one["about"]: one["level"] for one in found["findings"]}


@pytest.fixture
def served(gensvar):
    """As after a start: a database, keys, and a worker that was alive a moment ago."""
    gensvar.set(ALLOWED_ORIGINS="https://www.example.com")
    with opened() as shared, shared.database.write() as connection:
        now = shared.clock.now()
        connection.execute(worker.insert().values(id="w", started_at=now, beat_at=now))
    return gensvar


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


def test_a_worker_that_is_gone(served):
    run("UPDATE worker SET beat_at = beat_at - 120000")

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


def test_a_mail_server_that_does_not_answer(served):
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        port = listening.getsockname()[1]
        served.set(MAIL_URL=f"smtp://127.0.0.1:{port}", MAIL_FROM="nps@example.com")
        assert look(served)[1]["mail"] == "ok"

    assert look(served)[1]["mail"] == "bad"


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
