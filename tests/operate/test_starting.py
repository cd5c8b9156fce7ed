"""What stops a start, in words."""

import subprocess
import sys

import pytest

from plugin.cli import HOMES
from tests.support.programs import ROOT


@pytest.mark.parametrize("command", ["serve", "migrate", "sandbox", "deliveries"])
def test_an_unknown_setting_is_named(gensvar, command):
    gensvar.set(SECRET_SAUCE="1")

    ran = gensvar(command)

    assert ran.code == 1
    assert "GENSVAR_SECRET_SAUCE" in ran.err
    assert "Traceback" not in ran.err


def test_a_bad_setting_is_named_and_a_bad_secret_is_not_shown(gensvar):
    gensvar.set(SIGNING_KEYS="too-short-but-secret")

    ran = gensvar("migrate")

    assert ran.code == 1
    assert "GENSVAR_SIGNING_KEYS" in ran.err
    assert "too-short-but-secret" not in ran.err


def test_serving_needs_the_public_address(gensvar):
    gensvar.set(BASE_URL=None)

    ran = gensvar("serve")

    assert ran.code == 1
    assert "GENSVAR_BASE_URL" in ran.err


def test_sqlite_has_one_serving_process(gensvar):
    ran = gensvar("serve", "--processes", "2")

    assert ran.code == 2
    assert "SQLite" in ran.err


def test_sqlite_has_no_separate_worker(gensvar):
    ran = gensvar("worker")

    assert ran.code == 2
    assert "gensvar serve" in ran.err


@pytest.mark.parametrize(
    "address",
    [
        "postgresql+psycopg://anna:a-password@127.0.0.1:1/none",
        "sqlite:///broken.db",
        "sqlite:////dev/null/gensvar.db",
    ],
)
@pytest.mark.parametrize("command", ["serve", "deliveries", "migrate"])
def test_a_database_that_cannot_be_used_is_said_in_words(gensvar, tmp_path, command, address):
    (tmp_path / "broken.db").write_bytes(b"no database at all" * 100)
    gensvar.set(DATABASE_URL=address)

    ran = gensvar(command)

    assert ran.code == 1
    assert ran.err.startswith("gensvar: ")
    assert len(ran.err.splitlines()) == 1
    assert "a-password" not in ran.err


def test_where_the_administrators_token_is_stands_there_but_not_the_token(gensvar, tmp_path):
    ran = gensvar("serve", "--processes", "2")  # refused after its settings were read

    kept = (tmp_path / "instance" / "admin-token").read_text("ascii").strip()
    assert "instance/admin-token" in ran.out
    assert kept not in ran.out + ran.err


def test_a_command_that_serves_no_page_loads_no_web():
    """It would take a third of its start."""
    rooms = (*HOMES, "wiring", "operate.work", "operate.doctor.command")
    loading = f"import sys, {', '.join(f'plugin.{room}' for room in rooms)}"
    asked = f"{loading}; print('flask' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True)

    assert (said.stdout, said.stderr) == ("False\n", "")
