"""Stops before anything is installed if this Python cannot carry it. Runs on any Python 3."""

import importlib.util
import sys

NEEDED = (3, 11)

if sys.version_info < NEEDED:
    found = f"{sys.version_info[0]}.{sys.version_info[1]}"
    sys.exit(
        f"Python 3.11 or newer is needed, this is {found}. With another one: make PYTHON=python3.13 ..."
    )

if importlib.util.find_spec("ensurepip") is None:
    sys.exit("This Python cannot make environments. On Debian: apt-get install python3-venv")
