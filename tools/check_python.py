"""Stops before anything is installed if this Python cannot carry it. Runs on any Python 3."""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Python 3.11 or newer is needed, this is "
        + sys.version.split()[0]
        + ". With another one: make PYTHON=python3.13 ..."
    )

try:
    import ensurepip  # noqa: F401
except ImportError:
    sys.exit("This Python cannot make environments. On Debian: apt-get install python3-venv")
