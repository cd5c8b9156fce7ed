"""build, as somebody types it."""

import json
import re
from pathlib import Path

import pytest

from connectors import build
from plugin.cli import main

BASE = "https://nps.example.com"


@pytest.fixture
def run(monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)

    def call(*words):
        try:
            code = main(["build", *words])
        except SystemExit as error:
            code = error.code
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


def profile(folder):
    return json.loads((Path(folder) / "src/hsprofile.gensvar.json").read_text("utf-8"))


@pytest.mark.parametrize("crm", ["hubspot", "salesforce"])
def test_what_is_committed_is_what_the_manifest_says(run, crm):
    assert run(crm, "--check") == (0, "Nothing differs.\n", "")


@pytest.mark.parametrize("crm", ["hubspot", "salesforce"])
def test_a_changed_or_missing_file_is_named_and_mended(run, crm, monkeypatch, tmp_path):
    made = build.files(crm)
    changed, missing = sorted(made)[:2]
    build.write(made, tmp_path / "there")
    (tmp_path / "there" / changed).write_text("other")
    (tmp_path / "there" / missing).unlink()
    monkeypatch.setitem(build.FOLDERS, crm, tmp_path / "there")

    code, out, _ = run(crm, "--check", "--json")
    assert (code, json.loads(out)["differs"]) == (1, [changed, missing])
    assert run(crm)[0] == 0
    assert run(crm, "--check")[0] == 0


def test_a_project_for_hubspot_is_whole_and_bears_the_address(run):
    code, out, _ = run("hubspot", "--base-url", f"{BASE}/", "--account", "123", "--out", "there")

    assert code == 0
    assert "hs project upload --profile gensvar" in out
    assert profile("there") == {"accountId": 123, "variables": {"baseUrl": BASE}}
    files = {path.relative_to("there").as_posix() for path in Path("there").rglob("*.*")}
    assert {
        "hsproject.json",
        "src/app/app-hsmeta.json",
        "src/app/cards/NpsCard.tsx",
        "src/app/cards/package.json",
        "src/app/cards/tsconfig.json",
        "src/app/settings/SettingsPage.tsx",
        "src/app/settings/shared/useReading.ts",
    } <= files
    assert not [path for path in files if ".test." in path or "node_modules" in path]


def test_every_entrypoint_and_every_import_is_in_the_project(run):
    run("hubspot", "--base-url", BASE, "--out", "there")

    for meta in Path("there/src/app").rglob("*-hsmeta.json"):
        entry = json.loads(meta.read_text("utf-8"))["config"].get("entrypoint")
        assert entry is None or Path(f"there/src{entry}").is_file()
    for module in Path("there/src/app").rglob("*.ts*"):
        for wanted in re.findall(r'from "(\..*?)"', module.read_text("utf-8")):
            assert (module.parent / wanted).is_file(), f"{module} imports {wanted}"


def test_building_again_keeps_the_account_somebody_entered(run):
    run("hubspot", "--base-url", BASE, "--out", "there")
    path = Path("there/src/hsprofile.gensvar.json")
    path.write_text(path.read_text("utf-8").replace('"accountId": 0', '"accountId": 77'))

    code, out, _ = run("hubspot", "--base-url", "https://new.example.com", "--out", "there")
    assert code == 0
    assert out.startswith("src/hsprofile.gensvar.json written\n")
    assert profile("there") == {
        "accountId": 77,
        "variables": {"baseUrl": "https://new.example.com"},
    }


def test_without_an_account_the_file_to_fill_in_is_named(run):
    assert "hsprofile.gensvar.json" in run("hubspot", "--base-url", BASE, "--out", "there")[1]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://nps.example.com", "only https"),
        ("https://localhost", "cannot reach"),
        ("https://localhost:8000", "cannot reach"),
        ("https://nps.localhost", "cannot reach"),
        ("https://127.0.0.1", "cannot reach"),
        ("https://[::1]:8000", "cannot reach"),
        ("https://10.0.0.7", "cannot reach"),
        ("https://nps", "cannot reach"),
        ("https://nps.local", "cannot reach"),
        ("nps.example.com", "must be"),
        ("https://nps.example.com?a=1", "must be"),
        ("https://user:secret@nps.example.com", "must be"),
        ("", "Say under which address"),
    ],
)
def test_an_address_that_hubspot_cannot_call_is_refused_in_words(run, address, words):
    code, out, err = run("hubspot", "--base-url", address, "--out", "there")

    assert (code, out) == (2, "")
    assert words in err
    assert not Path("there").exists()


def test_a_project_needs_an_address(run):
    code, _, err = run("hubspot", "--out", "there")

    assert code == 2
    assert "--base-url https://nps.example.com" in err


def test_an_address_without_a_folder_is_not_written_into_the_program(run):
    assert run("hubspot", "--base-url", BASE)[0] == 0
    assert profile("build/hubspot")["variables"] == {"baseUrl": BASE}
    assert run("hubspot", "--check")[0] == 0


def test_a_project_that_somebody_changed_is_found(run):
    words = ["hubspot", "--base-url", BASE, "--out", "there"]
    run(*words)
    assert run(*words, "--check")[0] == 0
    Path("there/src/app/cards/Card.tsx").write_text("other")

    code, out, _ = run(*words, "--check", "--json")
    assert (code, json.loads(out)["differs"]) == (1, ["src/app/cards/Card.tsx"])


@pytest.mark.parametrize("account", ["0", "-1", "acme"])
def test_an_account_is_a_number(run, account):
    assert run("hubspot", "--base-url", BASE, "--account", account)[0] == 2


@pytest.mark.parametrize("crm", ["hubspot", "salesforce"])
def test_a_folder_that_holds_something_else_is_left_alone(run, crm):
    folder = Path("there")
    folder.mkdir()
    (folder / "thesis.txt").write_text("three years")

    code, _, err = run(crm, *(["--base-url", BASE] if crm == "hubspot" else []), "--out", "there")
    assert code == 1
    assert "holds something else" in err
    assert [path.name for path in folder.iterdir()] == ["thesis.txt"]


def test_a_file_where_the_folder_should_be_is_left_alone(run):
    Path("there").write_text("three years")

    assert run("salesforce", "--out", "there")[0] == 1
    assert Path("there").read_text() == "three years"


def test_salesforce_needs_no_address(run):
    code, _, err = run("salesforce", "--base-url", BASE, "--out", "there")

    assert code == 0
    assert "needs no address" in err
    assert Path("there/package.xml").is_file()


def test_an_unknown_crm_is_wrong_use(run):
    assert run("siebel")[0] == 2
