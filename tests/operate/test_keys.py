"""Rotating keys: nothing printed, nothing lost, and only this user can read the files."""

import json
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.accounts import Account
from plugin import config
from plugin.access.rules import CLI
from plugin.command import opened
from plugin.crm import actions, seals, store
from plugin.crm.mending import mend
from plugin.crm.oauth import Granted, Wish
from plugin.db import Database
from plugin.sealing import SealBroken, Sealer
from widget.tokens import LinkInvalid, SurveyToken, Tokens

SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
TOKEN = SurveyToken("1", "hubspot:1", "2", "support-case", "widget", "sv", SOON)


def keys(which: str) -> list[str]:
    return Path(f"instance/{which}-keys").read_text().strip().split(",")


def mode(path: str) -> int:
    return stat.S_IMODE(Path(path).stat().st_mode)


def connect() -> None:
    """An account with something sealed."""
    account = Account("1", "Nordlys", "https://app.hubspot.com")
    wish = Wish("hubspot", "client", "client-secret")
    granted = Granted(wish, account, "access", "refresh", None, "https://api.hubapi.com", ())
    with opened() as shared, shared.database.write() as connection:
        actions.connect(connection, shared.clock, shared.sealer, granted, way="oauth", who=CLI)


def tokens(sealer: Sealer, url: str = "sqlite:///instance/gensvar.db") -> list[str]:
    database = Database(url)
    with database.read() as connection:
        row = store.find(connection, "hubspot:1")
    database.close()
    return [seals.opened(sealer, row, name) for name in seals.SEALED]


def test_a_new_signing_key_stands_first_and_old_links_still_open(begun):
    before = config.load()
    link = Tokens(before.signing_keys, lambda: datetime.now(UTC)).seal(TOKEN)

    ran = begun("keys", "rotate", "signing")

    assert ran.code == 0
    new, old = keys("signing")
    assert (old,) == before.signing_keys
    after = Tokens(config.load().signing_keys, lambda: datetime.now(UTC))
    assert after.open(link) == TOKEN
    with pytest.raises(LinkInvalid):
        Tokens([old], lambda: datetime.now(UTC)).open(after.seal(TOKEN))
    assert mode("instance/signing-keys") == 0o600
    assert new not in ran.out + ran.err
    assert old not in ran.out + ran.err
    assert "Restart" in ran.out


def test_stored_tokens_are_sealed_again_with_the_new_key(begun):
    connect()

    ran = begun("keys", "rotate", "encryption", "--json")

    new, old = keys("encryption")
    assert json.loads(ran.out)["resealed_installations"] == 1
    assert tokens(Sealer([new])) == ["access", "refresh", "client-secret"]
    with pytest.raises(SealBroken):
        tokens(Sealer([old]))
    assert mode("instance/encryption-keys") == 0o600
    assert new not in ran.out + ran.err


def test_an_account_that_stood_still_for_a_key_goes_on_after_the_restart(begun):
    connect()
    assert begun("keys", "rotate", "encryption").code == 0
    with opened() as shared:  # what a process does that still has the old keys
        with shared.database.write() as connection:
            stop = {"state": "needs_reconnect", "reason": "seal_broken"}
            store.change(connection, "hubspot:1", **stop)
        other = replace(shared, sealer=Sealer(["o" * 32]))

        assert mend(other) == []
        assert mend(shared) == ["hubspot:1"]
        with shared.database.read() as connection:
            row = store.find(connection, "hubspot:1")

    assert (row.state, row.reason) == ("connected", "")


def test_what_opens_with_no_key_is_said_and_everything_stays(begun):
    connect()
    [old] = keys("encryption")
    config.write_secret(Path("instance/encryption-keys"), "x" * 43)

    ran = begun("keys", "rotate", "encryption")

    assert ran.code == 1
    assert "hubspot:1" in ran.err
    assert "Traceback" not in ran.err
    assert tokens(Sealer([old])) == ["access", "refresh", "client-secret"]


@pytest.mark.parametrize("given", ["SIGNING_KEYS", "SIGNING_KEYS_FILE"])
def test_keys_from_the_environment_need_a_file_to_go_to(begun, given):
    Path("mine").write_text("m" * 40)
    begun.set(**{given: "mine" if given.endswith("FILE") else "m" * 40})

    refused = begun("keys", "rotate", "signing")
    done = begun("keys", "rotate", "signing", "--out", "new-keys")

    assert refused.code == 2
    assert "--out" in refused.err
    assert done.code == 0
    assert Path("new-keys").read_text().strip().split(",")[1:] == ["m" * 40]
    assert mode("new-keys") == 0o600
    assert "GENSVAR_SIGNING_KEYS_FILE" in done.out
    assert not Path("instance/signing-keys").exists()


def test_a_file_of_something_else_is_not_overwritten(gensvar):
    Path("letter").write_text("Dear Astrid")

    ran = gensvar("keys", "rotate", "signing", "--out", "letter")

    assert ran.code == 2
    assert Path("letter").read_text() == "Dear Astrid"


def test_the_file_with_the_keys_in_use_may_be_renewed(begun):
    Path("mine").write_text("m" * 40 + "\n")
    begun.set(SIGNING_KEYS_FILE="mine")

    ran = begun("keys", "rotate", "signing", "--out", "mine")

    assert ran.code == 0
    assert Path("mine").read_text().strip().endswith("," + "m" * 40)
