"""The same from the command line: API keys, touchpoints, and the one-time way in."""

import argparse
import json
from collections.abc import Callable

import pytest

from plugin.access import commands as access
from plugin.access.keys import verify
from plugin.errors import Problem
from plugin.touchpoints import commands as touchpoints
from tests.support.admin import KEY, PASSWORD, Admin
from tests.support.admin_data import HUB, connect

Run = Callable[..., str]


@pytest.fixture
def run(anna: Admin, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command beside the server, on the same database; returns what it printed."""
    url = anna.services.database.url.render_as_string(hide_password=False)
    given = {
        "ENV": "test",
        "DATABASE_URL": url,
        "BASE_URL": "http://localhost",
        "SIGNING_KEYS": KEY,
        "ENCRYPTION_KEYS": KEY,
        "ADMIN_TOKEN": "t" * 32,
    }
    for name, value in given.items():
        monkeypatch.setenv(f"GENSVAR_{name}", value)
    top = argparse.ArgumentParser()
    commands = top.add_subparsers(required=True)
    access.add_commands(commands)
    touchpoints.add_commands(commands)

    def run(*words: str) -> str:
        args = top.parse_args(words)
        assert (args.run(args) or 0) == 0
        return capsys.readouterr().out

    return run


def test_a_key_is_added_listed_and_revoked(anna: Admin, run: Run) -> None:
    connect(anna.services)
    added = json.loads(run("api-keys", "add", "Webshop", "--installation", HUB, "--json"))
    with anna.services.database.read() as connection:
        assert verify(connection, added["key"])
    listed = run("api-keys", "--json")
    assert json.loads(listed)[0]["name"] == "Webshop"
    assert added["key"] not in listed
    run("api-keys", "revoke", added["id"])
    with anna.services.database.read() as connection:
        assert verify(connection, added["key"]) is None
    assert "Command line" in anna.get("/admin/audit").text


def test_a_key_for_no_installation_is_refused_in_words(run: Run) -> None:
    with pytest.raises(Problem, match=r"No installation hubspot:1 here\."):
        run("api-keys", "add", "Webshop", "--installation", "hubspot:1")
    assert run("api-keys") == "No API keys.\n"


def test_the_link_opens_the_door(anna: Admin, run: Run) -> None:
    link = json.loads(run("admin-link", "--json"))["url"].removeprefix("http://localhost")
    assert anna.another().post(link, name="Cleo", password=PASSWORD).status_code == 303


def test_a_touchpoint_is_added_and_listed(anna: Admin, run: Run) -> None:
    given = ("--name", "Support", "--kind", "transactional", "--stage", "contact", "--json")
    assert json.loads(run("touchpoints", "add", "support", *given))["key"] == "support"
    assert "support" in run("touchpoints")
    assert "Support" in anna.get("/admin/touchpoints").text
    with pytest.raises(Problem, match="There is a touchpoint with this key already"):
        run("touchpoints", "add", "support", *given)


def test_a_touchpoint_says_what_it_is_for_and_how_it_asks(anna: Admin, run: Run) -> None:
    needed = ("touchpoints", "add", "delivery", "--name", "Delivery", "--kind", "transactional")
    added = json.loads(
        run(
            *needed, "--stage", "buy", "--purpose", "To see what arrives broken.",
            "--name-in", "sv=din leverans", "--channel", "link", "--channel", "email",
            "--delay", "48", "--window", "14", "--sample", "25", "--json",
        )
    )  # fmt: skip
    assert added["purpose"] == "To see what arrives broken."
    assert added["names"] == {"sv": "din leverans"}
    assert added["channels"] == ["link", "email"]
    assert (added["delay_hours"], added["window_days"], added["sample"]) == (48, 14, 25)


@pytest.mark.parametrize("name", ["xx=min leverans", "sv", "sv="])
def test_a_name_in_no_language_of_ours_is_wrong_use(run: Run, name: str) -> None:
    needed = ("touchpoints", "add", "delivery", "--name", "D", "--kind", "relational")
    with pytest.raises(SystemExit) as ended:
        run(*needed, "--stage", "buy", "--name-in", name)
    assert ended.value.code == 2
