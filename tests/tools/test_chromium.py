import pytest

from tools import CannotObtain, chromium


def test_draws_text_and_runs_scripts(page):
    page.set_content("<p>Hur troligt är det?</p><button onclick='this.textContent=9'>0</button>")
    page.get_by_role("button").click()
    assert page.get_by_role("button").inner_text() == "9"
    assert page.get_by_text("Hur troligt").bounding_box()["width"] > 100


def test_a_named_browser_comes_first(monkeypatch, tmp_path):
    program = tmp_path / "browser"
    program.touch(mode=0o755)
    monkeypatch.setenv("CHROMIUM", str(program))
    assert chromium.executable() == program


def test_a_named_browser_must_exist(monkeypatch):
    monkeypatch.setenv("CHROMIUM", "/nowhere/browser")
    with pytest.raises(CannotObtain, match="/nowhere/browser is not a program"):
        chromium.executable()


def test_an_installed_browser_serves_where_there_is_no_package(monkeypatch, tmp_path):
    program = tmp_path / "chromium"
    program.touch(mode=0o755)
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert chromium.executable() == program


def test_says_what_to_do_where_there_is_none(monkeypatch):
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    monkeypatch.setattr(chromium, "INSTALLED", ())
    with pytest.raises(CannotObtain, match="apt-get install chromium"):
        chromium.executable()
