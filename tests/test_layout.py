"""Who may import whom, read from the syntax tree. See docs/architecture.md."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LEAVES = ("connectors", "widget")
# Each may import what stands before it, and itself.
FOUNDATION = (
    "clock", "addresses", "mailboxes", "config", "logs", "engines", "db", "revisions", "ready", "rowset", "sealing",
    "errors", "seen", "numbers", "accounts", "services", "times", "command", "groupcommit", "scribe", "strict",
    "requested", "web", "pages", "periods", "spreadsheet", "qr",
)  # fmt: skip
ROOMS = (
    "access", "deliveries", "people", "mail", "touchpoints", "asking", "evidence", "answers", "followups",
    "themes", "segments", "changes", "messages", "triggers", "figures", "crm", "overview", "wiring", "app",
    "operate", "cli",
)  # fmt: skip
# The three places that look to their right, and why.
PLUGGED_IN = {
    ("command", "plugin.wiring.build_services"),  # a command opens what the app is made of
    ("app", "plugin.operate.health"),  # three blueprints of the room that otherwise runs the app
    ("app", "plugin.operate.metrics"),
    ("app", "plugin.operate.widget_files"),
    (
        "services",
        "plugin.deliveries.words.Explain",
    ),  # the type of a door, and what stands in it first
    ("services", "plugin.deliveries.words.unexplained"),
}
FOR_TYPES = ast.dump(ast.parse("TYPE_CHECKING", mode="eval").body)
OUTSIDE = ("__init__", "tables")  # imports every room's tables, for the migrations


@cache
def modules(package: str) -> list[tuple[str, list[str]]]:
    """Each with what it imports."""
    return [
        (
            ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"),
            list(imports(ast.parse(path.read_text("utf-8")))),
        )
        for path in sorted((ROOT / package).rglob("*.py"))
    ]


def imports(tree: ast.AST) -> Iterator[str]:
    """Every module named by an import, wherever it stands, those only for types left out."""
    for node in outside_type_checking(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def outside_type_checking(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.dump(node.test) == FOR_TYPES:
            continue
        yield node
        yield from outside_type_checking(node)


def room(module: str) -> str:
    """``plugin.crm.web.connecting`` is in ``crm``."""
    return [*module.split("."), "__init__"][1]


def test_every_module_of_the_plugin_is_in_a_known_place():
    known = {*FOUNDATION, *ROOMS, *OUTSIDE}

    assert {room(name) for name, _ in modules("plugin")} <= known


@pytest.mark.parametrize("leaf", LEAVES)
def test_a_leaf_imports_nothing_of_ours_but_itself(leaf):
    ours = {"plugin", "migrations", "tools", "bench", "tests", *LEAVES} - {leaf}

    assert [
        (name, wanted)
        for name, wants in modules(leaf)
        for wanted in wants
        if wanted.split(".")[0] in ours
    ] == []


def test_rooms_import_only_to_their_left():
    order = {place: number for number, place in enumerate((*FOUNDATION, *ROOMS))}
    foundation = set(FOUNDATION)

    assert [
        (name, wanted)
        for name, wants in modules("plugin")
        if room(name) not in OUTSIDE
        for wanted in wants
        if wanted.startswith("plugin.")
        and not (room(name) in foundation and room(wanted) in foundation)
        and order[room(wanted)] > order[room(name)]
        and (room(name), wanted) not in PLUGGED_IN
    ] == []


def test_only_crm_speaks_to_connectors_and_only_operate_to_the_sandboxes():
    wrong = [
        (name, wanted)
        for name, wants in modules("plugin")
        for wanted in wants
        if wanted.split(".")[0] == "connectors" and not may_speak(room(name), wanted)
    ]

    assert wrong == []


def may_speak(place: str, wanted: str) -> bool:
    if wanted.startswith("connectors.sandbox"):
        return place == "operate"
    return place == "crm" or (place == "operate" and wanted.startswith("connectors.errors"))


def test_the_program_needs_nothing_of_the_toolchain():
    assert [
        (name, wanted)
        for package in ("plugin", *LEAVES, "migrations")
        for name, wants in modules(package)
        for wanted in wants
        if wanted.split(".")[0] in ("tests", "tools", "bench")
    ] == []


def test_what_is_imported_is_asked_for_or_comes_with_what_is():
    """What merely lies in the environment is gone with the next lock, and with it the command that needs it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked_for = {named(wanted) for wanted in project["dependencies"]}
    come_with = {named(wanted) for one in asked_for for wanted in requires(one) or ()}
    found = packages_distributions()
    used = {
        wanted.split(".")[0]
        for package in (*LEAVES, "plugin")
        for _, wants in modules(package)
        for wanted in wants
    }

    assert {
        top
        for top in used - sys.stdlib_module_names - {*LEAVES, "plugin"}
        if not (asked_for | come_with) & {named(name) for name in found.get(top, ())}
    } == set()


def named(requirement: str) -> str:
    """The package's name in its one form."""
    return re.split(r"[^\w-]", requirement)[0].lower().replace("_", "-")
