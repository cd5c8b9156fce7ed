"""Commands as a user types them, in an empty folder, with no settings but those a test gives."""

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from plugin.cli import main
from tests.support.databases import copied


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


class Gensvar:
    """``gensvar(...)`` runs one command; ``settings`` are the environment's, without the prefix."""

    def __init__(self, capsys: pytest.CaptureFixture[str], environ: pytest.MonkeyPatch) -> None:
        self._capsys, self._environ = capsys, environ

    def set(self, **settings: str | None) -> None:
        for name, value in settings.items():
            if value is None:
                self._environ.delenv(f"GENSVAR_{name}", raising=False)
            else:
                self._environ.setenv(f"GENSVAR_{name}", value)

    def __call__(self, *arguments: str) -> Ran:
        self._capsys.readouterr()
        try:
            code = main(arguments)
        except SystemExit as ended:
            code = int(ended.code or 0)
        said = self._capsys.readouterr()
        return Ran(code, said.out, said.err)


@pytest.fixture
def gensvar(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Gensvar]:
    for name in [name for name in os.environ if name.startswith("GENSVAR_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    found = Gensvar(capsys, monkeypatch)
    found.set(ENV="test", BASE_URL="http://127.0.0.1:8000")
    handlers = logging.root.handlers[:]
    yield found
    logging.root.handlers[:] = handlers
    structlog.reset_defaults()


@pytest.fixture
def begun(gensvar: Gensvar, sqlite_template: Path) -> Gensvar:
    """Where a command was given before: the database need not be made first."""
    Path("instance").mkdir(mode=0o700)
    copied(sqlite_template, Path("instance/gensvar.db"))
    return gensvar
