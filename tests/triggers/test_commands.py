"""``gensvar triggers``, beside a server."""

import json

from tests.crm.conftest import run
from tests.triggers.conftest import the

__all__ = ["run"]


def test_lists_what_asks_by_itself(run, here, make):
    key = make()
    code, out, _ = run("triggers", "--json")
    (one,) = json.loads(out)
    assert (code, one["key"], one["state"]) == (0, key, "on")
    assert key in run("triggers")[1]


def test_tries_one_out_and_asks_nobody(run, here, side, make):
    key = make(on=False)
    side.close_case(side.contact())
    code, out, _ = run("triggers", "try", key, "--json")
    told = json.loads(out)
    assert (code, told["asked"], told["refused"]) == (0, 1, {})
    assert the(here, key).dry_run["asked"] == 1


def test_switches_with_a_reason(run, here, make):
    key = make()
    assert run("triggers", "off", key, "--why", "Holidays")[0] == 0
    assert the(here, key).is_on is False
    assert run("triggers", "on", key)[0] == 2
    code, _, err = run("triggers", "on", key, "--why", "Back")
    assert (code, "GENSVAR_MAIL_URL" in err) == (1, True)  # the command's own settings have none


def test_one_that_is_none_is_said(run, here, account):
    code, _, err = run("triggers", "try", "no-such")
    assert code == 1
    assert "no such trigger" in err
