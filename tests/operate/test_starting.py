"""What stops a start, in words."""

import pytest


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
