"""Every clone installs the same files, from whichever registry its user trusts."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = {
    "requirements.lock": [PROJECT["project"]["dependencies"]],
    "requirements-dev.lock": [
        PROJECT["project"]["dependencies"],
        [line for line in PROJECT["dependency-groups"]["dev"] if isinstance(line, str)],
    ],
}


def pinned(lock):
    """Name to version; a requirement is one logical line with its hashes."""
    lines = re.sub(r" *#.*", "", (ROOT / lock).read_text()).replace("\\\n", " ").splitlines()
    requirements = [line for line in lines if line.strip()]
    assert all("--hash=sha256:" in line for line in requirements)
    return dict(re.match(r"([a-z0-9.-]+)==(\S+)", line).groups() for line in requirements)


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_asked_for_is_pinned_with_hashes(lock):
    asked = {re.match(r"[\w.-]+", line)[0].lower() for group in LOCKS[lock] for line in group}
    assert asked <= pinned(lock).keys()


def test_both_locks_agree():
    runtime, development = map(pinned, LOCKS)
    assert {name: development[name] for name in runtime} == runtime


def test_no_lock_names_a_registry():
    assert not [lock for lock in LOCKS if "://" in (ROOT / lock).read_text()]
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    fetched = {name: package for name, package in packages.items() if not package.get("link")}
    assert not [name for name, package in fetched.items() if "resolved" in package]
    links = [package["resolved"] for package in packages.values() if package.get("link")]
    assert all((ROOT / folder / "package.json").is_file() for folder in links)
