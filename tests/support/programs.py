"""Gensvar's commands as processes of their own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


@contextmanager
def started(*arguments: str, cwd: Path, **settings: str) -> Iterator["subprocess.Popen[str]"]:
    """``gensvar`` with *arguments* and no settings but these; killed at the end if it still runs."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GENSVAR_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "plugin.cli", *arguments],
        cwd=cwd,
        env=environment
        | {"PYTHONPATH": str(ROOT)}
        | {f"GENSVAR_{name}": value for name, value in settings.items()},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def said(process: "subprocess.Popen[str]") -> str:
    """Its next line; raises ``AssertionError`` with what it complained of when it has ended instead."""
    assert process.stdout is not None
    assert process.stderr is not None
    line = process.stdout.readline()
    assert line, process.stderr.read()
    return line
