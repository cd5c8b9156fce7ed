"""What ``--help`` promises is there, and nothing that is not built yet."""

import re

import pytest

from plugin.cli import HOMES, parser

BUILT = {
    "demo", "serve", "worker", "migrate", "sandbox", "install", "check", "build", "uninstall", "touchpoints",
    "ask", "api-keys", "deliveries", "replay", "keys", "admin-link", "doctor", "openapi",
    "export-person", "resubscribe", "erase", "reconcile", "triggers",
}  # fmt: skip
REPORTING = BUILT - {"demo", "serve", "worker", "openapi"}


def listed(wanted: str = "") -> list[str]:
    """The commands, read from the help itself."""
    return re.findall(r"^    ([a-z-]+)", parser(wanted).format_help(), re.MULTILINE)


def test_lists_exactly_what_is_built():
    assert sorted(listed()) == sorted(BUILT)


@pytest.mark.parametrize("names", HOMES.values())
def test_only_what_is_at_home_with_a_command_is_loaded_for_it(names):
    for name in names:
        assert sorted(listed(name)) == sorted(names)


@pytest.mark.parametrize("name", sorted(BUILT))
def test_every_command_explains_itself(gensvar, name):
    ran = gensvar(name, "--help")

    assert ran.code == 0
    assert f"usage: gensvar {name}" in ran.out
    assert ("--json" in ran.out) >= (name in REPORTING)


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        ["nonsense"],
        ["serve", "--port", "0"],
        ["serve", "--port", "65536"],
        ["serve", "--processes", "0"],
        ["demo", "--port", "eight"],
        ["keys", "rotate", "admin"],
        ["migrate", "--nonsense"],
    ],
)
def test_wrong_use_is_two(gensvar, wrong):
    ran = gensvar(*wrong)

    assert ran.code == 2
    assert "usage: gensvar" in ran.err
    assert not ran.out
