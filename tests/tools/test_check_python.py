import importlib.util
import runpy
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "tools/check_python.py"


def test_this_python_will_do():
    runpy.run_path(str(SCRIPT))


def test_an_old_python_is_named(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    with pytest.raises(SystemExit, match=r"3\.11 or newer is needed, this is 3\.10"):
        runpy.run_path(str(SCRIPT))


def test_a_python_without_environments_says_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(SystemExit, match="python3-venv"):
        runpy.run_path(str(SCRIPT))
