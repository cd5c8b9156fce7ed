"""install, check and uninstall, as somebody types them."""

import json
from pathlib import Path

import pytest


@pytest.fixture
def install(side):
    """The words that install with a ready token."""
    words = ["install", side.name, "--token", "-"]
    return words + (["--instance-url", side.sandbox.url] if side.name == "salesforce" else [])


def account_of(side):
    return (
        f"{side.name}:{side.sandbox.portal_id if side.name == 'hubspot' else side.sandbox.org_id}"
    )


def name_of(here, side):
    return here.row(account_of(side)).name


def test_a_dry_run_prints_the_plan_and_writes_nothing(run, here, side, install):
    code, out, _ = run(*install, "--dry-run", typed=side.sandbox.token())
    assert code == 0
    assert "would" in out
    assert here.row(account_of(side)) is None
    writes = ("POST /crm", "PATCH", "PUT", "DELETE")
    assert not any(side.sandbox.count(verb) for verb in writes)


def test_installing_twice_finds_nothing_to_do(run, here, side, install):
    token = side.sandbox.token()
    assert run(*install, typed=token)[0] == 0
    code, out, _ = run(*install, "--json", typed=token)
    assert (code, json.loads(out)["set_up"]) == (0, True)
    _, out, _ = run("install", side.name, "--dry-run")
    assert "nothing to do" in out
    assert token not in out


def test_a_bare_salesforce_token_says_that_it_ends(run, here, side, install):
    _, _, said = run(*install, typed=side.sandbox.token())
    assert ("ends when the token ends" in said) == (side.name == "salesforce")


def test_a_token_in_the_command_line_is_warned_of_and_works(run, side, install):
    words = [side.sandbox.token() if word == "-" else word for word in install]
    code, _, said = run(*words)
    assert code == 0
    assert "list of processes" in said


def test_a_token_from_a_file(run, side, install):
    Path("token").write_text(side.sandbox.token() + "\n", encoding="utf-8")
    at = install.index("--token")
    code, _, _ = run(*install[:at], "--token-file", "token", *install[at + 2 :])
    assert code == 0


@pytest.mark.parametrize("typed", ["", "two words", "tök\n"])
def test_what_is_no_token_is_wrong_use(run, install, typed):
    assert run(*install, typed=typed)[0] == 2


def test_a_token_the_crm_does_not_know_fails(run, here, side, install):
    code, _, said = run(*install, typed="made-up")
    assert code == 1
    assert "made-up" not in said
    assert "does not accept this token. Nothing was stored." in said
    assert here.row(account_of(side)) is None


def test_a_crm_that_cannot_be_asked_is_a_finding_like_any_other(run, side, install):
    """One that is down hides neither the others nor the document."""
    run(*install, typed=side.sandbox.token())
    side.sandbox.fail(".", times=50, status=503)
    code, out, _ = run("check", "--json")
    (checked,) = json.loads(out)["installations"]
    assert (code, checked["installation"]) == (1, account_of(side))
    assert "does not answer" in checked["findings"][0]["what"]


def test_a_scope_that_the_token_lacks_is_named_in_words(run, hub):
    token = hub.token(["oauth", "crm.objects.contacts.read"])
    code, _, said = run("install", "hubspot", "--token", "-", typed=token)
    assert code == 1
    assert "lacks a right that we need. Scopes: crm.schemas.contacts.read" in said


def test_an_installation_connected_in_the_browser_is_not_made_worse(run, here, side, install):
    here.connect(side.name, side.sandbox, set_up=False)
    code, _, said = run(*install, typed=side.sandbox.token())
    assert code == 2
    assert "without a token" in said
    assert run("install", side.name)[0] == 0
    assert here.row(account_of(side)).setup_done_at is not None


def test_check_finds_what_somebody_deleted(run, here, side):
    installation = here.connect(side.name, side.sandbox)
    side.forget_field("score")
    code, out, _ = run("check", installation, "--json")
    assert code == 1
    (found,) = json.loads(out)["installations"]
    assert any("score" in f["what"].lower() for f in found["findings"]), found
    assert run("install", side.name)[0] == 0
    assert "score" not in run("check")[1].lower()


def test_check_says_that_access_is_gone(run, here, side):
    installation = here.connect(side.name, side.sandbox)
    side.revoke()
    code, out, _ = run("check")
    assert code == 1
    assert "connect it again" in out
    assert here.row(installation).state == "needs_reconnect"


def test_check_of_an_outage_is_no_finding(run, here, side):
    here.connect(side.name, side.sandbox)
    side.sandbox.fail(".", status=503, times=50)
    assert run("check")[0] == 1
    assert here.row(account_of(side)).state == "connected"


def test_an_unknown_installation_is_named(run):
    code, _, said = run("check", "hubspot:0")
    assert code == 1
    assert "hubspot:0" in said


def test_uninstall_gives_the_token_back_last_and_leaves_the_fields(run, here, side):
    installation = here.connect(side.name, side.sandbox)
    contact = side.contact()
    here.answer(here.person(installation, contact), 9)
    here.deliver()
    side.sandbox.calls.clear()
    code, out, _ = run("uninstall", installation, "--json")
    assert (code, json.loads(out)["state"]) == (0, "disconnected")
    row = here.row(installation)
    assert row.sealed_access_token is None
    assert row.sealed_refresh_token is None
    assert "revoke" in side.sandbox.calls[-1].path
    assert len(side.answers(contact)) == 1
    assert here.lane(installation).parked_reason == "disconnected"
    calls = len(side.sandbox.calls)
    assert run("uninstall", installation)[0] == 0
    assert here.row(installation).setup_words == row.setup_words
    assert len(side.sandbox.calls) == calls


def test_uninstall_with_the_data_exports_first_and_asks_for_the_name(run, here, side):
    installation = here.connect(side.name, side.sandbox)
    contact = side.contact()
    here.answer(here.person(installation, contact, name="Åsa"), 9, "Tack!")
    here.deliver()
    code, _, said = run("uninstall", installation, "--delete-data", typed="no\n")
    assert code == 2
    assert len(side.answers(contact)) == 1
    (kept,) = Path().glob("gensvar-export-*.json")
    assert str(kept) in said
    assert kept.stat().st_mode & 0o077 == 0
    assert json.loads(kept.read_text(encoding="utf-8"))["answer"][0]["comment"] == "Tack!"
    kept.unlink()
    name = name_of(here, side)
    assert run("uninstall", installation, "--delete-data", typed=f"{name}\n")[0] == 0
    assert here.row(installation).state == "disconnected"
    if side.name == "hubspot":
        assert side.answers(contact) == []


def test_uninstall_after_the_crm_took_our_access_back(run, here, side):
    installation = here.connect(side.name, side.sandbox)
    side.revoke()
    assert run("uninstall", installation, "--delete-data", "--confirm", "x")[0] in (1, 2)
    code, out, _ = run("uninstall", installation)
    assert code == 0
    assert "may still stand" in out
    assert here.row(installation).state == "disconnected"


def test_uninstall_during_an_outage_can_be_run_again(run, here, side):
    installation = here.connect(side.name, side.sandbox)
    side.sandbox.fail(".", status=503, times=1)
    code, _, said = run("uninstall", installation)
    assert code == 1
    assert "run it again" in said
    assert here.row(installation).state == "connected"
    assert run("uninstall", installation)[0] == 0
